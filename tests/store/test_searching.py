"""Deliveries are found among millions: by the index that leads to the fewest."""

from __future__ import annotations

import pytest

from lacre.store.delivery_search import DeliverySearch
from lacre.store.opening import Store
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.filters import DeliveryFilter
from tests.store.test_retention import Listening
from tests.support.kept import an_account, an_endpoint

INDEXES = {
    DeliveryStatus.WAITING: "ix_delivery_due",
    DeliveryStatus.QUEUED: "ix_delivery_queued",
    DeliveryStatus.HELD: "ix_delivery_held",
    DeliveryStatus.DELIVERED: "ix_delivery_arrived",
    DeliveryStatus.DISCARDED: "ix_delivery_discarded",
}


@pytest.mark.parametrize("status", DeliveryStatus)
def test_the_few_of_an_endpoint_are_not_looked_for_among_the_many_of_its_account(
    store: Store, status: DeliveryStatus
) -> None:
    with store.open_work() as work:
        listening = Listening(work.deliveries._transaction)
        if listening.postgresql:
            return
        to = an_endpoint(an_account(work))
        which = DeliveryFilter(endpoint_id=to.id, statuses=(status,))
        search = DeliverySearch(listening, to.account_id, which)
        search.page(10)
        search.count(10)
        plans = listening.plans()

    assert len(plans) >= 2
    assert all(f"delivery USING INDEX {INDEXES[status]}" in plan.replace("COVERING ", "") for plan in plans)
