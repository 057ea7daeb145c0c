"""A document's way from received to finished, or to an error."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lacre.processing import errors
from lacre.processing.extraction import Extraction, Finder, Found, Problem, Remark, Reply, Status, Value
from lacre.processing.snapshot import freeze, thaw
from tests.support.extractions import NOON, an_extraction

LATER = NOON + timedelta(seconds=2.5)
REMARK = Remark(code=Reply.NOT_ON_PAGE, field="quem", detail="Bruno")


def test_it_knows_how_long_it_took() -> None:
    extraction = finished()

    assert (extraction.status, extraction.process_seconds) == (Status.FINISHED, 2.5)


def test_what_is_over_cannot_be_cancelled() -> None:
    with pytest.raises(errors.ExtractionOver):
        finished().cancel(now=LATER)


def test_what_is_under_way_can() -> None:
    extraction = an_extraction()
    extraction.begin(now=NOON)

    extraction.cancel(now=LATER)

    assert (extraction.status, extraction.problem) == (Status.ERROR, Problem(code="canceled"))


def test_it_is_processed_again_from_its_first_page_on() -> None:
    extraction = finished()

    extraction.process_again(now=LATER)

    assert (extraction.status, extraction.pages_read) == (Status.RECEIVED, 0)
    assert (extraction.values, extraction.remarks) == ((), ())
    assert (extraction.generation, extraction.process_seconds) == (2, None)


def test_nothing_begins_anew_that_is_under_way() -> None:
    with pytest.raises(errors.ExtractionUnderWay):
        an_extraction().process_again(now=LATER)


def test_a_person_s_value_takes_the_place_of_what_was_found_and_both_are_kept() -> None:
    extraction = finished()

    extraction.correct("valor", "12.00", "12,00", by="user:ana", now=LATER)

    kept = extraction.value("valor")
    assert kept is not None
    assert (kept.value, kept.confidence, kept.found_by) == ("12.00", 1.0, Finder.PERSON)
    assert [(one.before, one.after, one.by) for one in extraction.corrections] == [
        ("10.00", "12.00", "user:ana")
    ]


def test_a_value_that_nobody_found_can_be_added() -> None:
    extraction = finished()

    extraction.correct("numero", "7", "7", by="user:ana", now=LATER)

    assert extraction.data == {"valor": "10.00", "numero": "7"}


def test_there_is_nothing_to_correct_before_the_end() -> None:
    with pytest.raises(errors.NothingExtracted):
        an_extraction().correct("valor", "1.00", "1,00", by="user:ana", now=NOON)


def test_it_comes_back_from_its_snapshot_as_it_was() -> None:
    extraction = finished()
    extraction.correct("valor", None, "", by="user:ana", now=LATER)

    assert thaw(freeze(extraction)) == extraction


def finished() -> Extraction:
    extraction = an_extraction()
    extraction.begin(now=NOON)
    extraction.open("pdf", 1)
    extraction.advance(1, now=NOON)
    values = (Value(field="valor", value="10.00", text="10,00", confidence=0.8),)
    extraction.finish(Found(values=values, confidence=0.8, type_version=1, remarks=(REMARK,)), now=LATER)
    return extraction
