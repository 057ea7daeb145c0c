"""`Passages`: one row for each who and window length, taken over by each new window."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from lacre.kit.pace import Allowance
from lacre.store.instants import micros
from lacre.store.passage_tables import passage
from lacre.store.transaction import Transaction

LONGEST_WHO = 200
FORGOTTEN_AFTER = timedelta(hours=1)


class SqlPassages:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, who: str, allowed: Allowance, times: int, *, now: datetime) -> int:
        """The first of a window forgets those that are long over."""
        number = allowed.window(now)
        ends_at = micros(now) + allowed.left(now) * 1_000_000
        dialect = postgresql if self._transaction.postgresql else sqlite
        row = {"who": who[:LONGEST_WHO], "seconds": allowed.seconds, "number": number, "count": times}
        first = dialect.insert(passage).values(**row, ends_at=ends_at)
        same = passage.c.number == number
        counted = first.on_conflict_do_update(
            index_elements=["who", "seconds"],
            set_={
                "number": number,
                "ends_at": ends_at,
                "count": case((same, passage.c.count + times), else_=times),
            },
        ).returning(passage.c.count)
        total = int(self._transaction.write(counted).scalar_one())
        if total == times:
            self._forget(now)
        return total

    def _forget(self, now: datetime) -> None:
        """Of what somebody else counts just now, nothing: they may wait for ours."""
        key = (passage.c.who, passage.c.seconds)
        over = select(*key).where(passage.c.ends_at < micros(now - FORGOTTEN_AFTER))
        free = over.with_for_update(skip_locked=True)
        self._transaction.write(delete(passage).where(tuple_(*key).in_(free)))
