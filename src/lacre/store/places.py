"""The order in which events can be read without missing any, however late a transaction commits.

An event's place is its transaction's. On PostgreSQL that is the transaction's number, which grows: who reads
only what comes before the oldest transaction still open finds that nothing is added there later on. On SQLite
one writes at a time, so the last place taken is the newest that there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import select, text

from lacre.store.tables import counter
from lacre.store.transaction import Transaction, put

LAST_POSITION = 32_767
"""Of an event in its transaction."""
_ERA_BITS = 48
"""A transaction's number has 64 bits, of which no server uses this many."""
_ERA_OF = "numbers of "


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a reader stands: just after this."""

    place: int
    position: int = LAST_POSITION

    @classmethod
    def read(cls, cursor: str) -> Self | None:
        """The inverse of `str`; `None` for any other text."""
        place, _, position = cursor.removeprefix("cur_").partition("_")
        if not cursor.startswith("cur_") or not (_is_number(place) and _is_number(position)):
            return None
        return cls(place=int(place), position=int(position))

    def __str__(self) -> str:
        return f"cur_{self.place}_{self.position}"


BEGINNING = Place(place=0)


def adding(*, postgresql: bool) -> str:
    """One event: its columns in their order, then the base: the era's on PostgreSQL, on SQLite the
    instant."""
    return _ADD_ON_POSTGRES if postgresql else _ADD_ON_SQLITE


def settled(transaction: Transaction, base: int) -> Place:
    """The place up to which, itself included, nothing is added any more."""
    if transaction.postgresql:
        return Place(place=transaction.read(_OLDEST_OPEN, {"base": base}).scalar_one() - 1)
    return Place(place=transaction.read(_LAST_TAKEN).scalar_one())


def era_base(transaction: Transaction) -> int:
    """What the numbers of this server's transactions are counted from.

    A dump that is read into another server meets numbers that are lower than those it holds: an era begins.
    """
    if not transaction.postgresql:
        return 0
    server = transaction.read(_SERVER).scalar_one()
    eras = select(counter.c.name, counter.c.value).where(counter.c.name.startswith(_ERA_OF))
    known: dict[str, int] = {row.name: row.value for row in transaction.read(eras)}
    newest = max(known.values(), default=-1)
    mine = known.get(_ERA_OF + server, -1)
    if mine < newest or mine < 0:
        mine = newest + 1
        put(transaction, counter, [{"name": _ERA_OF + server, "value": mine}], ["name"])
    return mine << _ERA_BITS


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 19


_LAST = "SELECT place FROM event ORDER BY rowid DESC LIMIT 1"
# the clock is a floor for a table that was emptied: readers still hold places that were taken in it
_ADD = "INSERT INTO event (id, account_id, type, subject_id, at, position, facts, place) VALUES "
_ADD_ON_SQLITE = f"{_ADD}(?, ?, ?, ?, ?, ?, ?, max(coalesce(({_LAST}), 0) + 1, ?))"
_ADD_ON_POSTGRES = f"{_ADD}(%s, %s, %s, %s, %s, %s, %s, %s::bigint + pg_current_xact_id()::text::bigint)"
_LAST_TAKEN: Any = text(f"SELECT coalesce(({_LAST}), 0)")
_OLDEST_OPEN = text("SELECT CAST(:base AS bigint) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
# one after the other, lest two processes that start begin two eras
_SERVER = text(
    "SELECT system_identifier::text FROM pg_control_system(),"
    " pg_advisory_xact_lock(hashtextextended('eras of transaction numbers', 0))"
)
