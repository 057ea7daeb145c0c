"""Which deliveries a worker takes: fairly over endpoints, so that a dead one with a backlog stops nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from lacre.store.arrays import IntegerArray
from lacre.store.columns import to_json
from lacre.store.due import MOST_NEAR, endpoints_due
from lacre.store.instants import instant
from lacre.store.pace import Paces
from lacre.store.room import Caps, Room
from lacre.store.statements import Statement, hidden
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
    transaction: Transaction,
    worker_id: str,
    *,
    now: int,
    limit: int,
    caps: Caps,
    turns: Turns,
    lasting: bool = True,
) -> Sequence[Any]:
    """Marks them held and returns their rows: first those never tried, of all endpoints, then retries.

    A transaction need not be `lasting` if it does nothing else: what PostgreSQL forgets of it when it crashes
    is only that these were held, and they are sent again, as they are when a worker dies.
    """
    full = _room(transaction, worker_id, {}, turns.full, caps).full if turns.full else set()
    kinds = _kinds(turns)
    most = min(limit, MOST_ENDPOINTS)
    # without locking yet: a worker that polls in vain must not hold anybody up
    stuck = turns.stuck.at(now, worker_id)
    found = endpoints_due(transaction, now, first=kinds[0], most=most, full=full, turns=turns, stuck=stuck)
    due = _lock(transaction, found, turns, lasting=lasting) if found else []
    if not due:
        turns.full = full
        return []
    accounts = {row.id: row.account_id for row in due}
    room = _room(transaction, worker_id, accounts, {*accounts.values()}, caps)
    turns.full = full | room.full
    turns.stuck.add(room.stuck, now)
    rates = {row.id: Rate.read(row.rate) for row in due if row.rate}
    paces = Paces(transaction, rates, instant(now))
    paces.narrow(room)
    claim = _Claim(transaction, worker_id, room, now=now)
    for retry in kinds:
        # nothing is asked of those that have nothing of it
        claim.take(retry, _in_turn([row.id for row in due if row.retry == retry], turns), limit)
    paces.book(claim.taken)
    if turns.crowded:
        turns.found = list(dict.fromkeys([*claim.taken, *turns.found]))[:MOST_NEAR]
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


def _lock(transaction: Transaction, found: list[Any], turns: Turns, *, lasting: bool) -> list[Any]:
    """Who claims at the same moment waits, or gets other endpoints: so their caps hold over all workers."""
    if not transaction.postgresql:
        transaction.take_turn()
        return found
    ids = list(dict.fromkeys(row.id for row in found))
    most = -(-len(ids) // 2) if turns.shared else len(ids)
    # those that this one locks come in its own order, so that none is always left to another
    asked = _in_turn(ids, turns, step=most)
    locks = _LOCK if lasting else _LOCK_FOR_NOW
    locked = {row.id for row in transaction.look_up(locks, {"ids": asked, "most": most})}
    turns.missed = len(locked) < most
    turns.shared = SHARED_AFTER_MISSING if turns.missed else max(0, turns.shared - 1)
    return [row for row in found if row.id in locked]


def _room(
    transaction: Transaction, worker_id: str, accounts: Mapping[str, str], asked: set[str], caps: Caps
) -> Room:
    """As many more as their caps allow; of an endpoint whose rest is over, and that nobody was found at
    since, one attempt at a time."""
    values = {"worker": worker_id, "asked": asked, "ids": [*accounts]}
    rows = transaction.look_up(_COUNT, values) if asked else ()
    held = [row for row in rows if row.account_id]
    mine: Counter[str] = Counter(dict.fromkeys(asked, 0))
    for row in held:
        mine[row.account_id] += row.mine
    shared = {row.endpoint_id for row in held if row.held > row.mine}
    room = Room(accounts, {row.endpoint_id: row.held for row in held}, mine, caps, shared=shared)
    for row in rows:
        if not row.account_id:
            room.probe(row.endpoint_id)
    return room


def _hold(
    transaction: Transaction, worker_id: str, asked: Mapping[str, int], *, retry: int, now: int
) -> Sequence[Any]:
    """Of each endpoint those that are due longest, each with its event; in the order of the endpoints."""
    if transaction.postgresql:
        values = {
            "ids": list(asked),
            "most": IntegerArray(asked.values()),
            "now": now,
        }
        return transaction.take(_HOLD_MANY[retry], values | {"holder": worker_id})
    # one statement for all endpoints: with the largest share, since SQLite's limit can be no column's
    values = {"ids": list(asked), "most": max(asked.values()), "now": now}
    left = dict(asked)
    rows = [row for row in transaction.look_up(_PICK_EACH[retry], values) if _takes(left, row.endpoint_id)]
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
_HELD_NAMES = (
    *("id", "account_id", "endpoint_id", "event_id", "attempts", "created_at", "due_at"),
    *("replay_of", "forgiven", "type", "subject_id", "at", "facts"),
)


# what is new is due at once: if that was later, the clock was set back since, or another machine's is ahead
_DUE = ("retry = 0", "retry = 1 AND due_at <= :now")
_WANTED = {"ids": hidden(":ids", "varchar[]"), "most": hidden(":most", "integer[]")}


def _by_retry(statement: str, *more: str) -> tuple[Statement, Statement]:
    """For new deliveries (0) and for retries (1), said as a literal: see `due.py`."""
    names = (*_HELD_NAMES, *more)
    spelt_out = [statement.format(columns=_HELD_COLUMNS, due=due, **_WANTED) for due in _DUE]
    new, again = (Statement(sql, names) for sql in spelt_out)
    return new, again


_HOLD = "UPDATE delivery SET status = 'held', holder = ? WHERE rowid IN (SELECT value FROM json_each(?))"
# by the places of the rows: whatever the planner thinks of their number, it must not read the whole table
_HOLD_MANY = _by_retry(
    """
    WITH due AS MATERIALIZED (
        SELECT first.*, wanted.place
        FROM unnest({ids}, {most}) WITH ORDINALITY AS wanted(endpoint_id, most, place)
        CROSS JOIN LATERAL (
            SELECT ctid, id, due_at, position FROM delivery
            WHERE endpoint_id = wanted.endpoint_id AND status = 'waiting' AND {due}
            ORDER BY due_at, position LIMIT wanted.most FOR UPDATE SKIP LOCKED
        ) AS first
    ), held AS (
        UPDATE delivery SET status = 'held', holder = :holder FROM event
        WHERE delivery.ctid = ANY(ARRAY(SELECT ctid FROM due)) AND event.id = delivery.event_id
        RETURNING {columns}, CAST(event.facts AS text) AS facts
    )
    SELECT held.* FROM held JOIN due ON due.id = held.id ORDER BY due.place, due.due_at, due.position
    """
)
# with those on probation, which have no account here
_COUNT = Statement(
    """
    SELECT account_id, endpoint_id, count(*), sum(CASE WHEN holder = :worker THEN 1 ELSE 0 END)
    FROM delivery WHERE status = 'held' AND account_id IN :asked GROUP BY account_id, endpoint_id
    UNION ALL
    SELECT NULL, endpoint_id, 0, 0 FROM endpoint_health WHERE rest_until IS NOT NULL AND endpoint_id IN :ids
    """,
    ("account_id", "endpoint_id", "held", "mine"),
)

_LOCKED = """
    FROM unnest(CAST(:ids AS varchar[])) AS wanted(id)
    WHERE pg_try_advisory_xact_lock(hashtextextended('deliveries of ' || id, 0))
    LIMIT :most
"""
_LOCK = Statement(f"SELECT id {_LOCKED}", ("id",))
# the commit is not waited for until it is safe from a power cut
_LOCK_FOR_NOW = Statement(
    f"SELECT id, set_config('synchronous_commit', 'off', true) {_LOCKED}",
    ("id", "set"),
)

_PICK_EACH = _by_retry(
    """
    SELECT {columns}, event.facts, delivery.rowid AS place FROM json_each(:ids) AS wanted
    JOIN delivery ON delivery.rowid IN (
        SELECT due.rowid FROM delivery AS due
        WHERE due.endpoint_id = wanted.value AND due.status = 'waiting' AND {due}
        ORDER BY due.due_at, due.position LIMIT :most)
    JOIN event ON event.id = delivery.event_id
    ORDER BY wanted.key, delivery.due_at, delivery.position
    """,
    "place",
)
