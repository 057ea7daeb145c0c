"""Slow work that a transaction asks for: a row that commits with the change that wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lacre.kit.json import Json


@dataclass(frozen=True, kw_only=True)
class Job:
    """`key` names what it works on: of one kind and key, never two run at once."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Json] = field(default_factory=dict)


class Jobs(Protocol):
    def add(self, job: Job) -> None:
        """A second job of the same kind, key and payload that has not begun yet is not added twice."""
        ...
