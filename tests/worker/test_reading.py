"""Documents are read page by page: told of once, left when unwanted, and gone on with after a death."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lacre.engines import clock
from lacre.kit.ids import JobId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.processing import actions, events
from lacre.processing.extraction import MOST_TRIES, Extraction, Status
from lacre.processing.ports import Failure, NotExtracted, Unreadable
from lacre.services import Services
from lacre.store.inputs import FolderInputs
from lacre.worker import reading
from lacre.worker.reading import Pace
from tests.support.extractions import an_extraction
from tests.support.fake_reader import DirectExtractor, FakeReader
from tests.support.working import Site


class Desk:
    """Documents that come to a site, and a worker's handler."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.reader = site, FakeReader(pages=3)
        self.inputs = FolderInputs(folder / "inputs")
        self.account, self.pace = site.account(), Pace()
        self.services: Services = replace(
            site.services, inputs=self.inputs, reader=self.reader, extractor=DirectExtractor()
        )
        (folder / "nota.pdf").write_bytes(b"%PDF-1.7")
        self.file = folder / "nota.pdf"

    def submit(self, **given: object) -> Extraction:
        kept = self.inputs.keep(self.file, now=clock.now())
        extraction = an_extraction(self.account, input=kept, **given)
        with self.site.store.open_work() as work:
            actions.submit(work, extraction, now=clock.now())
        return extraction

    def read(self, extraction: Extraction, generation: int = 1) -> None:
        job = HeldJob(
            id=JobId(new_uuid()), kind=actions.READ, key=extraction.id, payload={"generation": generation},
            attempts=1,
        )  # fmt: skip
        reading.read(self.services, job, clock.now(), self.pace)

    def look(self, extraction: Extraction) -> Extraction:
        with self.site.store.open_work() as work:
            return work.extractions.get(self.account, extraction.id)

    def told(self) -> Sequence[str]:
        with self.site.store.open_work() as work:
            found = work.events.find(self.account, offset=0, limit=50)
        return [one.event.type for one in found][::-1]


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    return Desk(site, tmp_path)


def test_a_document_is_read_to_its_end_and_told_of_once(desk: Desk) -> None:
    extraction = desk.submit()

    desk.read(extraction)
    desk.read(extraction)

    done = desk.look(extraction)
    assert (done.status, done.kind, done.pages, done.pages_read) == (Status.FINISHED, "pdf", 3, 3)
    assert done.confidence == 1.0
    assert done.process_seconds is not None
    assert desk.told() == [events.DOCUMENT_RECEIVED, events.DOCUMENT_PROCESSED]


def test_only_the_pages_that_are_wanted_are_read(desk: Desk) -> None:
    extraction = desk.submit(selected="1,3")

    desk.read(extraction)

    assert desk.reader.asked == [[1, 3]]
    assert desk.look(extraction).pages_read == 2


def test_a_page_that_is_not_there_is_said(desk: Desk) -> None:
    extraction = desk.submit(selected="2-5")

    desk.read(extraction)

    problem = desk.look(extraction).problem
    assert problem is not None
    assert (problem.code, problem.page) == ("no_such_page", 4)
    assert desk.told() == [events.DOCUMENT_RECEIVED, events.DOCUMENT_FAILED]


@pytest.mark.parametrize("reason", [Unreadable.PASSWORD, Unreadable.TOO_MANY_PAGES])
def test_a_file_that_cannot_be_read_is_an_error_that_is_told(desk: Desk, reason: Unreadable) -> None:
    desk.reader.opens = Failure(reason, "why")
    extraction = desk.submit()

    desk.read(extraction)

    done = desk.look(extraction)
    assert (done.status, done.problem and done.problem.code) == (Status.ERROR, reason.value)
    assert desk.told()[-1] == events.DOCUMENT_FAILED


def test_a_page_that_cannot_be_read_is_named(desk: Desk) -> None:
    desk.reader.fails = {2: Failure(Unreadable.TOO_SLOW)}
    extraction = desk.submit()

    desk.read(extraction)

    problem = desk.look(extraction).problem
    assert problem is not None
    assert (problem.code, problem.page) == ("too_slow", 2)


