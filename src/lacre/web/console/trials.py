"""The test bench of a type: what its rules find in samples, beside what is right there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lacre.kit.json import Json
from lacre.processing.document_type import DocumentType
from lacre.processing.extraction import Extraction
from lacre.processing.page import Page
from lacre.processing.ports import Extractor, NotExtracted
from lacre.processing.repositories import ExtractionFilter
from lacre.web.console.door import Visit

MOST_SAMPLES, MOST_PAGES = 10, 20
MOST_FAILURES = 2
"""Somebody waits for the page: the third would be as slow."""


@dataclass(frozen=True, kw_only=True)
class Miss:
    sample: Extraction
    right: Json
    found: Json


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Of one field over all samples."""

    hits: int
    of: int
    misses: Sequence[Miss]


@dataclass(frozen=True, kw_only=True)
class Tried:
    samples: Sequence[Extraction]
    tallies: Mapping[str, Tally] | None = None
    """By field; `None` before anything was tried."""
    failed: Sequence[Extraction] = ()
    """On which the rules took too long, or were not tried after `MOST_FAILURES` of these."""

    @property
    def hits(self) -> int:
        return sum(one.hits for one in (self.tallies or {}).values())

    @property
    def of(self) -> int:
        return sum(one.of for one in (self.tallies or {}).values())


def samples_of(visit: Visit, number: int) -> Sequence[Extraction]:
    which = ExtractionFilter(type=number, samples=True)
    return visit.work.extractions.find(visit.account_id, which, limit=MOST_SAMPLES) if number else ()


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A type and the samples to try it on, read already: what the rules take is nobody's transaction."""

    meant: DocumentType
    extractor: Extractor
    samples: Sequence[tuple[Extraction, Sequence[Page]]]

    def tried(self) -> Tried:
        """By rules alone, whoever else its type would ask."""
        done: list[tuple[Extraction, Mapping[str, Json]]] = []
        failed: list[Extraction] = []
        for sample, pages in self.samples:
            values = self._found(sample, pages) if len(failed) < MOST_FAILURES else None
            if values is None:
                failed.append(sample)
            else:
                done.append((sample, values))
        return Tried(
            samples=[sample for sample, _ in self.samples],
            tallies={one.name: _tally(one.name, done) for one in self.meant.fields},
            failed=failed,
        )

    def _found(self, sample: Extraction, pages: Sequence[Page]) -> Mapping[str, Json] | None:
        values = self.extractor.extract(self.meant, pages, on=sample.created_at.date())
        return None if isinstance(values, NotExtracted) else {one.field: one.value for one in values}


def bench_of(visit: Visit, meant: DocumentType) -> Bench:
    found = [
        (one, visit.work.extractions.pages(one.id, limit=MOST_PAGES))
        for one in samples_of(visit, meant.number)
    ]
    return Bench(meant=meant, extractor=visit.services.extractor, samples=found)


def _tally(name: str, found: Sequence[tuple[Extraction, Mapping[str, Json]]]) -> Tally:
    misses = [
        Miss(sample=sample, right=sample.data.get(name), found=values.get(name))
        for sample, values in found
        if sample.data.get(name) != values.get(name)
    ]
    return Tally(hits=len(found) - len(misses), of=len(found), misses=misses)
