"""How endpoints fare: a row for each that is not well, and none for the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, literal_column, select, update

from lacre.kit.ids import EndpointId
from lacre.store.instants import instant_if, micros, micros_if
from lacre.store.statements import Statement
from lacre.store.tables import delivery, endpoint, endpoint_health
from lacre.store.transaction import Transaction, put
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import EndpointStatus
from lacre.webhooks.health import Health


class SqlHealthRecords:
    """Whoever writes holds the endpoint's row locked: so no two overwrite each other."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def of(self, ids: Iterable[str]) -> Mapping[str, Health]:
        """Only those that are not well."""
        return {row.endpoint_id: _health(row) for row in self._transaction.read(_OF, {"ids": list(ids)})}

    def ill(self, ids: Collection[str]) -> set[str]:
        """Which of them are not well."""
        return {row.endpoint_id for row in self._transaction.look_up(_ILL, {"ids": ids})}

    def keep(self, healths: Mapping[EndpointId, Health]) -> None:
        ill = [_row(one, health) for one, health in sorted(healths.items()) if not health.well]
        put(self._transaction, endpoint_health, ill, ["endpoint_id"])
        well = [one for one, health in healths.items() if health.well]
        if well:
            self._transaction.write(delete(endpoint_health).where(endpoint_health.c.endpoint_id.in_(well)))

    def try_now(self, endpoint_id: EndpointId, *, now: datetime) -> None:
        rests = (endpoint_health.c.endpoint_id == endpoint_id) & (endpoint_health.c.rest_until > micros(now))
        self._transaction.write(update(endpoint_health).where(rests).values(rest_until=micros(now)))

    def send_all(self, endpoint_id: EndpointId, *, anew: bool) -> None:
        tried = (delivery.c.endpoint_id == endpoint_id) & (delivery.c.retry == 1) & _WAITS
        # as if never tried: so all go out in the order in which they came to be
        again: dict[str, Any] = {"retry": 0, "due_at": delivery.c.created_at}
        counted = {"forgiven": delivery.c.attempts} if anew else {}
        self._transaction.write(update(delivery).where(tried).values(again | counted))

    def discard_waiting(self, *, before: datetime, limit: int, now: datetime) -> int:
        disabled = select(endpoint.c.id).where(endpoint.c.status == EndpointStatus.DISABLED.value)
        old = (
            select(delivery.c.id)
            .where(delivery.c.endpoint_id.in_(disabled), delivery.c.due_at < micros(before))
            .limit(limit)
        )
        given_up = {"status": DeliveryStatus.DISCARDED.value, "settled_at": micros(now)}
        discard = update(delivery).values(given_up)
        return sum(
            self._transaction.write(discard.where(delivery.c.id.in_(old.where(*unsent)))).rowcount
            for unsent in _UNSENT
        )

    def discard_of_deleted(self, *, since: datetime, limit: int, now: datetime) -> int:
        deleted = select(endpoint.c.id).where(endpoint.c.deleted_at >= micros(since)).order_by(endpoint.c.id)
        given_up = {"status": DeliveryStatus.DISCARDED.value, "settled_at": micros(now)}
        ids = self._transaction.read(deleted).scalars().all()
        for some in (ids[begin : begin + _PART] for begin in range(0, len(ids), _PART)):
            for unsent in _UNSENT:
                found = select(delivery.c.id).where(delivery.c.endpoint_id.in_(some), *unsent).limit(limit)
                rows = self._transaction.read(found).scalars().all()
                if rows:
                    these = update(delivery).where(delivery.c.id.in_(rows), *unsent)
                    return self._transaction.write(these.values(given_up)).rowcount
        return 0


_PART = 500
# a literal and not a parameter: so that the databases see that their partial index fits
_WAITS = delivery.c.status == literal_column("'waiting'")
# since when they are due, which the index of the first goes by: however much waits, this looks at little
_UNSENT = (
    (_WAITS, delivery.c.retry.in_((0, 1))),
    (delivery.c.status == literal_column("'queued'"),),
)
_OF = select(endpoint_health).where(endpoint_health.c.endpoint_id.in_(bindparam("ids", expanding=True)))
_ILL = Statement("SELECT endpoint_id FROM endpoint_health WHERE endpoint_id IN :ids", ("endpoint_id",))


def _row(endpoint_id: EndpointId, health: Health) -> dict[str, Any]:
    return {
        "endpoint_id": endpoint_id,
        "rest_until": micros_if(health.rest_until),
        "state": _HEALTH.dump_python(health, mode="json", exclude={"rest_until"}),
    }


def _health(row: Any) -> Health:  # noqa: ANN401 - a row
    return replace(_HEALTH.validate_python(row.state), rest_until=instant_if(row.rest_until))


_HEALTH: TypeAdapter[Health] = TypeAdapter(Health)
