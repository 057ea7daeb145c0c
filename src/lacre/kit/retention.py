"""What is removed once it is old enough: in small steps, for as long as the product runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

PURGE = "upkeep.purge"
"""The job that does it."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A few rows of one rule that were looked at, and how many of them are gone."""

    rule: str
    looked_at: int
    removed: int
    over: bool
    """Whether nothing is left that was old enough when this way through the table began."""


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """How far a rule has come."""

    rule: str
    keeps_days: float | None
    """Of its rows; `None`: for ever."""
    complete_at: datetime | None
    """Everything that was old enough at that instant is gone; `None`: not even once yet."""
    removed: int
    """Since the installation began."""


class Retention(Protocol):
    """Any number of workers may take steps at once; it is of no use, and does no harm."""

    def step(self, *, now: datetime, limit: int) -> Step | None:
        """Of the first rule that has something to do; `None` when no rule has until later."""
        ...

    def sweeps(self) -> list[Sweep]:
        """Of every rule, in the order in which they are followed."""
        ...
