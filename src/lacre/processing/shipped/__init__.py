"""Types of documents that Brazil uses every day."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.processing.document_type import DocumentType
from lacre.processing.shipped.banking import BOLETO, RECEIPT, STATEMENT
from lacre.processing.shipped.fiscal import DANFE, NFCE, NFSE
from lacre.processing.shipped.people import CNH, CONTRACT, CTPS, RG, RNTRC

PLAIN_TEXT = DocumentType(
    number=1, name="Texto", description="Somente o texto, as palavras e os códigos de barras."
)
_ALL = (PLAIN_TEXT, DANFE, NFCE, NFSE, BOLETO, CNH, RG, RNTRC, STATEMENT, RECEIPT, CONTRACT, CTPS)

SHIPPED: Mapping[int, DocumentType] = {one.number: one for one in _ALL}
"""By their numbers, which stay as they are: 9 and 79 are as others count them."""
