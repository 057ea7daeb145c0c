"""Which endpoints have something due, however many there are and however much waits.

New deliveries: from one endpoint that has any to the next, by the index. Retries, most of which wait for
hours: by when they are due, and only when many are due at once from endpoint to endpoint too.

Where more endpoints owe something than one look goes past, most of them may be paused or rest, and each claim
would go past thousands in vain. There three claims of four look where something came just now, and where this
worker found something last; if that is in vain, and each fourth time, they walk on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import partial
from itertools import islice
from typing import Any

from lacre.kit.ids import timed_uuid
from lacre.store.instants import instant, micros
from lacre.store.statements import Statement, hidden
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns
from lacre.webhooks.rate import Rate, is_free

STEPS = 512
"""Endpoints that one look goes past."""
MOST_AGAIN = 512
"""Retries that one look goes through."""
LOOKS = 2
"""In one claim, while nobody is found who may be served."""
WALKED_EVERY = 4
"""Claims, among so many that owe: whoever comes round late comes round all the same."""
JUST_NOW = 3_000_000
"""In microseconds; longer than most transactions take that add something. Later ones are walked to."""
MOST_RECENT = 1_000
"""Deliveries, in one claim."""
_NEW, _AGAIN = 0, 1


def endpoints_due(
    transaction: Transaction,
    now: int,
    *,
    first: int,
    most: int,
    full: Set[str],
    turns: Turns,
    stuck: Set[str] = frozenset(),
) -> list[Any]:
    """Rows with `id`, `account_id`, `rate` and `retry`, `first` those with new deliveries (0) or retries (1);
    an endpoint that has both comes twice. None that are `stuck`, or of accounts that are `full`.

    Locks nothing.
    """
    may = partial(_may, now=now, first=first, others={*full, *stuck})
    near = may(_near(transaction, now, turns)) if turns.crowded else []
    walks = not near or turns.claims % WALKED_EVERY == 0
    ready = _walked_to(transaction, now, turns, may) if walks else []
    turns.unfinished = not (near or ready) and bool(turns.last.get(_NEW))
    return _first(ready, most, turns) if ready else _of_some(near, most, turns)


def _walked_to(
    transaction: Transaction, now: int, turns: Turns, may: Callable[[Sequence[Any]], list[Any]]
) -> list[Any]:
    for _ in range(LOOKS):
        ready = may(_looked(transaction, now, turns))
        if ready or not turns.last[_NEW]:
            return ready
    return []


def _may(rows: Sequence[Any], *, now: int, first: int, others: Set[str]) -> list[Any]:
    """Those that may be served, each once."""
    in_order = sorted(rows, key=lambda row: row.retry != first)
    free = [row for row in in_order if row.account_id not in others and row.id not in others]
    return list({(row.id, row.retry): row for row in free if _is_ready(row, now)}.values())


def _is_ready(row: Any, now: int) -> bool:  # noqa: ANN401 - a row
    paced = row.free_at is not None
    return (
        row.awake
        and row.due
        and not (paced and not is_free(Rate.read(row.rate), instant(row.free_at), instant(now)))
    )


def _first(ready: list[Any], most: int, turns: Turns) -> list[Any]:
    """Of so many endpoints; the next look goes on behind the last of them."""
    endpoints: dict[str, int] = {}
    for row in ready:
        endpoints.setdefault(row.id, row.retry)
    if len(endpoints) <= most:
        return ready
    chosen = dict(islice(endpoints.items(), most))
    last = next(reversed(chosen))
    turns.last[chosen[last]] = last
    return [row for row in ready if row.id in chosen]


def _of_some(ready: list[Any], most: int, turns: Turns) -> list[Any]:
    """Of so many endpoints, each time beginning with another."""
    endpoints = list(dict.fromkeys(row.id for row in ready))
    first = turns.claims % len(endpoints) if endpoints else 0
    chosen = {*[*endpoints[first:], *endpoints[:first]][:most]}
    return [row for row in ready if row.id in chosen]


def _near(transaction: Transaction, now: int, turns: Turns) -> Sequence[Any]:
    """Where something came just now, and where this process found something last: others it forgets."""
    since = timed_uuid(max(0, now - JUST_NOW))
    values = {"now": now, "rested": _rested(now, turns), "since": since, "recent": MOST_RECENT}
    rows = transaction.look_up(_NEAR, values | {"found": turns.found})
    owing = {row.id for row in rows if row.due}
    turns.found = [one for one in turns.found if one in owing]
    return rows


def _rested(now: int, turns: Turns) -> int:
    return micros(instant(now) + turns.longest_rest)


def _looked(transaction: Transaction, now: int, turns: Turns) -> Sequence[Any]:
    rows = _look(transaction, _LOOK, now, _NEW, turns)
    if sum(row.place for row in rows if row.retry == _AGAIN) < MOST_AGAIN:
        return rows
    return [*rows, *_look(transaction, _WALK[_AGAIN], now, _AGAIN, turns)]


def _look(transaction: Transaction, what: Statement, now: int, retry: int, turns: Turns) -> Sequence[Any]:
    """From where the last look stopped, and from the beginning when that comes to the end."""
    after = turns.last.get(retry, "")
    rested = _rested(now, turns)
    values = {"now": now, "rested": rested, "after": after, "steps": STEPS, "again": MOST_AGAIN}
    rows = transaction.look_up(what, values)
    walked = [row for row in rows if row.retry == retry]
    turns.last[retry] = walked[-1].id if len(walked) == STEPS else ""
    if retry == _NEW and (turns.last[retry] or not after):
        turns.crowded = bool(turns.last[retry])
    if not after or turns.last[retry]:
        return rows
    return [*rows, *transaction.look_up(_WALK[retry], values | {"after": ""})]


# `retry` as a literal: so a partial index is seen to fit, and SQLite, which compares what is bound to a
# parameter with the conditions of partial indexes, need not plan anew each time that something is bound
_NEXT = """
    SELECT endpoint_id FROM delivery WHERE status = 'waiting' AND retry = {retry} AND endpoint_id > {after}
    ORDER BY endpoint_id LIMIT 1
