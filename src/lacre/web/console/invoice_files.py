"""What the files of an invoice are called; in English, as the catalogues know it."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.fiscal.invoice import Invoice
from lacre.fiscal.operation import Asset, AssetKind, OperationKind

OF_ISSUE: Mapping[AssetKind, str] = {
    AssetKind.PRINT: "Printed note (PDF)",
    AssetKind.XML_REQUEST: "Request that was signed (XML)",
    AssetKind.XML_RESPONSE: "Answer of the tax office",
}
OF_CANCEL: Mapping[AssetKind, str] = {
    AssetKind.PRINT: "Printed note, as canceled (PDF)",
    AssetKind.XML_REQUEST: "Request to cancel that was signed (XML)",
    AssetKind.XML_RESPONSE: "Cancellation that the tax office registered (XML)",
}
PRINTED_BEFORE = "Printed note, as issued (PDF)"
"""Of a canceled one, which is printed again."""


def words_of(invoice: Invoice, asset: Asset) -> str:
    if _cancels(invoice, asset):
        return OF_CANCEL[asset.kind]
    if asset.kind is AssetKind.PRINT and invoice.canceled_at is not None:
        return PRINTED_BEFORE
    return OF_ISSUE[asset.kind]


def name_of(invoice: Invoice, asset: Asset) -> str:
    """On the disk of who downloads it."""
    number = invoice.issued.number if invoice.issued else invoice.sequence or 0
    of_cancel = " cancel" if _cancels(invoice, asset) else ""
    return f"NFS-e {number}{of_cancel} {asset.kind.value}"


def _cancels(invoice: Invoice, asset: Asset) -> bool:
    return invoice.operation(asset.operation_id).kind is OperationKind.CANCEL
