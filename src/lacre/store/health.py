"""How endpoints fare: a row for each that is not well, and none for the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, literal_column, select, text, update

from lacre.kit.ids import EndpointId
from lacre.store.instants import instant, instant_if, micros, micros_if
from lacre.store.statements import Statement, hidden
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

    def send_all(
        self, endpoint_id: EndpointId, *, anew: bool, since: datetime | None, limit: int
    ) -> datetime | None:
        values = {"one": endpoint_id, "since": micros(since) if since else 0, "most": limit}
        tried = self._transaction.look_up(_TRIED, values)
        self._transaction.take(_AS_NEW[anew], {"ids": [row.id for row in tried]})
        return instant(tried[-1].due_at) if len(tried) == limit else None

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
        span = {"since": micros(since), "most": limit}
        owed, found = self._transaction.read(_DELETED_AND_OWED, span).scalars().all(), list[str]()
        for one in owed:
            for some in _SOME_UNSENT:
                values = {"one": one, "most": limit - len(found)}
                found += self._transaction.read(some, values).scalars() if values["most"] else ()
        if found:
            given_up = {"status": DeliveryStatus.DISCARDED.value, "settled_at": micros(now)}
            unsent = delivery.c.status.in_([DeliveryStatus.WAITING.value, DeliveryStatus.QUEUED.value])
            these = update(delivery).where(delivery.c.id.in_(found), unsent)
            self._transaction.write(these.values(given_up))
        return len(found)


_TRIED = Statement(
    f"""
    SELECT id, due_at FROM delivery
    WHERE endpoint_id = :one AND status = 'waiting' AND retry = 1 AND due_at >= :since
    ORDER BY due_at, position LIMIT {hidden(":most", "bigint")}
    """,  # noqa: S608 - of our own words
    ("id", "due_at"),
)
# as if never tried: so all go out in the order in which they came to be. The status hidden, so that they are
# looked up by their ids, whatever PostgreSQL thinks of how many wait
_AS_NEW = {
    anew: Statement(
        f"""
        UPDATE delivery SET retry = 0, due_at = created_at{counted}
        WHERE id IN :ids AND COALESCE(status, '') = 'waiting' RETURNING id
        """,  # noqa: S608
        ("id",),
    )
    for anew, counted in ((False, ""), (True, ", forgiven = attempts"))
}
# each by the order of an index and with a limit: else PostgreSQL may read all that waits, for anybody
_ONES = (
    "status = 'waiting' AND retry = 0 ORDER BY due_at, position",
    "status = 'waiting' AND retry = 1 ORDER BY due_at, position",
    "status = 'queued' ORDER BY endpoint_id",
)
_SOME_UNSENT = [
    text(f"SELECT id FROM delivery WHERE endpoint_id = :one AND {one} LIMIT :most")  # noqa: S608 - of our own words
    for one in _ONES
]
_ANY_UNSENT = " OR ".join(
    f"(SELECT id FROM delivery WHERE endpoint_id = endpoint.id AND {one} LIMIT 1) IS NOT NULL"  # noqa: S608
    for one in _ONES
)
_DELETED_AND_OWED = text(
    f"SELECT id FROM endpoint WHERE deleted_at >= :since AND ({_ANY_UNSENT}) LIMIT :most"  # noqa: S608
)
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
