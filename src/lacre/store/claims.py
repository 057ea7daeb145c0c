"""Which deliveries a worker takes: fairly over endpoints, so that a dead one with a backlog stops nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, String, bindparam, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from lacre.store.batches import array
from lacre.store.columns import to_json
from lacre.store.health import on_probation
from lacre.store.instants import instant
from lacre.store.pace import Paces
from lacre.store.room import Caps, Room
from lacre.store.tables import delivery
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns
from lacre.webhooks.rate import Rate

MOST_ENDPOINTS = 256
"""In one claim; each may cost PostgreSQL two slots of its shared lock table."""
RETRIES_FIRST_EVERY = 8
"""Claims: new deliveries go before retries, but not for ever."""


def claim_deliveries(
    transaction: Transaction, worker_id: str, *, now: int, limit: int, caps: Caps, turns: Turns
) -> Sequence[Any]:
    """Marks them held and returns their rows: first those never tried, of all endpoints, then retries."""
    full = _room(transaction, {}, turns.full, caps).full if turns.full else set()
    due = _due_endpoints(transaction, now, most=min(limit, MOST_ENDPOINTS), full=full, turns=turns)
    accounts = {row.id: row.account_id for row in due}
    room = _room(transaction, accounts, {*accounts.values()}, caps)
    turns.full = full | room.full
    rates = {row.id: Rate.read(row.rate) for row in due if row.rate}
    paces = Paces(transaction, rates, instant(now))
    for one in on_probation(transaction, list(accounts)):
        room.probe(one)
    paces.narrow(room)
    claim = _Claim(transaction, worker_id, _in_turn([row.id for row in due], turns), room, now=now)
    for retry in _kinds(turns):
        claim.take(retry, limit)
    paces.book(claim.taken)
    turns.last = due[-1].id if due else turns.last
    return claim.rows


class _Claim:
    def __init__(
        self, transaction: Transaction, worker_id: str, endpoints: Sequence[str], room: Room, *, now: int
    ) -> None:
        self._transaction, self._worker_id = transaction, worker_id
        self._endpoints, self._room, self._now = endpoints, room, now
        self.rows: list[Any] = []
        self.taken: Counter[str] = Counter()

    def take(self, retry: int, limit: int) -> None:
        """What some endpoints leave goes to the others, a round later."""
        asking = list(self._endpoints)
        while asked := self._room.shares(asking, limit - len(self.rows)):
            due = _pick(self._transaction, asked, retry=retry, now=self._now)
            held = _hold(self._transaction, self._worker_id, due)
            given = Counter(row.endpoint_id for row in held)
            self.rows += held
            self.taken += given
            self._room.take(given)
            # who gave less than was asked has no more; who was not asked yet may have
            asking = [one for one in asking if given[one] == asked.get(one, 0)]


def _in_turn(endpoints: list[str], turns: Turns) -> list[str]:
    """Each time another is the first, so that the last room of an account is not always the same one's."""
    first = turns.claims % len(endpoints) if endpoints else 0
    return endpoints[first:] + endpoints[:first]


def _kinds(turns: Turns) -> tuple[int, int]:
    turns.claims += 1
    return (0, 1) if turns.claims % RETRIES_FIRST_EVERY else (1, 0)


def _due_endpoints(
    transaction: Transaction, now: int, *, most: int, full: set[str], turns: Turns
) -> list[Any]:
    # without locking yet: a worker that polls in vain must not hold anybody up
    values = {"now": now, "most": most, "after": turns.last, "full": sorted(full)}
    found = list(transaction.read(_DUE, values))
    return _lock(transaction, found) if found else []


def _lock(transaction: Transaction, found: list[Any]) -> list[Any]:
    """Who claims at the same moment waits, or gets other accounts' endpoints: so the caps hold over all."""
    if transaction.postgresql:
        values = {"accounts": [row.account_id for row in found], "ids": [row.id for row in found]}
        locked = set(transaction.read(_LOCK, values).scalars())
        return [row for row in found if row.id in locked]
    transaction.locked(_NOTHING).close()
    return found


def _room(transaction: Transaction, accounts: Mapping[str, str], asked: set[str], caps: Caps) -> Room:
    held: dict[tuple[str, str], int] = {}
    if asked:
        counted = _COUNT.where(delivery.c.account_id.in_(asked))
        held = {(row.account_id, row.endpoint_id): row.held for row in transaction.read(counted)}
    return Room(accounts, held, caps)


