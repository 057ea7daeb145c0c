"""An invoice ordered instead of one that was rejected."""

from __future__ import annotations

from typing import Any

from lacre.fiscal import issuing
from lacre.kit.ids import InvoiceId, without_prefix
from tests.support.native_desk import AN_INVOICE, Desk
from tests.support.tax_office import MemoryOffice, rejected

Said = dict[str, Any]


def refused(desk: Desk) -> Said:
    office = desk.services.fiscal.office
    assert isinstance(office, MemoryOffice)
    office.answers = [rejected()]
    made = desk.invoice()
    named = InvoiceId(without_prefix("inv", made["id"]) or "")
    issuing.issue(desk.services.open_work, desk.services.fiscal_tools, named, tries=1)
    read: Said = desk.call("GET", f"invoices/{made['id']}")
    return read


def test_both_name_the_other(desk: Desk) -> None:
    old = refused(desk)

    new = desk.invoice(corrects=old["id"])

    then = desk.call("GET", f"invoices/{old['id']}")
    assert (old["status"], old["corrects"], old["corrected_by"]) == ("rejected", None, None)
    assert (new["corrects"], then["corrected_by"]) == (old["id"], new["id"])


def test_none_is_corrected_twice(desk: Desk) -> None:
    old = refused(desk)
    desk.invoice(corrects=old["id"])

    again = desk.refused("POST", "invoices", AN_INVOICE | {"corrects": old["id"]})

    assert again == (409, "already_corrected")


def test_none_that_may_still_be_issued_is_corrected(desk: Desk) -> None:
    old = desk.invoice()

    early = desk.refused("POST", "invoices", AN_INVOICE | {"corrects": old["id"]})

    assert early == (409, "not_to_be_corrected")


def test_a_stranger_s_is_not_there(desk: Desk, stranger: Desk) -> None:
    old = refused(desk)
    stranger.open_shop()

    strange = stranger.refused("POST", "invoices", AN_INVOICE | {"corrects": old["id"]})

    assert strange == (404, "not_found")
