"""What a check found out, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from lacre.settings import Settings


class Level(StrEnum):
    OK = "ok"
    SKIPPED = "skipped"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    level: Level
    detail: str
    remedy: str = ""


Check: TypeAlias = Callable[[Settings], Finding]


def fine(detail: str) -> Finding:
    return Finding(Level.OK, detail)


def skipped(detail: str) -> Finding:
    return Finding(Level.SKIPPED, detail)


def warning(detail: str, remedy: str) -> Finding:
    """It works, but something will come of it."""
    return Finding(Level.WARNING, detail, remedy)


def problem(detail: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(Level.PROBLEM, detail, remedy)
