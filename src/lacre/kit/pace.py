"""How often somebody may do something: so many times in each window of so many seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Allowance:
    most: int
    seconds: int

    def window(self, now: datetime) -> int:
        """Which one it is, counted since 1970."""
        return int(now.timestamp()) // self.seconds

    def left(self, now: datetime) -> int:
        """Whole seconds until the next begins; at least 1."""
        return self.seconds - int(now.timestamp()) % self.seconds


class Turnstile(Protocol):
    def enter(self, who: str, allowed: Sequence[Allowance], *, now: datetime) -> int | None:
        """Counts one more; `None`, or after how many seconds they may try again.

        What is refused is not counted. `who` names what they do, too: `"form 192.0.2.1"`.
        """
        ...

    def remaining(self, who: str, allowed: Allowance, *, now: datetime) -> int:
        """How many more may come in this window, as far as is known here; counts nothing."""
        ...


class Passages(Protocol):
    """Counts that several processes share."""

    def add(self, who: str, allowed: Allowance, times: int, *, now: datetime) -> int:
        """How many there are in this window now."""
        ...
