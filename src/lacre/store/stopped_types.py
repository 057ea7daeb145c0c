"""Types that an endpoint is told of no more: what waits of them is given up together, and taken up again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, literal_column, or_, select, update

from lacre.kit.ids import EndpointId
from lacre.store.instants import micros
from lacre.store.lanes import SqlLanes, first_status
from lacre.store.tables import delivery, event
from lacre.store.transaction import Transaction
from lacre.webhooks.delivery import TYPE_STOPPED, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.lane import Ordering

MOST_STOPPED = 5_000
"""Given up with the type that they are of; more of them fail by themselves, one after the other."""


class StoppedTypes:
    def __init__(self, transaction: Transaction, lanes: SqlLanes) -> None:
        self._transaction, self._lanes = transaction, lanes

    def give_up(self, endpoint_id: EndpointId, types: Collection[str], *, now: datetime) -> None:
        """Those behind others of their lane too; their lanes go on when they leave them."""
        of_types = _UNSENT_IN_LANES.where(delivery.c.endpoint_id == endpoint_id, event.c.type.in_(types))
        rows = self._transaction.read(of_types.limit(MOST_STOPPED)).all()
        self._lanes.lock_with_settled(row.lane for row in rows if row.lane is not None)
        # asked once more: a worker may have taken one meanwhile
        unsent = update(delivery).where(delivery.c.id.in_([row.id for row in rows]), _UNSENT)
        given_up = {"status": DeliveryStatus.DISCARDED.value, "last_reason": TYPE_STOPPED}
        self._transaction.write(unsent.values(given_up | {"settled_at": micros(now)}))

    def take_up(self, endpoint: Endpoint, *, anew: bool) -> None:
        """But not what was told by hand or in a replay meanwhile. In lanes they join the end."""
        mine = (delivery.c.endpoint_id == endpoint.id) & _GIVEN_UP & ~_TOLD_SINCE
        if endpoint.ordering is not Ordering.NONE:
            for row in self._transaction.read(_JOINING.where(mine)).all():
                self._lanes.join(row.id, endpoint, row.subject_id, at=row.created_at)
        again: dict[str, Any] = {"status": first_status(endpoint).value, "settled_at": None}
        # as if never tried: so all go out in the order in which they came to be
        again |= {"retry": 0, "due_at": delivery.c.created_at, "last_reason": ""}
        counted = {"forgiven": delivery.c.attempts} if anew else {}
        self._transaction.write(update(delivery).where(mine).values(again | counted))


# literals and not parameters: so that the databases see that their partial indexes fit
_WAITS = delivery.c.status == literal_column("'waiting'")
_UNSENT = or_(_WAITS, delivery.c.status == literal_column("'queued'"))
_UNSENT_IN_LANES = (
    select(delivery.c.id, delivery.c.lane)
    .select_from(delivery.join(event))
    .where(or_(_WAITS & delivery.c.retry.in_((0, 1)), delivery.c.status == literal_column("'queued'")))
)
_GIVEN_UP: ColumnElement[bool] = (delivery.c.status == literal_column("'discarded'")) & (
    delivery.c.last_reason == TYPE_STOPPED
)
_JOINING = (
    select(delivery.c.id, delivery.c.created_at, event.c.subject_id)
    .select_from(delivery.join(event))
    .order_by(delivery.c.created_at, delivery.c.position, delivery.c.id)
)
_LATER = delivery.alias("later")
_TOLD_SINCE = (
    exists()
    .where(_LATER.c.event_id == delivery.c.event_id, _LATER.c.endpoint_id == delivery.c.endpoint_id)
    .where(_LATER.c.created_at >= delivery.c.created_at, _LATER.c.id != delivery.c.id)
    .where(_LATER.c.status != DeliveryStatus.DISCARDED.value)
)
