"""Jobs: slow work, asked for in one transaction and done in others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lacre.kit.ids import JobId, new_uuid
from lacre.kit.jobs import HeldJob, HoldLost, Job, Share
from lacre.kit.json import canonical
from lacre.store.columns import plain
from lacre.store.instants import micros
from lacre.store.tables import job
from lacre.store.transaction import Transaction

MOST_ACCOUNTS = 64
"""Looked at in one claim: more than there are hands, as the first of some may be another worker's."""

# literals and not parameters: so that the databases see that their partial indexes fit
_WAITING = job.c.status == literal_column("'waiting'")
_HELD = job.c.status == literal_column("'held'")


class SqlJobs:
    """Both sides: those who ask for work and those who do it."""

    def __init__(self, transaction: Transaction, clock: Callable[[], datetime]) -> None:
        self._transaction = transaction
        self._clock = clock
        self.asked = False

    def add(self, job: Job) -> None:
        self.asked = True
        fingerprint = hashlib.sha256(canonical([job.kind, job.key, job.payload])).hexdigest()
        due = micros(job.due_at)
        forward = _FORWARD if self._transaction.postgresql else _FORWARD_SQLITE
        if self._transaction.write(forward, {"due": due, "fingerprint": fingerprint}).rowcount == 0:
            self._transaction.write(_ADD, self._row(job, fingerprint))

    def claim(
        self,
        worker_id: str,
        *,
        now: datetime,
        limit: int,
        kinds: Sequence[str] = (),
        share: Share | None = None,
    ) -> Sequence[HeldJob]:
        due = [_table.c.due_at <= micros(now), *([_table.c.kind.in_(kinds)] if kinds else [])]
        rows = self._first(due, limit)
        if share is not None and rows:
            deal = _Deal(share, limit, self._in_hand(worker_id, kinds))
            rows = self._shared(deal, rows, now=now, kinds=kinds)
        return self._hold(worker_id, rows)

    def finish(self, worker_id: str, job_id: JobId, *, now: datetime) -> None:
        self._settle(worker_id, job_id, status="done", settled_at=micros(now), problem="")

    def retry(self, worker_id: str, job_id: JobId, *, due_at: datetime, problem: str) -> None:
        self._settle(worker_id, job_id, status="waiting", due_at=micros(due_at), problem=plain(problem))

    def give_up(self, worker_id: str, job_id: JobId, *, now: datetime, problem: str) -> None:
        self._settle(worker_id, job_id, status="given_up", settled_at=micros(now), problem=plain(problem))

    def release(self, worker_id: str, job_id: JobId) -> None:
        self._settle(worker_id, job_id, status="waiting", attempts=job.c.attempts - 1)

    def _settle(self, worker_id: str, job_id: JobId, **values: Any) -> None:  # noqa: ANN401 - columns
        mine = update(job).where(_HELD, job.c.holder == worker_id, job.c.id == job_id)
        if self._transaction.write(mine.values(holder=None, **values)).rowcount != 1:
            raise HoldLost

    def _first(self, due: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Any]:
        first = select(_table.c.id, _table.c.kind, _table.c.key, _table.c.account_id)
        wanted = first.where(_WAITING, ~_KEY_BUSY, ~_ANOTHER_FIRST, *due)
        return self._candidates(wanted.order_by(_table.c.due_at, _table.c.id).limit(limit))

    def _shared(self, deal: _Deal, rows: Sequence[Any], *, now: datetime, kinds: Sequence[str]) -> list[Any]:
        """Others are looked for only when an account would have more than its share."""
        beyond = [row for row in rows if not deal.take(row)]
        for _, kind, account_id in self._accounts_due(kinds, now) if beyond else ():
            if deal.room(account_id):
                whose = (_table.c.kind == kind, _table.c.account_id == account_id)
                # with those that are taken already
                for row in self._first([_table.c.due_at <= micros(now), *whose], deal.share.most):
                    deal.take(row)
        return deal.taken if deal.share.always else [*deal.taken, *beyond][: deal.limit]

    def _in_hand(self, worker_id: str, kinds: Sequence[str]) -> Counter[str | None]:
        mine = select(job.c.account_id, func.count().label("number"))
        held = mine.where(_HELD, job.c.holder == worker_id, job.c.kind.in_(kinds))
        rows = self._transaction.read(held.group_by(job.c.account_id))
        return Counter({row.account_id: row.number for row in rows})

    def _accounts_due(self, kinds: Sequence[str], now: datetime) -> list[tuple[int, str, str]]:
        """The longest due first."""
        found = []
        for kind in kinds:
            asked = {"kind": kind, "now": micros(now), "most": MOST_ACCOUNTS}
            rows = self._transaction.read(_ACCOUNTS_DUE, asked)
            found += [(row.due_at, kind, row.account_id) for row in rows]
        return sorted(found)

    def _candidates(self, first: Any) -> Sequence[Any]:  # noqa: ANN401 - a select
        if not self._transaction.postgresql:
            # without locking: whether they still wait is asked again when they are taken
            return self._transaction.read(first).all()
        rows = self._transaction.read(first.with_for_update(skip_locked=True, of=job)).all()
        # whoever claims another job of the same kind and key at this moment has the key's lock
        keys = [f"{row.kind} {row.key}" for row in rows]
        free = set(self._transaction.read(_LOCK_KEYS, {"keys": keys}).scalars())
        return [row for row in rows if f"{row.kind} {row.key}" in free]

    def _hold(self, worker_id: str, rows: Sequence[Any]) -> Sequence[HeldJob]:
        if not rows:
            return []
        ids = [row.id for row in rows]
        # asked once more: what was held when the locks were got could not be seen before
        free = update(job).where(job.c.id.in_(ids), _WAITING, ~_KEY_BUSY)
        held = free.values(status="held", holder=worker_id, attempts=job.c.attempts + 1).returning(job)
        got = {row.id: row for row in self._transaction.write(held)}
        return [_held_job(got[one]) for one in ids if one in got]

    def _row(self, job: Job, fingerprint: str) -> dict[str, Any]:
        return {
            "id": new_uuid(),
            "kind": job.kind,
            "key": job.key,
            "account_id": job.account_id,
            "fingerprint": fingerprint,
            "payload": dict(job.payload),
            "status": "waiting",
            "created_at": micros(self._clock()),
            "due_at": micros(job.due_at),
        }


