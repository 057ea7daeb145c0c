"""What a person says that a field's value is, brought to its normal form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from lacre.kit.json import Json
from lacre.processing.document_type import Column, DocumentType, Field, Kind
from lacre.processing.errors import FieldUnknown, ValueNotUsable
from lacre.processing.normal import folded, normal

Said: TypeAlias = str | Sequence[Mapping[str, str | None]] | None
MOST_ROWS = 500
_WITH_POINT, _THOUSANDS = re.compile(r"-?\d+\.\d+"), re.compile(r"-?\d{1,3}(\.\d{3})+")


def corrected(of: DocumentType, name: str, said: Said) -> tuple[Json, str]:
    """Its normal form, and as it was typed; raises `FieldUnknown` and `ValueNotUsable`."""
    field = of.field(name)
    if field is None:
        raise FieldUnknown(name)
    if said is None or (isinstance(said, str) and not said.strip()):
        return None, ""
    if field.kind is Kind.TABLE:
        return _rows(field, said), ""
    if not isinstance(said, str):
        raise ValueNotUsable(name, "…")
    return _value(field.name, field.kind, said, field.choices), said.strip()


def _rows(field: Field, said: Said) -> list[Json]:
    if isinstance(said, str) or said is None or len(said) > MOST_ROWS:
        raise ValueNotUsable(field.name, "…")
    return [_row(field.columns, one) for one in said]


def _row(columns: Sequence[Column], said: Mapping[str, str | None]) -> dict[str, Json]:
    known = {one.name: one.kind for one in columns}
    strange = next((name for name in said if name not in known), None)
    if strange is not None:
        raise FieldUnknown(strange)
    given = {name: said.get(name) for name in known}
    return {name: _value(name, known[name], text, ()) if text else None for name, text in given.items()}


def _value(name: str, kind: Kind, text: str, choices: Sequence[str]) -> str:
    found = normal(kind, _AS_TYPED[kind](text) if kind in _AS_TYPED else text)
    if found is None:
        raise ValueNotUsable(name, text[:100])
    if not choices:
        return found.value
    chosen = next((one for one in choices if folded(one) == folded(found.value)), None)
    if chosen is None:
        raise ValueNotUsable(name, text[:100])
    return chosen


def _decimal(text: str) -> str:
    """`13.0390`, as we write it; in Brazil the point of `1.250` parts thousands."""
    bare = text.strip()
    return bare.replace(".", ",") if _WITH_POINT.fullmatch(bare) and not _THOUSANDS.fullmatch(bare) else bare


def _with_comma(text: str) -> str:
    """`10` and `1234,5` are amounts too, when a person types them."""
    bare = text.strip().removeprefix("R$").strip()
    if bare.isdecimal():
        return f"{bare},00"
    return f"{bare}0" if bare[:-2].replace(".", "").isdecimal() and bare[-2:-1] == "," else bare


_AS_TYPED: Mapping[Kind, Callable[[str], str]] = {Kind.MONEY: _with_comma, Kind.DECIMAL: _decimal}
