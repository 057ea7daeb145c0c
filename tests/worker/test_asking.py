"""A language model is asked by a job of its own; whatever it does, the document is finished by its rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lacre.engines import clock
from lacre.engines.language_model import ChatModel, open_way_out
from lacre.kit.ids import JobId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.processing import actions, events
from lacre.processing.catalogue import keep_type
from lacre.processing.document_type import DocumentType, Field, Kind, Rule
from lacre.processing.extraction import Extraction, Finder, Reply, Status
from lacre.worker import asking
from tests.support.chat import says, says_json
from tests.support.receiver import Answer, Receiver, hang, status
from tests.support.settings import settings_in
from tests.support.working import Site
from tests.worker.test_reading import Desk

RECEIPT = DocumentType(
    number=0,
    name="Recibo",
    fields=(
        Field(name="valor", title="Valor", kind=Kind.MONEY, rules=(Rule(anchor=("Valor total",)),)),
        Field(name="quem", title="Quem paga", kind=Kind.NAME),
    ),
    asks_model=True,
)


@pytest.fixture
def server() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def desk(site: Site, server: Receiver, tmp_path: Path) -> Iterator[Desk]:
    settings = settings_in(tmp_path, llm_url=f"{server.url}v1", llm_model="m", llm_seconds=2)
    way_out = open_way_out(settings)
    opened = Desk(site, tmp_path)
    opened.services = replace(opened.services, language_model=ChatModel.of(settings, way_out))
    opened.reader.lines = ("Recebi de Ana Dias", "Valor total R$ 10,00")
    yield opened
    way_out.close()


def submitted(desk: Desk, of: DocumentType = RECEIPT) -> Extraction:
    desk.reader.pages = 1
    with desk.site.store.open_work() as work:
        number = keep_type(work, desk.account, of).number
    return desk.submit(type=number)


def ask(desk: Desk, extraction: Extraction) -> None:
    payload = {"generation": 1}
    job = HeldJob(id=JobId(new_uuid()), kind=actions.ASK, key=extraction.id, payload=payload, attempts=1)
    asking.ask(desk.services, job, clock.now())


def processed(desk: Desk) -> Extraction:
    extraction = submitted(desk)
    desk.read(extraction)
    assert desk.look(extraction).status is Status.IN_PROGRESS
    ask(desk, extraction)
    return desk.look(extraction)


def test_what_the_rules_did_not_find_is_asked_for(desk: Desk, server: Receiver) -> None:
    server.answers(says_json(quem="Ana Dias", valor="R$ 99,00"))

    done = processed(desk)

    assert (done.status, done.data) == (Status.FINISHED, {"valor": "10.00", "quem": "Ana Dias"})
    assert [one.found_by for one in done.values] == [Finder.RULE, Finder.MODEL]
    assert "valor" not in server.heard[0].json["response_format"]["json_schema"]["schema"]["properties"]
    assert desk.told() == [events.DOCUMENT_RECEIVED, events.DOCUMENT_PROCESSED]


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        (says_json(quem="Bruno Reis"), (Reply.NOT_ON_PAGE, "quem", "Bruno Reis")),
        (says("Claro! Quem paga é Ana Dias."), (Reply.NOT_JSON, "", "")),
        (status(500), (Reply.REFUSED, "", "HTTP 500")),
        (hang(), (Reply.TOO_SLOW, "", "")),
    ],
)
def test_without_a_true_answer_the_rules_alone_finish_it(
    desk: Desk, server: Receiver, answer: Answer, remark: tuple[str, str, str]
) -> None:
    server.answers(answer)

    done = processed(desk)

    assert (done.status, done.data) == (Status.FINISHED, {"valor": "10.00", "quem": None})
    assert [(one.code, one.field, one.detail) for one in done.remarks] == [remark]


def test_no_transaction_is_open_while_it_thinks(desk: Desk, server: Receiver) -> None:
    """SQLite has one writer: a second one would wait for an open transaction to end."""
    seen: list[Status] = []
    extraction = submitted(desk)
    desk.read(extraction)

    def choose(_: object) -> Answer:
        with desk.site.store.open_work() as work:
            kept = work.extractions.get(desk.account, extraction.id)
            work.extractions.save(kept)
            seen.append(kept.status)
        return says_json(quem="Ana Dias")

    server.chooses(choose)
    ask(desk, extraction)

    assert seen == [Status.IN_PROGRESS]
    assert desk.look(extraction).data["quem"] == "Ana Dias"


@pytest.mark.parametrize(
    "of", [replace(RECEIPT, asks_model=False), replace(RECEIPT, fields=RECEIPT.fields[:1])]
)
def test_nobody_is_asked_without_need(desk: Desk, server: Receiver, of: DocumentType) -> None:
    extraction = submitted(desk, of)

    desk.read(extraction)

    assert desk.look(extraction).status is Status.FINISHED
    assert server.heard == []


def test_an_installation_without_one_goes_by_the_rules(desk: Desk) -> None:
    desk.services = replace(desk.services, language_model=None)
    extraction = submitted(desk)

    desk.read(extraction)

    assert desk.look(extraction).status is Status.FINISHED


def test_what_was_cancelled_meanwhile_is_left(desk: Desk, server: Receiver) -> None:
    extraction = submitted(desk)
    desk.read(extraction)
    with desk.site.store.open_work() as work:
        actions.cancel(work, desk.account, extraction.id, now=clock.now())

    ask(desk, extraction)

    assert server.heard == []
    assert desk.told()[-1] == events.DOCUMENT_FAILED
