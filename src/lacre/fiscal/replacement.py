"""One invoice in the place of another: what each keeps of the other."""

from __future__ import annotations

from dataclasses import dataclass

from lacre.kit.ids import InvoiceId


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """What an invoice is issued in the place of, and why; its note declares it."""

    invoice_id: InvoiceId
    key: str
    """Of the note that is replaced: fifty digits."""
    reason: str
    """As `ReplaceReason`."""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Successor:
    """What took an invoice's place."""

    invoice_id: InvoiceId
    key: str
