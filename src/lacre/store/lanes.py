"""The lanes of ordered endpoints: which delivery may go, and which wait behind it.

The first of a lane is `waiting` or `held`, those behind it are `queued`, so a claim need not know of lanes.
Whoever changes a lane locks it first, and on PostgreSQL keeps it locked until the commit: the places in a
lane are therefore given in the order of the commits. Lanes are locked last in a transaction, and in one
order, so that no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal_column, select, text

from lacre.store.batches import Row, Update
from lacre.store.statements import Statement, hidden
from lacre.store.tables import delivery, event
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.errors import TooMuchWaits
from lacre.webhooks.lane import Ordering, lane_of

MOST_OPEN = 5_000
"""They stand still while they are lined up anew, in one transaction."""
LOOKED_AT = 500
"""Lanes in one search for stranded ones."""


@dataclass(frozen=True)
class Joining:
    delivery_id: str
    lane: str
    created_at: int


class SqlLanes:
    def __init__(self, transaction: Transaction, turns: Turns) -> None:
        self._transaction = transaction
        self._turns = turns
        self._joining: list[Joining] = []

    def join(self, delivery_id: str, endpoint: Endpoint, subject_id: str, *, at: int) -> None:
        """It has been added as `queued`; its place is given at the end of the transaction."""
        lane = lane_of(endpoint.id, endpoint.ordering, subject_id)
        if lane is not None:
            self._joining.append(Joining(delivery_id, lane, at))

    def finish(self) -> None:
        """The last that a transaction does."""
        joining, self._joining = self._joining, []
        if joining:
            ends = self._ends({one.lane for one in joining})
            _STAND.run(self._transaction, _stand_behind(ends, joining))

    def leave(self) -> None:
        """What has been settled stands in no lane any more: the next there may go."""
        settled = self._transaction.look_up(_SETTLED_IN_LANES)
        if settled:
            lanes = self._lock(row.lane for row in settled)
            self._transaction.take(_LEAVE, {"ids": [row.id for row in settled]})
            self._promote(lanes)

    def lock(self, lanes: Iterable[str]) -> None:
        """For who takes rows out of them otherwise than by settling: before the rows; `promote` after."""
        self._lock(lanes)

    def lock_with_settled(self, lanes: Iterable[str]) -> None:
        """The same before `leave`, which would else lock some of them in another order."""
        self._lock([*lanes, *[row.lane for row in self._transaction.look_up(_SETTLED_IN_LANES)]])

    def promote(self, lanes: Iterable[str]) -> None:
        """Of lanes that are locked: the next may go, if nobody is before it."""
        if ordered := sorted(set(lanes)):
            self._promote(ordered)

    def promote_stranded(self) -> int:
        self.leave()
        values = {"after": self._turns.lane, "most": LOOKED_AT}
        looked_at = self._transaction.look_up(_FIRSTS, values)
        self._turns.lane = looked_at[-1].lane if len(looked_at) == LOOKED_AT else ""
        stranded = [row.lane for row in looked_at if row.status == "queued"]
        return self._promote(self._lock(stranded)) if stranded else 0

    def arrange(self, endpoint: Endpoint) -> None:
        """Nobody adds, claims or settles any of them meanwhile."""
        _STAND.run(self._transaction, _lined_up(endpoint, self._open_rows(endpoint)))

    # ── places ───────────────────────────────────────────────────────────────

    def _ends(self, wanted: Iterable[str]) -> dict[str, int]:
        """The last place of each lane that is not empty."""
        ends = _ENDS[self._transaction.postgresql]
        rows = self._transaction.look_up(ends, {"lanes": self._lock(wanted)})
        return {row.lane: row.place for row in rows if row.place is not None}

    def _promote(self, lanes: Sequence[str]) -> int:
        return len(self._transaction.take(_PROMOTE[self._transaction.postgresql], {"lanes": lanes}))

    def _lock(self, lanes: Iterable[str]) -> list[str]:
        """SQLite has one writer at a time."""
        ordered = sorted(set(lanes))
        if ordered and self._transaction.postgresql:
            self._transaction.look_up(_LOCK, {"lanes": ordered})
        return ordered

    # ── another order ────────────────────────────────────────────────────────

    def keep_still(self, account_id: str, endpoint_id: str) -> None:
        """Whoever claims, settles or adds ends before us, and others wait.

        In this order, since who settles may want the endpoint, and who claims or adds wants nothing of ours.
        """
        mine = (delivery.c.account_id == account_id) & (delivery.c.endpoint_id == endpoint_id)
        held = select(delivery.c.id).where(mine, _HELD).order_by(delivery.c.id)
        if self._transaction.postgresql:
            self._transaction.read(_CLAIM_NOTHING, {"endpoint_id": endpoint_id}).all()
        self._transaction.locked(held).all()
        if self._transaction.postgresql:
            self._transaction.read(_ADD_NOTHING, {"endpoint_id": endpoint_id}).all()

    def _open_rows(self, endpoint: Endpoint) -> list[Any]:
        """As they stood, locked."""
        self.keep_still(endpoint.account_id, endpoint.id)
        mine = (delivery.c.account_id == endpoint.account_id) & (delivery.c.endpoint_id == endpoint.id)
        rows = [
            row
            for state in (_HELD, _QUEUED, _WAITING)
            for row in self._transaction.locked(_ROWS.where(mine, state).limit(MOST_OPEN + 1))
        ]
        if len(rows) > MOST_OPEN:
            raise TooMuchWaits(MOST_OPEN)
        return sorted(rows, key=_as_it_stood)


def first_status(endpoint: Endpoint) -> DeliveryStatus:
    """Of a new delivery: whether one of an ordered endpoint may go, its lane says when it joins."""
    return DeliveryStatus.WAITING if endpoint.ordering is Ordering.NONE else DeliveryStatus.QUEUED


def _stand_behind(ends: Mapping[str, int], joining: Sequence[Joining]) -> list[Row]:
    """A place is the time of joining, or a little later: so places of different lanes compare."""
    last = dict(ends)
    rows: list[Row] = []
    for one in joining:
        status = "queued" if one.lane in last else "waiting"
        last[one.lane] = max(one.created_at, last.get(one.lane, 0) + 1)
        rows.append((one.lane, last[one.lane], status, one.delivery_id))
    return rows


def _lined_up(endpoint: Endpoint, rows: Sequence[Any]) -> list[Row]:
    """What is out already comes first; its lane goes on when the last of it is settled."""
    taken: set[str] = set()
    standing: list[Row] = []
    for place, row in enumerate(rows, 1):
        lane = lane_of(endpoint.id, endpoint.ordering, row.subject_id)
        free = "queued" if lane in taken else "waiting"
        status = "held" if row.status == "held" else free
        standing.append((lane, place if lane else None, status, row.id))
        if lane:
            taken.add(lane)
    return standing


def _as_it_stood(row: Any) -> tuple[bool, int, int]:  # noqa: ANN401 - a row
    return row.status != "held", row.place or row.created_at, row.position


_QUEUED, _HELD, _WAITING = (
    delivery.c.status == literal_column(f"'{status}'") for status in ("queued", "held", "waiting")
)
_ROWS = select(
    delivery.c.id,
    delivery.c.status,
    delivery.c.place,
    delivery.c.created_at,
    delivery.c.position,
    event.c.subject_id,
).select_from(delivery.join(event))

_STAND = Update(delivery, ("lane", "place", "status"), ("id",))

# an index holds these alone, and is empty but for a moment; by its order and with a limit, so that PostgreSQL
# reads it and not the table, also before it has looked at what is in that: more than a transaction settles,
# those that it gives up with a type counted
_SETTLED_IN_LANES = Statement(
    """
    SELECT id, lane FROM delivery WHERE lane IS NOT NULL AND settled_at IS NOT NULL ORDER BY lane LIMIT 10000
    """,
    ("id", "lane"),
)

_LEAVE = Statement("UPDATE delivery SET lane = NULL, place = NULL WHERE id IN :ids RETURNING id", ("id",))

# PostgreSQL gets them in the order that they are given in
_ASKED = {
    False: "(SELECT value AS lane FROM json_each(:lanes)) AS asked",
    True: f"unnest({hidden(':lanes', 'varchar[]')}) AS asked(lane)",
}
# an array, so that PostgreSQL looks up what is in it, also before it has looked at what the table holds
_AMONG = {False: "IN ({})", True: "= ANY(ARRAY({}))"}
_LOCK = Statement(
    f"SELECT pg_advisory_xact_lock(hashtextextended('lane ' || lane, 0)) FROM {_ASKED[True]}",  # noqa: S608 - of our own words
    ("locked",),
)


def _ends(*, postgresql: bool) -> Statement:
    last = "SELECT place FROM delivery WHERE delivery.lane = asked.lane ORDER BY place DESC LIMIT 1"
    return Statement(f"SELECT lane, ({last}) AS place FROM {_ASKED[postgresql]}", ("lane", "place"))  # noqa: S608


def _promoting(*, postgresql: bool) -> Statement:
    first = "SELECT id FROM delivery AS one WHERE one.lane = asked.lane ORDER BY place LIMIT 1"
    among = _AMONG[postgresql].format(f"SELECT ({first}) FROM {_ASKED[postgresql]}")  # noqa: S608
    # or PostgreSQL would read all that are queued, of which it believes that there are few
    queued = f"COALESCE(status, '') = 'queued' AND id {among}"
    return Statement(f"UPDATE delivery SET status = 'waiting' WHERE {queued} RETURNING id", ("id",))  # noqa: S608


_ENDS, _PROMOTE = (
    {postgresql: made(postgresql=postgresql) for postgresql in _ASKED} for made in (_ends, _promoting)
)

# from lane to lane by the index: the cost is that of the lanes, not of all that stands in them
_FIRSTS = Statement(
    """
    WITH RECURSIVE found(lane, number) AS (
        SELECT (SELECT lane FROM delivery WHERE lane > :after ORDER BY lane LIMIT 1), 1
        UNION ALL
        SELECT (SELECT lane FROM delivery WHERE lane > found.lane ORDER BY lane LIMIT 1), number + 1
        FROM found WHERE found.lane IS NOT NULL AND number < :most
    )
    SELECT lane, (SELECT status FROM delivery WHERE lane = found.lane ORDER BY place LIMIT 1) AS status
    FROM found WHERE lane IS NOT NULL ORDER BY number
    """,
    ("lane", "status"),
)

_CLAIM_NOTHING = text("SELECT pg_advisory_xact_lock(hashtextextended('deliveries of ' || :endpoint_id, 0))")
# a row that refers to the endpoint cannot come while this is locked; who added one before has committed
_ADD_NOTHING = text("SELECT id FROM endpoint WHERE id = :endpoint_id FOR UPDATE")
