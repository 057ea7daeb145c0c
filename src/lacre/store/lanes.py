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

from sqlalchemy import String, bindparam, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from lacre.store.batches import Row, Update
from lacre.store.statements import Statement
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
            out = update(delivery).where(delivery.c.id.in_([row.id for row in settled]))
            self._transaction.write(out.values(lane=None, place=None))
            self._promote(lanes)

    def lock(self, lanes: Iterable[str]) -> None:
        """For who takes rows out of them otherwise than by settling: before the rows; `promote` after."""
        self._lock(lanes)

    def promote(self, lanes: Iterable[str]) -> None:
        """Of lanes that are locked: the next may go, if nobody is before it."""
        if ordered := sorted(set(lanes)):
            self._promote(ordered)

    def promote_stranded(self) -> int:
        self.leave()
        values = {"after": self._turns.lane, "most": LOOKED_AT}
        looked_at = self._transaction.read(_FIRSTS, values).all()
        self._turns.lane = looked_at[-1].lane if len(looked_at) == LOOKED_AT else ""
        stranded = [row.lane for row in looked_at if row.status == "queued"]
        return self._promote(self._lock(stranded)) if stranded else 0

    def arrange(self, endpoint: Endpoint) -> None:
        """Nobody adds, claims or settles any of them meanwhile."""
        _STAND.run(self._transaction, _lined_up(endpoint, self._open_rows(endpoint)))

    # ── places ───────────────────────────────────────────────────────────────

    def _ends(self, wanted: Iterable[str]) -> dict[str, int]:
        """The last place of each lane that is not empty."""
        lanes = self._lock(wanted)
        if self._transaction.postgresql:
            rows = self._transaction.read(_ENDS, {"lanes": lanes}).all()
        else:
            rows = [row for lane in lanes for row in self._transaction.read(_END, {"lane": lane}).all()]
        return {row.lane: row.place for row in rows}

    def _promote(self, lanes: Sequence[str]) -> int:
        if self._transaction.postgresql:
            return self._transaction.write(_PROMOTE_MANY, {"lanes": list(lanes)}).rowcount
        return sum(self._transaction.write(_PROMOTE, {"lane": lane}).rowcount for lane in lanes)

    def _lock(self, lanes: Iterable[str]) -> list[str]:
        """SQLite has one writer at a time."""
        ordered = sorted(set(lanes))
        if ordered and self._transaction.postgresql:
            self._transaction.read(_LOCK, {"lanes": ordered}).all()
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

_LANES = bindparam("lanes", type_=ARRAY(String))

_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('lane ' || lane, 0)) FROM unnest(:lanes) AS asked(lane)"
).bindparams(_LANES)

_END = text("SELECT lane, place FROM delivery WHERE lane = :lane ORDER BY place DESC LIMIT 1")
_ENDS = text(
    """
    SELECT asked.lane, last.place FROM unnest(:lanes) AS asked(lane)
    CROSS JOIN LATERAL (
        SELECT place FROM delivery WHERE lane = asked.lane ORDER BY place DESC LIMIT 1
    ) AS last
    """
).bindparams(_LANES)

_PROMOTE = text(
    """
    UPDATE delivery SET status = 'waiting'
    WHERE status = 'queued'
        AND id = (SELECT id FROM delivery WHERE lane = :lane ORDER BY place LIMIT 1)
    """
)
_PROMOTE_MANY = text(
    """
    UPDATE delivery SET status = 'waiting'
    FROM unnest(:lanes) AS asked(lane)
    CROSS JOIN LATERAL (
        SELECT id FROM delivery WHERE lane = asked.lane ORDER BY place LIMIT 1
    ) AS first
    WHERE delivery.id = first.id AND delivery.lane = asked.lane AND delivery.status = 'queued'
    """
).bindparams(_LANES)

# from lane to lane by the index: the cost is that of the lanes, not of all that stands in them
_FIRSTS = text(
    """
    WITH RECURSIVE found(lane, number) AS (
        SELECT (SELECT lane FROM delivery WHERE lane > :after ORDER BY lane LIMIT 1), 1
        UNION ALL
        SELECT (SELECT lane FROM delivery WHERE lane > found.lane ORDER BY lane LIMIT 1), number + 1
        FROM found WHERE found.lane IS NOT NULL AND number < :most
    )
    SELECT lane, (SELECT status FROM delivery WHERE lane = found.lane ORDER BY place LIMIT 1) AS status
    FROM found WHERE lane IS NOT NULL ORDER BY number
    """
)

_CLAIM_NOTHING = text("SELECT pg_advisory_xact_lock(hashtextextended('deliveries of ' || :endpoint_id, 0))")
# a row that refers to the endpoint cannot come while this is locked; who added one before has committed
_ADD_NOTHING = text("SELECT id FROM endpoint WHERE id = :endpoint_id FOR UPDATE")
