"""Which deliveries a worker takes: fairly over endpoints, so that a dead one with a backlog stops nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Integer, String, bindparam, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from lacre.store.health import on_probation
from lacre.store.tables import delivery
from lacre.store.transaction import Transaction

MOST_ENDPOINTS = 256
"""In one claim; each may cost PostgreSQL a slot of its shared lock table."""


class Turns:
    """Remembers over claims which endpoint was served last, so that every one comes round."""

    def __init__(self) -> None:
        self.last = ""


def claim_deliveries(
    transaction: Transaction, worker_id: str, *, now: int, limit: int, per_endpoint: int, turns: Turns
) -> Sequence[Any]:
    """Marks them held and returns their rows; what some endpoints leave goes to the others, a round later."""
    endpoints = _due_endpoints(transaction, now, most=min(limit, MOST_ENDPOINTS), after=turns.last)
    left = _room(transaction, endpoints, per_endpoint)
    rows: list[Any] = []
    while left and len(rows) < limit:
        asked = _shares(left, limit - len(rows))
        held = _hold(transaction, worker_id, _due(transaction, asked, now=now))
        rows += held
        left = _who_has_more(left, asked, Counter(row.endpoint_id for row in held))
    turns.last = endpoints[-1] if endpoints else turns.last
    return rows


def _due_endpoints(transaction: Transaction, now: int, *, most: int, after: str) -> list[str]:
    # without locking yet: a worker that polls in vain must not hold anybody up
    found = list(transaction.read(_DUE, {"now": now, "most": most, "after": after}).scalars())
    return _lock(transaction, found) if found else []


def _lock(transaction: Transaction, endpoints: list[str]) -> list[str]:
    """Who claims at the same moment waits, or gets other endpoints: so the caps hold over all workers."""
    if transaction.postgresql:
        return list(transaction.read(_LOCK, {"ids": endpoints}).scalars())
    transaction.locked(_NOTHING).close()
    return endpoints


def _room(transaction: Transaction, endpoints: Sequence[str], per_endpoint: int) -> dict[str, int]:
    counted = select(delivery.c.endpoint_id, func.count().label("held")).where(
        delivery.c.status == literal_column("'held'"), delivery.c.endpoint_id.in_(endpoints)
    )
    rows = transaction.read(counted.group_by(delivery.c.endpoint_id))
    held = {row.endpoint_id: row.held for row in rows}
    probed = on_probation(transaction, endpoints)
    room = {one: (1 if one in probed else per_endpoint) - held.get(one, 0) for one in endpoints}
    return {one: free for one, free in room.items() if free > 0}


def _shares(room: Mapping[str, int], limit: int) -> dict[str, int]:
    share = max(1, limit // len(room))
    return {one: min(free, share) for one, free in islice(room.items(), limit)}


def _who_has_more(
    room: Mapping[str, int], asked: Mapping[str, int], given: Mapping[str, int]
) -> dict[str, int]:
    """Whoever gave less than was asked has no more; who was not asked yet may have."""
    return {
        one: free - given.get(one, 0)
        for one, free in room.items()
        if given.get(one, 0) == asked.get(one, 0) and free > given.get(one, 0)
    }


def _due(transaction: Transaction, asked: Mapping[str, int], *, now: int) -> list[str]:
    """First those never tried, then retries; of each kind those that are due longest."""
    new = _pick(transaction, asked, retry=0, now=now)
    given = Counter(endpoint_id for endpoint_id, _ in new)
    rest = {one: most - given[one] for one, most in asked.items() if most > given[one]}
    return [found for _, found in [*new, *_pick(transaction, rest, retry=1, now=now)]]


def _pick(
    transaction: Transaction, asked: Mapping[str, int], *, retry: int, now: int
) -> list[tuple[str, str]]:
    if transaction.postgresql:
        values = {"ids": list(asked), "most": list(asked.values()), "retry": retry, "now": now}
        return [(row.endpoint_id, row.id) for row in transaction.read(_PICK_MANY, values)]
    return [
        (endpoint_id, found)
        for endpoint_id, most in asked.items()
        for found in transaction.read(
            _PICK_ONE, {"endpoint_id": endpoint_id, "retry": retry, "now": now, "most": most}
        ).scalars()
    ]


def _hold(transaction: Transaction, worker_id: str, ids: Sequence[str]) -> Sequence[Any]:
    if not ids:
        return []
    taken = update(delivery).where(delivery.c.id.in_(ids)).values(status="held", holder=worker_id)
    rows = {row.id: row for row in transaction.write(taken.returning(delivery))}
    return [rows[one] for one in ids]


_NOTHING = select(delivery.c.id).where(literal_column("1 = 0"))

# the first of an index and not EXISTS: PostgreSQL may answer that by reading a whole backlog
_DUE = text(
    """
    SELECT id FROM endpoint
    WHERE status = 'active' AND deleted_at IS NULL
    AND id NOT IN (SELECT endpoint_id FROM endpoint_health WHERE rest_until > :now) AND (
        (SELECT due_at FROM delivery WHERE endpoint_id = endpoint.id AND status = 'waiting' AND retry = 0
            ORDER BY due_at, position LIMIT 1) <= :now
        OR (SELECT due_at FROM delivery WHERE endpoint_id = endpoint.id AND status = 'waiting' AND retry = 1
            ORDER BY due_at, position LIMIT 1) <= :now)
    ORDER BY id <= :after, id
    LIMIT :most
    """
)

_LOCK = text(
    """
    SELECT id FROM unnest(:ids) WITH ORDINALITY AS wanted(id, place)
    WHERE pg_try_advisory_xact_lock(hashtextextended('deliveries of ' || id, 0))
    ORDER BY place
    """
).bindparams(bindparam("ids", type_=ARRAY(String)))

_PICK_MANY = text(
    """
    SELECT wanted.endpoint_id, due.id
    FROM unnest(:ids, :most) WITH ORDINALITY AS wanted(endpoint_id, most, place)
    CROSS JOIN LATERAL (
        SELECT id, due_at, position FROM delivery
        WHERE endpoint_id = wanted.endpoint_id AND status = 'waiting' AND retry = :retry AND due_at <= :now
        ORDER BY due_at, position LIMIT wanted.most FOR UPDATE SKIP LOCKED
    ) AS due
    ORDER BY wanted.place, due.due_at, due.position
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("most", type_=ARRAY(Integer)),
)

_PICK_ONE = text(
    """
    SELECT id FROM delivery
    WHERE endpoint_id = :endpoint_id AND status = 'waiting' AND retry = :retry AND due_at <= :now
    ORDER BY due_at, position LIMIT :most
    """
)
