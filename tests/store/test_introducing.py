"""Who a customer is known to be, and what is brought up to date of them, on each database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lacre.fiscal.customer import Customer
from lacre.fiscal.introducing import introduce
from lacre.fiscal.party import Address
from lacre.kit.ids import AccountId, new_uuid
from lacre.store.opening import Store
from tests.support.invoicing import a_customer
from tests.support.kept import an_account

HOME = Address(street="Rua A", number="1", neighborhood="Centro", city_code="3550308", zipcode="01001000")
NAMED = replace(HOME, city="São Paulo", state="SP")


def test_what_was_not_said_of_a_known_customer_stays(store: Store) -> None:
    account = new_account(store)
    before = said(store, account, address=NAMED)

    after = said(store, account, name="Carolina Souza", email="", external_code="", address=Address(id="x"))

    assert (after.id, after.name, after.email, after.external_code) == (
        before.id, "Carolina Souza", before.email, before.external_code,
    )  # fmt: skip
    assert (after.phone, after.address) == (before.phone, before.address)


@pytest.mark.parametrize(
    ("moved", "city"),
    [(replace(HOME, street="Rua B"), "São Paulo"), (replace(HOME, city_code="4106902"), "")],
)
def test_a_city_keeps_its_name_until_it_is_another(store: Store, moved: Address, city: str) -> None:
    account = new_account(store)
    said(store, account, address=NAMED)

    assert said(store, account, address=moved).address == replace(
        moved, city=city, state="SP" if city else ""
    )


@pytest.mark.parametrize(
    ("again", "known"),
    [
        ({"foreign_id": "NL1"}, True),
        ({"foreign_id": "NL2"}, False),
        ({"foreign_id": "NL1", "name": "Other"}, False),
        ({"no_foreign_id": "1"}, False),
    ],
)
def test_who_is_abroad_is_known_by_name_and_number(store: Store, again: dict[str, Any], known: bool) -> None:
    account = new_account(store)
    first = said(store, account, registry_code="", name="Bureau", foreign_id="NL1")

    second = said(store, account, **{"registry_code": "", "name": "Bureau", **again})

    assert (second.id == first.id) is known


def test_nobody_is_known_to_another_account(store: Store) -> None:
    first, second = (said(store, new_account(store)) for _ in range(2))

    assert first.id != second.id


def said(store: Store, account_id: AccountId, **particulars: Any) -> Customer:  # noqa: ANN401 - of a customer
    """As the books have them then."""
    with store.open_work() as work:
        known = introduce(work, a_customer(account_id, **particulars))
    with store.open_work() as work:
        return work.books.customers.get(account_id, known.id)


def new_account(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work, new_uuid())
