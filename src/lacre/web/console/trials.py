"""The test bench of a type: what its rules find in samples, beside what is right there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lacre.kit.json import Json
from lacre.processing.document_type import DocumentType
from lacre.processing.extraction import Extraction
from lacre.processing.ports import NotExtracted
from lacre.processing.repositories import ExtractionFilter
from lacre.web.console.door import Visit

MOST_SAMPLES, MOST_PAGES = 10, 20


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
class Bench:
    samples: Sequence[Extraction]
    tallies: Mapping[str, Tally] | None = None
    """By field; `None` before anything was tried."""
    failed: Sequence[Extraction] = ()
    """On which the rules took too long."""

    @property
    def hits(self) -> int:
        return sum(one.hits for one in (self.tallies or {}).values())

    @property
    def of(self) -> int:
        return sum(one.of for one in (self.tallies or {}).values())


def samples_of(visit: Visit, number: int) -> Sequence[Extraction]:
    which = ExtractionFilter(type=number, samples=True)
    return visit.work.extractions.find(visit.account_id, which, limit=MOST_SAMPLES) if number else ()


def tried(visit: Visit, meant: DocumentType) -> Bench:
    """By rules alone, whoever else its type would ask."""
    samples = samples_of(visit, meant.number)
    found = [(one, _found(visit, meant, one)) for one in samples]
    done = [(sample, values) for sample, values in found if values is not None]
    return Bench(
        samples=samples,
        tallies={one.name: _tally(one.name, done) for one in meant.fields},
        failed=[sample for sample, values in found if values is None],
    )


def _found(visit: Visit, meant: DocumentType, sample: Extraction) -> Mapping[str, Json] | None:
    pages = visit.work.extractions.pages(sample.id, limit=MOST_PAGES)
    values = visit.services.extractor.extract(meant, pages, on=sample.created_at.date())
    return None if isinstance(values, NotExtracted) else {one.field: one.value for one in values}


def _tally(name: str, found: Sequence[tuple[Extraction, Mapping[str, Json]]]) -> Tally:
    misses = [
        Miss(sample=sample, right=sample.data.get(name), found=values.get(name))
        for sample, values in found
        if sample.data.get(name) != values.get(name)
    ]
    return Tally(hits=len(found) - len(misses), of=len(found), misses=misses)
