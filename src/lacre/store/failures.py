"""`Failures`: one row for each who, under a digest of it, gone soon after it counts no longer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lacre.kit.throttle import WINDOW
from lacre.store.account_tables import login_failure
from lacre.store.instants import instant, micros
from lacre.store.transaction import Transaction

FORGOTTEN_AFTER = timedelta(hours=1)
"""Of another process whose clock is late, something may count still."""


class SqlFailures:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def of(self, who: str, *, now: datetime) -> list[datetime]:
        dialect = postgresql if self._transaction.postgresql else sqlite
        first = dialect.insert(login_failure).values(digest=_digest(who), at=[], over_at=micros(now))
        held = first.on_conflict_do_update(
            index_elements=["digest"], set_={"over_at": login_failure.c.over_at}
        ).returning(login_failure.c.at)
        return [instant(at) for at in self._transaction.write(held).scalar_one()]

    def keep(self, who: str, at: Sequence[datetime], *, now: datetime) -> None:
        mine = login_failure.c.digest == _digest(who)
        if at:
            kept = {"at": [micros(one) for one in at], "over_at": micros(max(at) + WINDOW)}
            self._transaction.write(update(login_failure).where(mine).values(kept))
            self._forget(now)
        else:
            self._transaction.write(delete(login_failure).where(mine))

    def _forget(self, now: datetime) -> None:
        """Of what somebody else has in hand, nothing: they may wait for ours."""
        over = select(login_failure.c.digest).where(login_failure.c.over_at < micros(now - FORGOTTEN_AFTER))
        free = over.with_for_update(skip_locked=True)
        self._transaction.write(delete(login_failure).where(login_failure.c.digest.in_(free)))


def _digest(who: str) -> str:
    return hashlib.sha256(who.encode()).hexdigest()
