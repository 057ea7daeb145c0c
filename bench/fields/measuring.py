"""How many fields are found exactly: of documents whose truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bench.fields.drawing import Sample, born_digital
from bench.fields.noise import misread
from bench.fields.samples import TYPES, sample
from lacre.processing.extracting import extract
from lacre.processing.page import Page
from lacre.processing.shipped import SHIPPED

DAY = date(2026, 11, 23)


@dataclass
class Score:
    right: int = 0
    wanted: int = 0
    misses: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Of each field that was missed, one: what is true and what was found."""

    @property
    def share(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def score(read: Iterable[tuple[Sample, Sequence[Page]]]) -> Score:
    """Of samples of one type, as they were read."""
    total = Score()
    for drawn, pages in read:
        found = {one.field: one.value for one in extract(SHIPPED[drawn.type], pages, on=DAY)}
        for name, value in drawn.truth.items():
            total.wanted += 1
            if found.get(name) == value:
                total.right += 1
            else:
                total.misses[name] += 1
                total.examples[name] = value, found.get(name)
    return total


SAMPLES = 20
SHARES = {"clean": 0.0, "misread": 0.01}
"""Of letters that have a like, how many are taken for it; the second has no bar codes either."""


def measure(rounds: int = SAMPLES) -> dict[str, object]:
    """Values that are exactly right, of each shipped type; `rounds` documents each, of seeds of their own."""
    return {SHIPPED[one].name: _of_type(one, rounds) for one in TYPES}


def _of_type(number: int, count: int) -> dict[str, float]:
    drawn = [sample(number, f"bench {at}") for at in range(count)]
    row = {"values": float(sum(len(one.truth) for one in drawn))}
    for name, share in SHARES.items():
        found = score((one, _read(one, f"{number} {at}", share)) for at, one in enumerate(drawn))
        row[f"{name}_percent"] = round(found.share * 100, 2)
    return row


def _read(one: Sample, seed: str, share: float) -> Sequence[Page]:
    pages = born_digital(one)
    return misread(pages, seed, share=share) if share else pages
