"""Files fetched from a customer's URL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A file fetched from a URL into a scratch path."""

    path: Path
    size: int


@dataclass(frozen=True, kw_only=True)
class NotFetched:
    reason: str
    """A stable code, such as `dns_failed`, or `status_404`."""

    @property
    def passes(self) -> bool:
        """Whether it may go better later."""
        return self.reason in _PASSING or self.reason.startswith("status_5")


_PASSING = frozenset(
    {"dns_failed", "connect_failed", "deadline", "reset", "protocol_error", "status_408", "status_429"}
)


class Fetcher(Protocol):
    def fetch(self, url: str, into: Path, *, max_bytes: int) -> Fetched | NotFetched: ...