def _pick(transaction: Transaction, asked: Mapping[str, int], *, retry: int, now: int) -> list[str]:
    """Of each endpoint those that are due longest."""
    if transaction.postgresql:
        values = {"ids": list(asked), "most": list(asked.values()), "retry": retry, "now": now}
        return list(transaction.read(_PICK_MANY, values).scalars())
    # one statement for all endpoints: with the largest share, since SQLite's limit can be no column's
    values = {"ids": to_json(list(asked)), "most": max(asked.values()), "retry": retry, "now": now}
    left = dict(asked)
    found = transaction.read(_PICK_EACH, values).all()
    return [row.id for row in found if _takes(left, row.endpoint_id)]


def _takes(left: dict[str, int], endpoint_id: str) -> bool:
    left[endpoint_id] -= 1
    return left[endpoint_id] >= 0


def _hold(transaction: Transaction, worker_id: str, ids: Sequence[str]) -> Sequence[Any]:
    """Each with its event, in the order of the ids."""
    if not ids:
        return []
    if transaction.postgresql:
        found = transaction.write(_HOLD_MANY, {"ids": array(ids), "holder": worker_id})
    else:
        # nobody else writes meanwhile
        named = to_json(ids)
        transaction.run(_HOLD, (worker_id, named))
        found = transaction.read(_HELD, {"ids": named})
    rows = {row.id: row for row in found.all()}
    return [rows[one] for one in ids]


_HELD_COLUMNS = """
    delivery.id, delivery.account_id, delivery.endpoint_id, delivery.event_id, delivery.attempts,
    delivery.created_at, delivery.due_at, delivery.replay_of, event.type, event.subject_id, event.at
"""
_HOLD = "UPDATE delivery SET status = 'held', holder = ? WHERE id IN (SELECT value FROM json_each(?))"
_HELD = text(
    f"SELECT {_HELD_COLUMNS}, event.facts FROM delivery JOIN event ON event.id = delivery.event_id"  # noqa: S608
    " WHERE delivery.id IN (SELECT value FROM json_each(:ids))"
)
_HOLD_MANY = text(
    "UPDATE delivery SET status = 'held', holder = :holder FROM event"  # noqa: S608
    " WHERE event.id = delivery.event_id AND delivery.id = ANY(CAST(:ids AS varchar[]))"
    f" RETURNING {_HELD_COLUMNS}, CAST(event.facts AS text) AS facts"
)
_NOTHING = select(delivery.c.id).where(literal_column("1 = 0"))
_COUNT = (
    select(delivery.c.account_id, delivery.c.endpoint_id, func.count().label("held"))
    .where(delivery.c.status == literal_column("'held'"))
    .group_by(delivery.c.account_id, delivery.c.endpoint_id)
)

# the first of an index and not EXISTS: PostgreSQL may answer that by reading a whole backlog
_DUE = text(
    """
    SELECT id, account_id, rate FROM endpoint
    WHERE status = 'active' AND deleted_at IS NULL AND account_id NOT IN :full
    AND id NOT IN (SELECT endpoint_id FROM endpoint_health WHERE rest_until > :now) AND (
        (SELECT due_at FROM delivery WHERE endpoint_id = endpoint.id AND status = 'waiting' AND retry = 0
            ORDER BY due_at, position LIMIT 1) <= :now
        OR (SELECT due_at FROM delivery WHERE endpoint_id = endpoint.id AND status = 'waiting' AND retry = 1
            ORDER BY due_at, position LIMIT 1) <= :now)
    AND (rate IS NULL OR NOT EXISTS (
        SELECT 1 FROM endpoint_pace AS pace
        WHERE pace.endpoint_id = endpoint.id AND pace.rate = endpoint.rate AND pace.free_at > :now))
    ORDER BY id <= :after, id
    LIMIT :most
    """
).bindparams(bindparam("full", expanding=True, type_=String))

_LOCK = text(
    """
    SELECT id FROM unnest(:accounts, :ids) AS wanted(account_id, id)
    WHERE pg_try_advisory_xact_lock(hashtextextended('deliveries of account ' || account_id, 0))
        AND pg_try_advisory_xact_lock(hashtextextended('deliveries of ' || id, 0))
    """
).bindparams(bindparam("accounts", type_=ARRAY(String)), bindparam("ids", type_=ARRAY(String)))

_PICK_MANY = text(
    """
    SELECT due.id
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

_PICK_EACH = text(
    """
    SELECT delivery.id, delivery.endpoint_id FROM json_each(:ids) AS wanted
    JOIN delivery ON delivery.rowid IN (
        SELECT due.rowid FROM delivery AS due
        WHERE due.endpoint_id = wanted.value AND due.status = 'waiting' AND due.retry = :retry
            AND due.due_at <= :now
        ORDER BY due.due_at, due.position LIMIT :most)
    ORDER BY wanted.key, delivery.due_at, delivery.position
    """
)
