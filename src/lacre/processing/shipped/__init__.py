"""Types of documents that Brazil uses every day."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.processing.document_type import DocumentType

PLAIN_TEXT = DocumentType(
    number=1, name="Texto", description="Somente o texto, as palavras e os códigos de barras."
)

SHIPPED: Mapping[int, DocumentType] = {one.number: one for one in (PLAIN_TEXT,)}
