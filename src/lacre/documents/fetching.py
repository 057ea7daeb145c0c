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


class Fetcher(Protocol):
    def fetch(self, url: str, into: Path, *, max_bytes: int) -> Fetched | NotFetched: ...
