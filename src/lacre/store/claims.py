"""Which deliveries a worker takes: fairly over endpoints, so that a dead one with a backlog stops nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import String, bindparam, case, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from lacre.store.arrays import IntegerArray, TextArray
from lacre.store.columns import to_json
from lacre.store.due import endpoints_due
from lacre.store.health import on_probation
from lacre.store.instants import instant
from lacre.store.pace import Paces
from lacre.store.room import Caps, Room
from lacre.store.tables import delivery
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns
from lacre.webhooks.rate import Rate

MOST_ENDPOINTS = 256
"""In one claim; each may cost PostgreSQL a slot of its shared lock table."""
SHARED_AFTER_MISSING = 64
"""Claims; workers that meet once go on to meet, and would go away with nothing in turn."""
RETRIES_FIRST_EVERY = 8
"""Claims: new deliveries go before retries, but not for ever."""


def claim_deliveries(
    transaction: Transaction, worker_id: str, *, now: int, limit: int, caps: Caps, turns: Turns
) -> Sequence[Any]:
    """Marks them held and returns their rows: first those never tried, of all endpoints, then retries."""
    full = _room(transaction, worker_id, {}, turns.full, caps).full if turns.full else set()
    kinds = _kinds(turns)
    most = min(limit, MOST_ENDPOINTS)
    # without locking yet: a worker that polls in vain must not hold anybody up
    found = endpoints_due(transaction, now, first=kinds[0], most=most, full=full, turns=turns)
    due = _lock(transaction, found, turns) if found else []
    if not due:
        turns.full = full
        return []
    accounts = {row.id: row.account_id for row in due}
    room = _room(transaction, worker_id, accounts, {*accounts.values()}, caps)
    turns.full = full | room.full
    rates = {row.id: Rate.read(row.rate) for row in due if row.rate}
    paces = Paces(transaction, rates, instant(now))
    for one in on_probation(transaction, list(accounts)):
        room.probe(one)
    paces.narrow(room)
    claim = _Claim(transaction, worker_id, room, now=now)
    for retry in kinds:
        # nothing is asked of those that have nothing of it
        claim.take(retry, _in_turn([row.id for row in due if row.retry == retry], turns), limit)
    paces.book(claim.taken)
    return _dealt(claim.rows)


class _Claim:
    def __init__(self, transaction: Transaction, worker_id: str, room: Room, *, now: int) -> None:
        self._transaction, self._worker_id = transaction, worker_id
        self._room, self._now = room, now
        self.rows: list[Any] = []
        self.taken: Counter[str] = Counter()

    def take(self, retry: int, asking: list[str], limit: int) -> None:
        """What some endpoints leave goes to the others, a round later."""
        while asked := self._room.shares(asking, limit - len(self.rows)):
            held = _hold(self._transaction, self._worker_id, asked, retry=retry, now=self._now)
            given = Counter(row.endpoint_id for row in held)
            self.rows += held
            self.taken += given
            self._room.take(given)
            # who gave less than was asked has no more; who was not asked yet may have
            asking = [one for one in asking if given[one] == asked.get(one, 0)]


def _dealt(rows: Sequence[Any]) -> list[Any]:
    """One of each endpoint in turn, so that a claim's last is not begun when all of the first are over."""
    by_endpoint: dict[str, list[Any]] = {}
    for row in rows:
        by_endpoint.setdefault(row.endpoint_id, []).append(row)
    if len(by_endpoint) in (1, len(rows)):
        return list(rows)
    return [row for dealt in zip_longest(*by_endpoint.values()) for row in dealt if row is not None]


def _in_turn(endpoints: list[str], turns: Turns, *, step: int = 1) -> list[str]:
    """Each time another is the first, so that the last room of an account is not always the same one's."""
    first = turns.claims * step % len(endpoints) if endpoints else 0
    return endpoints[first:] + endpoints[:first]


def _kinds(turns: Turns) -> tuple[int, int]:
    turns.claims += 1
    return (0, 1) if turns.claims % RETRIES_FIRST_EVERY else (1, 0)


