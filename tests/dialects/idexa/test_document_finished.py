"""The callback: method, headers and `:id` as they were asked for, and what a GET answers for a body."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from lacre.dialects.idexa import document
from lacre.dialects.idexa.webhook import filled
from lacre.processing import events
from lacre.processing.extraction import Extraction, Found, Problem, Value
from lacre.processing.ports import Failure, Unreadable
from tests.dialects.idexa.test_webhooks_api import LEAST
from tests.support.extractions import NOON, an_extraction
from tests.support.fake_reader import FakeReader
from tests.support.idexa_desk import Desk

GOLDEN = Path(__file__).parent


@pytest.mark.parametrize("prefix", ["", "/api_document"])
def test_its_body_is_what_a_get_answers(desk: Desk, prefix: str) -> None:
    desk.call("POST", f"{prefix}/document_webhooks", LEAST)
    made = desk.upload(externalId="pedido-7")["id"]
    desk.process(made)

    request = desk.callback(made)

    assert (request.method, request.url) == ("POST", f"https://erp.test/ocr/{made}")
    assert json.loads(request.body) == desk.call("GET", f"{prefix}/documents/{made}")


def test_a_document_that_failed_is_told_too(desk: Desk, reader: FakeReader) -> None:
    reader.opens = Failure(Unreadable.PASSWORD)
    desk.call("POST", "/document_webhooks", LEAST)
    made = desk.upload()["id"]
    desk.process(made)

    said = json.loads(desk.callback(made).body)

    assert (said["status"], said["error"]["message"]) == (2, "O arquivo está protegido por senha.")


@pytest.mark.parametrize(
    ("method", "told"), [("POST", True), ("PUT", True), ("GET", False), ("DELETE", False)]
)
def test_only_methods_that_bring_something_have_a_body(desk: Desk, method: str, told: bool) -> None:
    headers = {"X-Origem": "ocr", "content-type": "application/vnd.erp+json"}
    desk.call("POST", "/document_webhooks", {**LEAST, "method": method, "headers": headers})
    made = desk.upload()["id"]
    desk.process(made)

    request = desk.callback(made)

    assert request.method == method
    assert bool(request.body) is told
    assert request.headers == (("User-Agent", "Lacre (IDEXA)"), *headers.items())


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://erp.test:5000/a/:id", "http://erp.test:5000/a/7"),
        ("http://erp.test/a?doc=:id&x=:idea", "http://erp.test/a?doc=7&x=:idea"),
        ("http://erp.test/:id/:id.json", "http://erp.test/7/7.json"),
    ],
)
def test_the_id_is_filled_in_wherever_it_is_wanted_but_never_in_the_host(url: str, wanted: str) -> None:
    assert filled(url, "7") == wanted


@pytest.mark.parametrize("name", ["finished_1", "finished_2", "error_1", "error_2"])
def test_it_says_byte_for_byte_what_is_written_down(name: str) -> None:
    what, _, generation = name.partition("_")
    said = document.shown(finished() if what == "finished" else failed(), int(generation))

    assert json.dumps(said, ensure_ascii=False, indent=2) + "\n" == (GOLDEN / f"{name}.json").read_text()


def finished() -> Extraction:
    one = began()
    values = (
        Value(field="numero", value="1024", confidence=0.98),
        Value(field="valor_total", value="1234.56", confidence=0.97),
        Value(field="cnpj", value=None, confidence=0.0),
    )
    one.finish(Found(values=values, confidence=0.975, type_version=1), now=NOON + timedelta(seconds=2.5))
    return one


def failed() -> Extraction:
    one = began()
    one.fail(Problem(code="no_such_page", page=4), now=NOON + timedelta(seconds=0.25))
    return one


def began() -> Extraction:
    one = an_extraction(
        "113d37ed-6b47-46b6-bc50-bf5d64ad3a94",
        id="a7046a49-1fe0-483d-b220-cd93fe50a3a9",
        external_id="pedido-7",
        dialect_data={"idexa": {"api_key_id": "5a3b1e00-0000-4000-8000-000000000001"}},
    )
    one.begin(now=NOON)
    one.open("pdf", 3)
    return one


def test_other_events_are_not_told(desk: Desk) -> None:
    desk.call("POST", "/document_webhooks", LEAST)
    made = desk.upload()["id"]

    with desk.services.open_work() as work:
        (kept,) = work.events.of_subject(desk.account_id, made)
        (endpoint,) = work.endpoints.of_account(desk.account_id)
    assert kept.event.type == events.DOCUMENT_RECEIVED
    assert not desk.services.wordings["idexa"].listens(endpoint, kept.event)
