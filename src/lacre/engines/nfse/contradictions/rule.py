"""A rule that a note may break, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lacre.fiscal.note import Note

Says: TypeAlias = Callable[[Note], bool]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`published` is the code that the Sefin has for it; empty where its schema says so."""

    published: str = ""
    field: str
    text: str
    broken: Says
    code: str = "contradictory"


def known_by_one(*said: object) -> bool:
    return sum(bool(one) for one in said) == 1
