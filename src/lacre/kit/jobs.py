"""Slow work that a transaction asks for: a row that commits with the change that wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lacre.kit.ids import AccountId, JobId
from lacre.kit.json import Json
from lacre.kit.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class Job:
    """`key` names what it works on: of one kind and key, never two run at once."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Json] = field(default_factory=dict)
    account_id: AccountId | None = None
    """Whose it is; nobody's are the installation's own, and share as one account would."""


class Jobs(Protocol):
    def add(self, job: Job) -> None:
        """A second job of the same kind, key and payload that has not begun yet is not added twice.

        One that waits is drawn forward, if the new one is due earlier.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class HeldJob:
    """A job in this worker's hands."""

    id: JobId
    kind: str
    key: str
    payload: Mapping[str, Json]
    attempts: int
    """Begun so far, this time included."""


class HoldLost(Refusal):
    """This work is in other hands by now."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many jobs of one account a worker has in hand at once."""

    most: int
    """While others wait."""
    always: bool = False
    """Also while nobody else waits: whoever comes then finds a hand free at once."""


class JobQueue(Protocol):
    """What workers take jobs from. A hold ends when it is settled, or when its worker is gone.

    Everything but `claim` raises `HoldLost` when the job is no longer this worker's. Raised in the
    transaction of the job's own effects, it undoes them: so each job takes effect once.
    """

    def claim(
        self,
        worker_id: str,
        *,
        now: datetime,
        limit: int,
        kinds: Sequence[str] = (),
        share: Share | None = None,
    ) -> Sequence[HeldJob]:
        """Due jobs, the longest due first; never two of one kind and key. No kinds: any kind.

        `share` is of what this worker has of these kinds: others go before an account that has its share.
        """
        ...

    def finish(self, worker_id: str, job_id: JobId, *, now: datetime) -> None: ...

    def retry(self, worker_id: str, job_id: JobId, *, due_at: datetime, problem: str) -> None: ...

    def give_up(self, worker_id: str, job_id: JobId, *, now: datetime, problem: str) -> None: ...

    def release(self, worker_id: str, job_id: JobId) -> None:
        """Gives it back as it was, due at once."""
        ...


@dataclass(frozen=True, kw_only=True)
class PresentWorker:
    id: str
    name: str
    started_at: datetime
    seen_at: datetime


class Workers(Protocol):
    """Who is at work. Holds of the dead go back to where they were, and are due at once."""

    def present(self) -> Sequence[PresentWorker]:
        """The longest at work first."""
        ...

    def gone(self, *, at: float) -> Sequence[str]:
        """Ends the holds of workers that died or fell silent; names them. For every worker, every second.

        `at`: seconds of a clock that nobody sets; a worker is silent when it is seen not to beat.
        """
        ...


class Presence(Protocol):
    """A worker that is there; as long as its context is open, or until its process dies."""

    @property
    def worker_id(self) -> str: ...

    def beat(self) -> None:
        """Every few seconds; silence for a minute counts as death."""
        ...

    def keep(self) -> None:
        """Before each look for the dead: makes sure that our life line is seen. Writes nothing."""
        ...