"""


def _walked(retry: int) -> str:
    first, then = (_NEXT.format(retry=retry, after=after) for after in (":after", "walk.id"))
    return f"""
    walk(id, place) AS (
        SELECT ({first}), 1
        UNION ALL
        SELECT ({then}), place + 1 FROM walk
        WHERE walk.id IS NOT NULL AND place < :steps
    )
"""  # noqa: S608 - of our own words


# what PostgreSQL would reckon with is hidden: else it plans anew each time
_DUE_AGAIN = f"""
    again(id, place) AS (
        SELECT endpoint_id, count(*) FROM (
            SELECT endpoint_id FROM delivery
            WHERE status = 'waiting' AND retry = 1 AND due_at <= {hidden(":now", "bigint")}
            ORDER BY due_at LIMIT {hidden(":again", "bigint")}
        ) AS first GROUP BY endpoint_id
    )
"""  # noqa: S608
_READY = """
    SELECT endpoint.id, found.retry, found.place, endpoint.account_id, endpoint.rate,
        endpoint.status = 'active' AND endpoint.deleted_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM endpoint_health AS health
            WHERE health.endpoint_id = endpoint.id AND health.rest_until > :now
                AND health.rest_until <= :rested)
        AS awake,
        (found.retry = 0 AND found.place > 0) OR (found.retry = 0 AND (SELECT id FROM delivery
            WHERE endpoint_id = endpoint.id AND status = 'waiting' AND retry = 0 LIMIT 1) IS NOT NULL)
        OR (found.retry = 1 AND (SELECT due_at FROM delivery
            WHERE endpoint_id = endpoint.id AND status = 'waiting' AND retry = 1
            ORDER BY due_at, position LIMIT 1) <= :now) AS due,
        CASE WHEN endpoint.rate IS NULL THEN NULL ELSE (
            SELECT free_at FROM endpoint_pace AS pace
            WHERE pace.endpoint_id = endpoint.id AND pace.rate = endpoint.rate) END AS free_at
    FROM ({found}) AS found JOIN endpoint ON endpoint.id = found.id
    ORDER BY found.retry, found.place, endpoint.id
"""


def _looking(sql: str) -> Statement:
    return Statement(sql, ("id", "retry", "place", "account_id", "rate", "awake", "due", "free_at"))


_FROM_WALK = "SELECT id, place, CAST({retry} AS smallint) AS retry FROM walk"
_WALK = [
    _looking(f"WITH RECURSIVE {_walked(retry)} {_READY.format(found=_FROM_WALK.format(retry=retry))}")
    for retry in (_NEW, _AGAIN)
]
_BOTH = f"{_FROM_WALK.format(retry=_NEW)} UNION ALL SELECT id, place, CAST(1 AS smallint) FROM again"  # noqa: S608
_OF_NEAR = " UNION ALL ".join(
    f"SELECT id, 0 AS place, CAST({retry} AS smallint) AS retry FROM near"  # noqa: S608
    for retry in (_NEW, _AGAIN)
)
_LOOK = _looking(f"WITH RECURSIVE {_walked(_NEW)}, {_DUE_AGAIN} {_READY.format(found=_BOTH)}")
# of so few endpoints that PostgreSQL looks each of them up
MOST_NEAR = 128
_NEAR = _looking(
    f"""
    WITH newest(id) AS (
        SELECT DISTINCT endpoint_id FROM (
            SELECT endpoint_id, status, retry FROM delivery WHERE id > {hidden(":since", "varchar")}
            ORDER BY id DESC LIMIT {hidden(":recent", "bigint")}
        ) AS added WHERE status = 'waiting' AND retry = 0 LIMIT {MOST_NEAR}
    ), near(id) AS (SELECT id FROM newest UNION SELECT id FROM endpoint WHERE id IN :found)
    {_READY.format(found=_OF_NEAR)}
    """  # noqa: S608
)
