"""POST docs/async/: the token at once, the document by a job."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.later import MOST_TRIES, PROMISED, Broken, Maker, keep_promise
from lacre.dialects.zapsign.routes.models import MAKERS
from lacre.kit.ids import new_uuid
from lacre.kit.jobs import HeldJob
from lacre.signing import events
from lacre.signing.envelope import Envelope
from tests.support.pdfs import contract_pdf, locked_pdf
from tests.support.zapsign_desk import PDF_TEXT, Desk

SIGNERS = [{"name": "Bruno", "email": "b@x.test"}]


def promised(desk: Desk, **said: object) -> str:
    answer: dict[str, str] = desk.call("POST", "docs/async/", {"name": "Lote", "signers": SIGNERS} | said)
    assert answer.keys() == {"token"}
    return answer["token"]


def claimed(desk: Desk, token: str) -> HeldJob:
    """The job of this promise; those that other tests left are done with."""
    worker, now = new_uuid(), desk.services.clock()
    with desk.services.presence(worker, "test"):
        while True:
            with desk.services.open_work() as work:
                held = work.queue.claim(worker, now=now, limit=50, kinds=[PROMISED])
                for job in held:
                    work.queue.finish(worker, job.id, now=now)
            found = [job for job in held if job.key == token]
            if found:
                return found[0]
            assert held


def work_off(desk: Desk, token: str) -> Broken | None:
    """As a worker does it; the problem, if any."""
    return keep_promise(desk.services, claimed(desk, token), desk.services.clock(), MAKERS)


@pytest.mark.parametrize(
    "source",
    [{"base64_pdf": PDF_TEXT}, {"url_pdf": "https://ped.test/l.pdf"}, {"markdown_text": "# Olá"}],
    ids=lambda source: next(iter(source)),
)
def test_a_promised_document_is_there_once_the_job_ran(desk: Desk, source: dict[str, Any]) -> None:
    desk.installation.shelf.files["https://ped.test/l.pdf"] = contract_pdf()
    token = promised(desk, **source)
    before = desk.refused("GET", f"docs/{token}/")

    assert work_off(desk, token) is None

    assert before == (404, {"detail": "Não encontrado."})
    assert desk.call("GET", f"docs/{token}/")["name"] == "Lote"
    assert desk.event_types(token)[0] == events.ENVELOPE_CREATED


def test_a_long_file_is_kept_until_then(desk: Desk) -> None:
    long = base64.b64encode(contract_pdf(pages=200)).decode()
    token = promised(desk, base64_pdf=long)

    work_off(desk, token)

    original = desk.envelope(token).documents[0].original
    assert len(desk.services.files.read(original)) > 100_000
    assert len(desk.envelope(token).documents[0].pages) == 200


def test_a_promise_is_kept_once_however_often_the_job_runs(desk: Desk) -> None:
    token = promised(desk, base64_pdf=PDF_TEXT)
    job = claimed(desk, token)

    for _ in range(2):
        assert keep_promise(desk.services, job, desk.services.clock(), MAKERS) is None

    assert desk.event_types(token).count(events.ENVELOPE_CREATED) == 1


def test_what_can_be_judged_without_the_file_is_refused_at_once(desk: Desk) -> None:
    assert desk.refused("POST", "docs/async", {"name": "x", "signers": SIGNERS})[0] == 400
    assert desk.refused("POST", "docs/async", {"name": "x", "base64_pdf": PDF_TEXT})[0] == 400


def test_a_file_that_cannot_be_signed_leaves_a_refused_document_that_says_why(desk: Desk) -> None:
    token = promised(desk, base64_pdf=base64.b64encode(locked_pdf()).decode(), external_id="ped-9")

    broken = work_off(desk, token)

    assert broken == Broken(problem="O PDF está protegido por senha.")
    left = desk.call("GET", f"docs/{token}/")
    assert (left["status"], left["rejected_reason"]) == ("refused", broken.problem)
    assert (left["external_id"], left["signers"][0]["status"]) == ("ped-9", "new")
    assert desk.event_types(token) == [events.ENVELOPE_CREATED, events.ENVELOPE_CANCELED]


def test_a_file_that_cannot_be_fetched_is_fetched_again_and_given_up_in_the_end(desk: Desk) -> None:
    token = promised(desk, url_pdf="https://ped.test/away.pdf")
    job = claimed(desk, token)

    first = keep_promise(desk.services, job, desk.services.clock(), MAKERS)
    last = keep_promise(desk.services, replace(job, attempts=MOST_TRIES), desk.services.clock(), MAKERS)

    assert (first is not None and first.retry, last is not None and last.retry) == (True, False)
    assert "connect_failed" in desk.call("GET", f"docs/{token}/")["rejected_reason"]


def test_a_document_of_a_suspended_account_is_not_left_behind(desk: Desk) -> None:
    token = promised(desk, base64_pdf=PDF_TEXT)
    with desk.services.open_work() as work:
        account = work.accounts.get(desk.account_id)
        work.accounts.save(replace(account, suspended=True))

    assert work_off(desk, token) is not None
    assert desk.refused("GET", f"docs/{token}/")[0] == 404


def test_a_server_that_is_busy_keeps_its_promise_later(desk: Desk) -> None:
    token = promised(desk, base64_pdf=PDF_TEXT)

    def busy(*_: object) -> Envelope:
        raise Declined(503, "Tente de novo em um minuto.")

    maker = Maker(make=busy, begin=busy)
    broken = keep_promise(desk.services, claimed(desk, token), desk.services.clock(), {"document": maker})

    assert broken is not None
    assert broken.retry is True
