"""How many fields are found exactly: of documents whose truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bench.fields.drawing import Sample
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
    for sample, pages in read:
        found = {one.field: one.value for one in extract(SHIPPED[sample.type], pages, on=DAY)}
        for name, value in sample.truth.items():
            total.wanted += 1
            if found.get(name) == value:
                total.right += 1
            else:
                total.misses[name] += 1
                total.examples[name] = value, found.get(name)
    return total
