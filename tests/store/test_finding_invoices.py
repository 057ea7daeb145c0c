"""Invoices are found by what people copy from a page."""

from __future__ import annotations

import pytest

from lacre.fiscal.repositories import InvoiceFilter
from lacre.kit.tax_ids import show_tax_id
from lacre.store.opening import Store
from tests.support.invoicing import Shop


@pytest.fixture
def shop(store: Store) -> Shop:
    return Shop(store)


def found(shop: Shop, store: Store, text: str) -> int:
    with store.open_work() as work:
        which = InvoiceFilter(text=text)
        listed = work.books.invoices.search(shop.account_id, which, offset=0, limit=9).total
        assert sum(work.books.invoices.totals(shop.account_id, text).by_status.values()) == listed
        return listed


def test_a_number_is_found_as_it_is_shown_and_as_it_is_kept(shop: Shop, store: Store) -> None:
    invoice = shop.order()
    shop.issue(invoice)
    kept = shop.kept(invoice)
    number = kept.customer.registry_code
    key = kept.issued.key if kept.issued else ""

    shown = show_tax_id(number)
    assert shown != number
    for text in (number, shown, shown[:7], key, f"{key[:4]} {key[4:8]}", kept.customer.name):
        assert found(shop, store, text) == 1, text
    assert found(shop, store, "999.999.999-99") == 0
