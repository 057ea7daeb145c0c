"""Whether one invoice may take the place of another, and what keeps the other free for it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from lacre.fiscal.company import Company
from lacre.fiscal.errors import (
    InvoiceToReplaceNotIssued,
    ReplacedByAnotherCompany,
    ReplacedInAnotherEnvironment,
    ReplacementReasonInvalid,
)
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import ReplaceReason
from lacre.fiscal.replacement import Replacement
from lacre.fiscal.repositories import FiscalWork
from lacre.kit.ids import InvoiceId

SHORTEST_TEXT, LONGEST_TEXT = 15, 255


@dataclass(frozen=True, kw_only=True)
class Replacing:
    """What is asked: in the place of which invoice, which its caller has locked, and why."""

    invoice: Invoice
    reason: ReplaceReason
    text: str = ""

    def by(self, company: Company) -> Replacement:
        """As the new invoice keeps it; raises why it may not be."""
        old = self.invoice
        old.require_replaceable()
        _require_same(old.company, company)
        if old.issued is None:
            raise InvoiceToReplaceNotIssued
        return Replacement(
            invoice_id=old.id, key=old.issued.key, reason=self.reason.value, text=_explained(self)
        )


def hold(work: FiscalWork, old: Invoice, by: InvoiceId) -> None:
    """Nothing else replaces or cancels it until it is known what became of the new one."""
    old.hold_for(by)
    work.books.invoices.save(old)


def hold_again(work: FiscalWork, invoice: Invoice) -> None:
    """For one that is tried again, and let the other go when it failed."""
    if invoice.replaces is not None:
        old = work.books.invoices.get(invoice.account_id, invoice.replaces.invoice_id)
        hold(work, old, invoice.id)


def _require_same(before: Company, now: Company) -> None:
    if (before.id, before.registry_code) != (now.id, now.registry_code):
        raise ReplacedByAnotherCompany
    if before.environment is not now.environment:
        raise ReplacedInAnotherEnvironment


def _explained(asked: Replacing) -> str:
    """On one line; reason 99 says nothing by itself."""
    text = " ".join(asked.text.split())
    needed = bool(text) or asked.reason is ReplaceReason.OTHER
    if needed and not SHORTEST_TEXT <= len(text) <= LONGEST_TEXT:
        raise ReplacementReasonInvalid
    return text
