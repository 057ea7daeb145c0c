"""The form of a new invoice, filled in from one that came to nothing."""

from __future__ import annotations

from lacre.fiscal.invoice import Invoice
from lacre.web.console import replacing


def filled(invoice: Invoice) -> dict[str, str]:
    """As it was ordered, its day too, and in the place of the same one."""
    said = replacing.as_ordered(invoice)
    said |= {"corrects": invoice.id, "issue_on": invoice.issue_on.isoformat()}
    if invoice.replaces is None:
        return said
    old = invoice.replaces
    return said | {"replaces": old.invoice_id, "replace_reason": old.reason, "replace_text": old.text}