def test_a_file_that_is_gone_is_said(desk: Desk) -> None:
    extraction = desk.submit()
    desk.inputs.forget(extraction.input)

    desk.read(extraction)

    problem = desk.look(extraction).problem
    assert problem is not None
    assert problem.code == "input_gone"


def test_reading_goes_on_at_the_page_where_it_was_cut_off(desk: Desk) -> None:
    desk.pace = Pace(save_seconds=0)
    desk.reader.crashes_at = 3
    extraction = desk.submit()
    with pytest.raises(RuntimeError):
        desk.read(extraction)
    desk.reader.crashes_at = None

    desk.read(extraction)

    assert desk.reader.asked == [[1, 2, 3], [3]]
    assert desk.look(extraction).pages_read == 3
    assert desk.told() == [events.DOCUMENT_RECEIVED, events.DOCUMENT_PROCESSED]


def test_a_document_that_ends_every_worker_is_given_up(desk: Desk) -> None:
    desk.reader.crashes_at = 1
    extraction = desk.submit()

    for _ in range(MOST_TRIES):
        with pytest.raises(RuntimeError):
            desk.read(extraction)
    desk.read(extraction)

    problem = desk.look(extraction).problem
    assert problem is not None
    assert problem.code == "gave_up"


def test_what_is_cancelled_is_left_between_two_pages(desk: Desk) -> None:
    desk.pace = Pace(save_seconds=0)
    extraction = desk.submit()
    desk.reader.before = lambda number: cancel_at(desk, extraction, 2, number)

    desk.read(extraction)

    done = desk.look(extraction)
    assert (done.status, done.pages_read) == (Status.ERROR, 1)
    assert desk.told() == [events.DOCUMENT_RECEIVED, events.DOCUMENT_FAILED]


def test_what_is_deleted_meanwhile_is_nobody_s_business(desk: Desk) -> None:
    extraction = desk.submit()
    desk.reader.before = lambda number: remove_at(desk, extraction, 2, number)

    desk.read(extraction)

    assert desk.told() == [events.DOCUMENT_RECEIVED]


def test_a_long_document_lets_others_have_their_turn(desk: Desk) -> None:
    desk.pace = Pace(save_seconds=0, turn_seconds=0)
    extraction = desk.submit()

    for _ in range(3):
        desk.read(extraction)

    assert desk.reader.asked == [[1, 2, 3], [2, 3], [3]]
    assert desk.look(extraction).status is Status.FINISHED


def test_a_job_of_before_it_began_anew_does_nothing(desk: Desk) -> None:
    extraction = desk.submit()
    desk.read(extraction)
    with desk.site.store.open_work() as work:
        actions.process_again(work, desk.account, extraction.id, now=clock.now())

    desk.read(extraction, generation=1)
    assert desk.look(extraction).status is Status.RECEIVED

    desk.read(extraction, generation=2)
    assert desk.look(extraction).status is Status.FINISHED


def test_rules_that_take_for_ever_are_an_error_of_their_own(desk: Desk) -> None:
    class Endless(DirectExtractor):
        def extract(self, of: object, pages: object, *, on: object) -> NotExtracted:  # noqa: ARG002
            return NotExtracted(reason="took longer than 20 s")

    desk.services = replace(desk.services, extractor=Endless())
    extraction = desk.submit()

    desk.read(extraction)

    problem = desk.look(extraction).problem
    assert problem is not None
    assert (problem.code, problem.detail) == ("type_failed", "took longer than 20 s")


def cancel_at(desk: Desk, extraction: Extraction, page: int, number: int) -> None:
    if number == page:
        with desk.site.store.open_work() as work:
            actions.cancel(work, desk.account, extraction.id, now=clock.now())


def remove_at(desk: Desk, extraction: Extraction, page: int, number: int) -> None:
    if number == page:
        with desk.site.store.open_work() as work:
            actions.remove(work, work.extractions.get(desk.account, extraction.id))
