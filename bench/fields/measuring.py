"""How many fields are found exactly: of documents whose truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bench.fields.drawing import Sample, born_digital
from bench.fields.noise import misread
from bench.fields.samples import TYPES, sample
from bench.fields.scanning import scanned
from bench.pages.wear import Quality
from lacre.processing.extracting import extract
from lacre.processing.page import Page
from lacre.processing.shipped import SHIPPED

DAY = date(2026, 11, 23)


@dataclass
class Score:
    right: int = 0
    wanted: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    """How many values there are of each field."""
    misses: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Of each field that was missed, one: what is true and what was found."""

    @property
    def share(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    def judge(self, name: str, value: object, found: object) -> None:
        self.wanted += 1
        self.asked[name] += 1
        if found == value:
            self.right += 1
        else:
            self.misses[name] += 1
            self.examples[name] = value, found

    def add(self, other: Score) -> None:
        self.wanted += other.wanted
        self.right += other.right

    def of_field(self, name: str) -> Score:
        return Score(right=self.asked[name] - self.misses[name], wanted=self.asked[name])


def score(read: Iterable[tuple[Sample, Sequence[Page]]]) -> Score:
    """Of samples of one type, as they were read."""
    total = Score()
    for drawn, pages in read:
        found = {one.field: one.value for one in extract(SHIPPED[drawn.type], pages, on=DAY)}
        for name, value in drawn.truth.items():
            total.judge(name, value, found.get(name))
    return total


SAMPLES, WORN_SAMPLES = 20, 8
SHARES = {"clean": 0.0, "misread": 0.01}
"""Of letters that have a like, how many are taken for it; the second has no bar codes either."""
WORN = (Quality.MILD, Quality.BAD)
TARGET = 0.95
"""A field that is found less often on worn paper has a row of its own."""


def measure(rounds: int | None = None) -> dict[str, object]:
    """Values that are exactly right, of each shipped type; so many documents each, of seeds of their own."""
    rows: dict[str, object] = {}
    weak: dict[str, object] = {}
    every = {quality: Score() for quality in WORN}
    for number in TYPES:
        scores = {quality: _worn(number, quality, rounds or WORN_SAMPLES) for quality in WORN}
        rows[SHIPPED[number].name] = {**_born_digital(number, rounds or SAMPLES), **_row(scores)}
        weak |= {f"{SHIPPED[number].name}: {name}": row for name, row in _weak(scores)}
        for quality, found in scores.items():
            every[quality].add(found)
    return {**rows, "all of them": _row(every), **weak}


def _born_digital(number: int, count: int) -> dict[str, float]:
    drawn = [sample(number, f"bench {at}") for at in range(count)]
    row = {"values": float(sum(len(one.truth) for one in drawn))}
    for name, share in SHARES.items():
        found = score((one, _read(one, f"{number} {at}", share)) for at, one in enumerate(drawn))
        row[f"{name}_percent"] = round(found.share * 100, 2)
    return row


def _worn(number: int, quality: Quality, count: int) -> Score:
    drawn = [(at, sample(number, f"worn {at}")) for at in range(count)]
    return score((one, scanned(one, quality, number * 1000 + at)) for at, one in drawn)


def _row(scores: Mapping[Quality, Score]) -> dict[str, float]:
    wanted = float(sum(one.wanted for one in scores.values()))
    shares = {f"{quality}_percent": round(one.share * 100, 2) for quality, one in scores.items()}
    return {"scanned_values": wanted, **shares}


def _weak(scores: Mapping[Quality, Score]) -> Iterator[tuple[str, dict[str, float]]]:
    names = dict.fromkeys(name for one in scores.values() for name in one.asked)
    for name in names:
        found = {quality: one.of_field(name) for quality, one in scores.items()}
        if any(one.share < TARGET for one in found.values()):
            yield name, _row(found)


def _read(one: Sample, seed: str, share: float) -> Sequence[Page]:
    pages = born_digital(one)
    return misread(pages, seed, share=share) if share else pages