def _lock(transaction: Transaction, found: list[Any], turns: Turns) -> list[Any]:
    """Who claims at the same moment waits, or gets other endpoints: so their caps hold over all workers."""
    if not transaction.postgresql:
        transaction.take_turn()
        return found
    ids = list(dict.fromkeys(row.id for row in found))
    most = -(-len(ids) // 2) if turns.shared else len(ids)
    # those that this one locks come in its own order, so that none is always left to another
    asked = _in_turn(ids, turns, step=most)
    locked = set(transaction.read(_LOCK, {"ids": asked, "most": most}).scalars())
    turns.missed = len(locked) < most
    turns.shared = SHARED_AFTER_MISSING if turns.missed else max(0, turns.shared - 1)
    return [row for row in found if row.id in locked]


def _room(
    transaction: Transaction, worker_id: str, accounts: Mapping[str, str], asked: set[str], caps: Caps
) -> Room:
    held: dict[str, int] = {}
    mine: Counter[str] = Counter(dict.fromkeys(asked, 0))
    if asked:
        for row in transaction.read(_COUNT, {"worker": worker_id, "asked": list(asked)}):
            held[row.endpoint_id] = row.held
            mine[row.account_id] += row.mine
    return Room(accounts, held, mine, caps)


def _hold(
    transaction: Transaction, worker_id: str, asked: Mapping[str, int], *, retry: int, now: int
) -> Sequence[Any]:
    """Of each endpoint those that are due longest, each with its event; in the order of the endpoints."""
    if transaction.postgresql:
        values = {
            "ids": TextArray(asked),
            "most": IntegerArray(asked.values()),
            "retry": retry,
            "now": now,
        }
        return transaction.write(_HOLD_MANY, values | {"holder": worker_id}).all()
    # one statement for all endpoints: with the largest share, since SQLite's limit can be no column's
    values = {"ids": to_json(list(asked)), "most": max(asked.values()), "retry": retry, "now": now}
    left = dict(asked)
    rows = [row for row in transaction.read(_PICK_EACH, values).all() if _takes(left, row.endpoint_id)]
    if rows:
        # nobody else writes meanwhile
        transaction.run(_HOLD, (worker_id, to_json([row.place for row in rows])))
    return rows


def _takes(left: dict[str, int], endpoint_id: str) -> bool:
    left[endpoint_id] -= 1
    return left[endpoint_id] >= 0


_HELD_COLUMNS = """
    delivery.id, delivery.account_id, delivery.endpoint_id, delivery.event_id, delivery.attempts,
    delivery.created_at, delivery.due_at, delivery.replay_of, delivery.forgiven,
    event.type, event.subject_id, event.at
"""
_HOLD = "UPDATE delivery SET status = 'held', holder = ? WHERE rowid IN (SELECT value FROM json_each(?))"
# by the places of the rows: whatever the planner thinks of their number, it must not read the whole table
_HOLD_MANY = text(
    f"""
    WITH due AS MATERIALIZED (
        SELECT first.*, wanted.place
        FROM unnest(CAST(:ids AS varchar[]), CAST(:most AS integer[])) WITH ORDINALITY
            AS wanted(endpoint_id, most, place)
        CROSS JOIN LATERAL (
            SELECT ctid, id, due_at, position FROM delivery
            WHERE endpoint_id = wanted.endpoint_id AND status = 'waiting' AND retry = :retry
                AND due_at <= :now
            ORDER BY due_at, position LIMIT wanted.most FOR UPDATE SKIP LOCKED
        ) AS first
    ), held AS (
        UPDATE delivery SET status = 'held', holder = :holder FROM event
        WHERE delivery.ctid = ANY(ARRAY(SELECT ctid FROM due)) AND event.id = delivery.event_id
        RETURNING {_HELD_COLUMNS}, CAST(event.facts AS text) AS facts
    )
    SELECT held.* FROM held JOIN due ON due.id = held.id ORDER BY due.place, due.due_at, due.position
    """  # noqa: S608
)
_MINE = case((delivery.c.holder == bindparam("worker"), 1), else_=0)
_COUNT = (
    select(
        delivery.c.account_id,
        delivery.c.endpoint_id,
        func.count().label("held"),
        func.sum(_MINE).label("mine"),
    )
    .where(delivery.c.status == literal_column("'held'"))
    .where(delivery.c.account_id.in_(bindparam("asked", expanding=True)))
    .group_by(delivery.c.account_id, delivery.c.endpoint_id)
)

_LOCK = text(
    """
    SELECT id FROM unnest(:ids) AS wanted(id)
    WHERE pg_try_advisory_xact_lock(hashtextextended('deliveries of ' || id, 0))
    LIMIT :most
    """
).bindparams(bindparam("ids", type_=ARRAY(String)))

_PICK_EACH = text(
    f"""
    SELECT {_HELD_COLUMNS}, event.facts, delivery.rowid AS place FROM json_each(:ids) AS wanted
    JOIN delivery ON delivery.rowid IN (
        SELECT due.rowid FROM delivery AS due
        WHERE due.endpoint_id = wanted.value AND due.status = 'waiting' AND due.retry = :retry
            AND due.due_at <= :now
        ORDER BY due.due_at, due.position LIMIT :most)
    JOIN event ON event.id = delivery.event_id
    ORDER BY wanted.key, delivery.due_at, delivery.position
    """  # noqa: S608
)
