"""Groups of people: made, changed and deleted by who looks after the account."""

from __future__ import annotations

import re

from lacre.accounts.group import Group
from lacre.kit.ids import AccountId
from tests.support.house import House
from tests.support.visitor import Visitor, text_of


def test_a_group_is_made_changed_and_deleted(ana: Visitor, house: House, account: AccountId) -> None:
    person = _ticks(ana.open("/app/groups").text)[0]
    ana.send("/app/groups", name="Vendas", members=person)
    (made,) = _groups(house, account)
    page = f"/app/groups/{made.id}"

    ana.send(page, name="Comercial", members="00000000-0000-4000-8000-000000000000")
    (changed,) = _groups(house, account)
    listed = text_of(ana.open("/app/groups"))
    ana.send(f"{page}/delete")

    assert (made.name, made.members) == ("Vendas", (person,))
    assert (changed.id, changed.name, changed.members) == (made.id, "Comercial", ())
    assert "Comercial" in listed
    assert made.id in listed
    assert _groups(house, account) == []


def test_names_are_wanted_and_come_once(ana: Visitor, house: House, account: AccountId) -> None:
    ana.send("/app/groups", name="Vendas")

    twice, none = ana.send("/app/groups", name="VENDAS"), ana.send("/app/groups", name=" ")

    assert (twice.status_code, none.status_code) == (422, 422)
    assert "Já existe um grupo com este nome." in twice.text
    assert len(_groups(house, account)) == 1


def _ticks(page: str) -> list[str]:
    return re.findall(r'name="members" value="([^"]+)"', page)


def _groups(house: House, account: AccountId) -> list[Group]:
    with house.services.open_work() as work:
        return list(work.groups.of_account(account))
