"""An extraction as JSON, and back: how it is kept, and what an event of it holds."""

from __future__ import annotations

from typing import cast

from pydantic import TypeAdapter

from lacre.kit.json import JsonObject
from lacre.processing.document_type import DocumentType
from lacre.processing.extraction import Extraction

_EXTRACTION: TypeAdapter[Extraction] = TypeAdapter(Extraction)
_TYPE: TypeAdapter[DocumentType] = TypeAdapter(DocumentType)


def freeze(extraction: Extraction) -> JsonObject:
    return cast("JsonObject", _EXTRACTION.dump_python(extraction, mode="json"))


def thaw(snapshot: JsonObject) -> Extraction:
    """Properties added since get their defaults."""
    return _EXTRACTION.validate_python(snapshot)


def freeze_type(one: DocumentType) -> JsonObject:
    return cast("JsonObject", _TYPE.dump_python(one, mode="json"))


def thaw_type(snapshot: JsonObject) -> DocumentType:
    """Raises `ValueError` of what is none."""
    return _TYPE.validate_python(snapshot)
