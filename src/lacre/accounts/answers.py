"""Answers already given, so that a request sent twice does its work once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lacre.kit.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    request_digest: str
    status: int
    body: str


class AnsweredMeanwhile(Refusal):
    """Another request with the same idempotency key was answered at the same time: ask again."""


class Answers(Protocol):
    """By account and idempotency key; kept for a day."""

    def get(self, account_id: str, key: str) -> GivenAnswer | None: ...

    def keep(self, account_id: str, key: str, answer: GivenAnswer, *, now: datetime) -> None:
        """Raises `AnsweredMeanwhile` when the key is taken: the transaction and its work are then undone."""
        ...
