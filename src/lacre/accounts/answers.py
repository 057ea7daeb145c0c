"""Answers already given, so that a request sent twice does its work once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    request_digest: str
    status: int
    body: str


class Answers(Protocol):
    """By account and idempotency key; kept for a day."""

    def get(self, account_id: str, key: str) -> GivenAnswer | None: ...

    def keep(self, account_id: str, key: str, answer: GivenAnswer, *, now: datetime) -> None: ...
