"""The file of a refused document says on every page that it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lacre.kit.ids import JobId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.signing.schedule import VOID
from lacre.worker.jobs import Failed
from lacre.worker.void import void
from tests.support.contracts import an_act
from tests.support.zapsign_desk import Desk


def cancelled(desk: Desk, **said: object) -> dict[str, Any]:
    made = desk.create(**said)
    desk.call("POST", "refuse/", {"doc_token": made["token"], "rejected_reason": "Desfeito"})
    return made


def void_now(desk: Desk, token: str) -> Failed | None:
    now: datetime = desk.services.clock()
    job = HeldJob(id=JobId(new_uuid()), kind=VOID, key=token, payload={}, attempts=1)
    return void(desk.services, job, now)


def test_cancelling_asks_for_the_copy(desk: Desk) -> None:
    made = cancelled(desk)

    worker, now = new_uuid(), desk.services.clock()
    with desk.services.presence(worker, "test"), desk.services.open_work() as work:
        assert made["token"] in {job.key for job in work.queue.claim(worker, now=now, limit=99, kinds=[VOID])}


def test_the_copy_becomes_the_signed_file(desk: Desk) -> None:
    made = cancelled(desk, signed_file_only_finished=True)
    before = desk.call("GET", f"docs/{made['token']}/")["signed_file"]

    assert void_now(desk, made["token"]) is None

    after = desk.call("GET", f"docs/{made['token']}/")["signed_file"]
    assert (before, "variant=voided" in after) == (None, True)
    assert desk.envelope(made["token"]).documents[0].voided is not None


def test_it_waits_until_the_files_hold_every_signature(desk: Desk) -> None:
    made = desk.create()
    signer = desk.envelope(made["token"]).active_signers[0].id
    desk.change(made["token"], lambda one: one.sign(an_act(signer, at=desk.installation.clock())))
    desk.call("POST", "refuse/", {"doc_token": made["token"], "rejected_reason": "Desfeito"})

    assert void_now(desk, made["token"]) == Failed(problem="its files are still being sealed")


def test_a_document_that_goes_on_gets_none(desk: Desk) -> None:
    made = desk.create()

    assert void_now(desk, made["token"]) is None
    assert desk.envelope(made["token"]).documents[0].voided is None