class _Deal:
    """What one claim takes, and what each account has in this worker's hands with that."""

    def __init__(self, share: Share, limit: int, in_hand: Counter[str | None]) -> None:
        self.share, self.limit = share, limit
        self.taken: list[Any] = []
        self._in_hand = in_hand

    def room(self, account_id: str | None) -> int:
        return max(0, min(self.limit - len(self.taken), self.share.most - self._in_hand[account_id]))

    def take(self, row: Any) -> bool:  # noqa: ANN401 - a row
        """Not what is taken already, nor more than its account's share."""
        fits = self.room(row.account_id) > 0 and row.id not in {one.id for one in self.taken}
        if fits:
            self.taken.append(row)
            self._in_hand[row.account_id] += 1
        return fits


_table = job
_ADD = insert(job)
_other = job.alias("other")
# as no column: PostgreSQL must look up the key, and not read all of the kind that is asked for
_SAME_KEY = (_other.c.kind == job.c.kind + "") & (_other.c.key == job.c.key)


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(_other.c.id).where(and_(_SAME_KEY, *conditions)).correlate(job).exists()


_KEY_BUSY = _exists(_other.c.status == literal_column("'held'"))
_EARLIER = (_other.c.due_at < job.c.due_at) | ((_other.c.due_at == job.c.due_at) & (_other.c.id < job.c.id))
_ANOTHER_FIRST = _exists(_other.c.status == literal_column("'waiting'"), _EARLIER)

_FORWARD = text(
    "UPDATE job SET due_at = least(due_at, :due) WHERE fingerprint = :fingerprint AND status = 'waiting'"
)
_FORWARD_SQLITE = text(
    "UPDATE job SET due_at = min(due_at, :due) WHERE fingerprint = :fingerprint AND status = 'waiting'"
)
# from one account's first to the next one's by the index, however many jobs each has; `waiting` and the order
# as they stand there
_ACCOUNTS_DUE = text(
    """
    WITH RECURSIVE first(id) AS (
        SELECT (SELECT id FROM job WHERE status = 'waiting' AND kind = :kind AND account_id > ''
            ORDER BY account_id, due_at, id LIMIT 1)
        UNION ALL
        SELECT (SELECT job.id FROM job WHERE job.status = 'waiting' AND job.kind = :kind
            AND job.account_id > (SELECT before.account_id FROM job AS before WHERE before.id = first.id)
            ORDER BY job.account_id, job.due_at, job.id LIMIT 1)
        FROM first WHERE first.id IS NOT NULL
    ), found AS (
        SELECT (SELECT job.account_id FROM job WHERE job.id = first.id) AS account_id,
            (SELECT job.due_at FROM job WHERE job.id = first.id) AS due_at
        FROM first WHERE first.id IS NOT NULL
    )
    SELECT account_id, due_at FROM found WHERE due_at <= :now ORDER BY due_at LIMIT :most
    """
)
_LOCK_KEYS = text(
    "SELECT key FROM unnest(:keys) AS wanted(key) WHERE pg_try_advisory_xact_lock(hashtextextended(key, 1))"
).bindparams(bindparam("keys", type_=ARRAY(String)))


def _held_job(row: Any) -> HeldJob:  # noqa: ANN401 - a row
    return HeldJob(id=row.id, kind=row.kind, key=row.key, payload=row.payload, attempts=row.attempts)
