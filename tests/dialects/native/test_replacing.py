"""One invoice ordered in the place of another."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.fiscal import issuing
from lacre.fiscal.note import Substitution
from lacre.kit.ids import InvoiceId, without_prefix
from tests.support.native_desk import AN_INVOICE, Desk

WHY = "O valor do serviço estava errado"
Said = dict[str, Any]


def issued(desk: Desk, **said: object) -> Said:
    made = desk.invoice(**said)
    found = InvoiceId(without_prefix("inv", made["id"]) or "")
    issuing.issue(desk.services.open_work, desk.services.fiscal_tools, found, tries=1)
    read: Said = desk.call("GET", f"invoices/{made['id']}")
    return read


def instead_of(old: Said, **said: object) -> Said:
    return {"replaces": {"invoice_id": old["id"], "text": WHY} | said}


def test_both_say_what_became_of_them(desk: Desk) -> None:
    old = issued(desk)

    new = issued(desk, **instead_of(old, reason="05"))

    then = desk.call("GET", f"invoices/{old['id']}")
    key = old["note"]["key"]
    assert new["replaces"] == {"invoice_id": old["id"], "key": key, "reason": "05", "text": WHY}
    assert (then["status"], then["operations"][-1]["kind"]) == ("canceled", "cancel")
    assert then["replaced_by"] == {"invoice_id": new["id"], "key": new["note"]["key"]}
    assert (old["replaced_by"], old["replaces"], new["replaced_by"]) == (None, None, None)


def test_the_note_declares_it_with_the_usual_reason(desk: Desk) -> None:
    old = issued(desk)

    note = desk.noted(**instead_of(old))

    assert note.replaces == Substitution(key=old["note"]["key"], reason="99", text=WHY)


def test_until_it_is_known_the_other_cannot_be_canceled(desk: Desk) -> None:
    old = issued(desk)
    desk.invoice(**instead_of(old))

    refused = desk.refused("POST", f"invoices/{old['id']}/cancel", {"text": WHY})

    assert refused == (409, "being_replaced")


def test_only_what_is_issued_is_replaced(desk: Desk) -> None:
    old = desk.invoice()

    refused = desk.refused("POST", "invoices", AN_INVOICE | instead_of(old))

    assert refused == (409, "invoice_to_replace_not_issued")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": "curto"}, "replacement_reason_invalid"),
        ({"text": ""}, "replacement_reason_invalid"),
        ({"reason": "06"}, "validation_failed"),
    ],
)
def test_the_reason_is_one_of_the_layout_s(desk: Desk, said: Said, code: str) -> None:
    refused = desk.refused("POST", "invoices", AN_INVOICE | instead_of(issued(desk), **said))

    assert refused == (422, code)


def test_a_stranger_s_invoice_is_not_there_and_stays_as_it_is(desk: Desk, stranger: Desk) -> None:
    old = issued(desk)
    stranger.open_shop()

    refused = stranger.refused("POST", "invoices", AN_INVOICE | instead_of(old))

    assert refused == (404, "not_found")
    assert stranger.call("GET", "invoices")["data"] == []
    assert desk.call("GET", f"invoices/{old['id']}")["replaced_by"] is None
