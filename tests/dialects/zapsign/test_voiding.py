"""The file of a refused document says on every page that it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lacre.kit.ids import JobId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.signing import events
from lacre.signing.ports import SealFailed
from lacre.signing.schedule import VOID
from lacre.worker.jobs import Failed
from lacre.worker.void import void
from tests.support.contracts import an_act
from tests.support.zapsign_desk import Desk


def cancelled(desk: Desk, **said: object) -> dict[str, Any]:
    made = desk.create(**said)
    desk.call("POST", "refuse/", {"doc_token": made["token"], "rejected_reason": "Desfeito"})
    return made


def void_now(desk: Desk, token: str, *, services: Services | None = None) -> Failed | None:
    now: datetime = desk.services.clock()
    job = HeldJob(id=JobId(new_uuid()), kind=VOID, key=token, payload={}, attempts=1)
    return void(services or desk.services, job, now)


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


def test_it_is_sealed_and_only_then_told(desk: Desk) -> None:
    made = cancelled(desk)
    before = desk.event_types(made["token"])

    void_now(desk, made["token"])
    void_now(desk, made["token"])

    assert events.FILES_VOIDED not in before
    assert desk.event_types(made["token"]).count(events.FILES_VOIDED) == 1
    digest = desk.envelope(made["token"]).documents[0].voided
    assert digest is not None
    with desk.services.files.local(digest) as file:
        (seal,) = desk.services.verifier.verify(file).signatures
    assert (seal.intact, seal.covers_whole_file) == (True, True)


def test_one_that_cannot_be_made_is_told_all_the_same(desk: Desk) -> None:
    made = cancelled(desk)
    services = replace(desk.services, voider=Unable())

    failed = void_now(desk, made["token"], services=services)

    assert failed == Failed(problem="unreadable", retry=False)
    assert events.FILES_VOIDED in desk.event_types(made["token"])
    assert desk.call("GET", f"docs/{made['token']}/")["signed_file"] is None


class Unable:
    def void(self, file: Path, out: Path, *, mark: bytes) -> SealFailed:  # noqa: ARG002 - a port's shape
        return SealFailed(reason="unreadable", retry=False)


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
