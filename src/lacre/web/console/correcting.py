"""The form of a new invoice, filled in from one that came to nothing."""

from __future__ import annotations

from lacre.fiscal.invoice import Invoice
from lacre.fiscal.operation import Status
from lacre.kit.refusal import Refusal
from lacre.web.console import replacing


class NotToBeCorrected(Refusal):
    """Only an invoice that was not issued, and will not be, can be corrected and issued again."""


def is_possible(invoice: Invoice) -> bool:
    """Of one that failed while nobody knows whether it arrived, a second note might be issued."""
    last = invoice.last_operation
    failed = invoice.status is Status.ERROR and last is not None and not last.unsure
    return failed or invoice.status is Status.REJECTED


def require_possible(invoice: Invoice) -> None:
    """It may have been tried again since its form was opened."""
    if not is_possible(invoice):
        raise NotToBeCorrected


def filled(invoice: Invoice) -> dict[str, str]:
    """As it was ordered, its day too, and in the place of the same one."""
    said = replacing.as_ordered(invoice)
    said |= {"corrects": invoice.id, "issue_on": invoice.issue_on.isoformat()}
    if invoice.replaces is None:
        return said
    old = invoice.replaces
    return said | {"replaces": old.invoice_id, "replace_reason": old.reason, "replace_text": old.text}
