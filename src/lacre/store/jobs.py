"""Jobs: slow work, asked for in one transaction and done in others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, literal_column, select, text, update

from lacre.kit.ids import JobId, new_uuid
from lacre.kit.jobs import HeldJob, HoldLost, Job, Share
from lacre.kit.json import canonical
from lacre.store.columns import plain
from lacre.store.instants import micros
from lacre.store.job_claims import JobClaim
from lacre.store.tables import job
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns

# hidden: or the databases may read all that wait, of which they believe that there are few
_STILL_WAITING = func.coalesce(job.c.status, "") == literal_column("'waiting'")
# a literal and not a parameter: so that the databases see that their partial index fits
_HELD = job.c.status == literal_column("'held'")


class SqlJobs:
    """Both sides: those who ask for work and those who do it."""

    def __init__(self, transaction: Transaction, clock: Callable[[], datetime], turns: Turns) -> None:
        self._transaction, self._clock, self._turns = transaction, clock, turns
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
        claim = JobClaim(self._transaction, self._turns, kinds, now=micros(now))
        rows = claim.first(limit) if share is None else claim.shared(share, worker_id, limit)
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

    def _hold(self, worker_id: str, rows: Sequence[Any]) -> Sequence[HeldJob]:
        if not rows:
            return []
        ids = [row.id for row in rows]
        # asked once more: what was held when the locks were got could not be seen before
        free = update(job).where(job.c.id.in_(ids), _STILL_WAITING, ~_KEY_BUSY)
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


_ADD = insert(job)
_other = job.alias("other")
# as no column: PostgreSQL must look up the key, and not read all of the kind that is asked for
_SAME_KEY = (_other.c.kind == job.c.kind + "") & (_other.c.key == job.c.key)


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(_other.c.id).where(and_(_SAME_KEY, *conditions)).correlate(job).exists()


_KEY_BUSY = _exists(_other.c.status == literal_column("'held'"))

_FORWARD = text(
    "UPDATE job SET due_at = least(due_at, :due) WHERE fingerprint = :fingerprint AND status = 'waiting'"
)
_FORWARD_SQLITE = text(
    "UPDATE job SET due_at = min(due_at, :due) WHERE fingerprint = :fingerprint AND status = 'waiting'"
)


def _held_job(row: Any) -> HeldJob:  # noqa: ANN401 - a row
    return HeldJob(id=row.id, kind=row.kind, key=row.key, payload=row.payload, attempts=row.attempts)
