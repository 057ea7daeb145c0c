"""A bug caught where it must not stop everything else: the only place that does so is `loop.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Crash:
    """What was raised, in one line; the trace went to the log."""

    problem: str


class Guard(Protocol):
    def __call__(self, do: Callable[[], Result], /) -> Result | Crash:
        """Whatever is raised is logged with its trace and comes back as a value."""
        ...
