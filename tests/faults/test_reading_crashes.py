"""kill -9 in the middle of a document of a hundred pages: finished once, and each event told once."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from lacre.accounts.account import Account
from lacre.bootstrap import Installation, open_installation
from lacre.kit.ids import AccountId, EndpointId, new_uuid
from lacre.processing import actions
from lacre.processing.extraction import Extraction, Status
from lacre.webhooks import actions as webhooks
from lacre.webhooks.endpoint import Endpoint, Secrets
from tests.support.database import PostgresServer
from tests.support.extractions import an_extraction
from tests.support.pdfs import text_pdf
from tests.support.receiver import Receiver
from tests.support.server import Premises
from tests.support.working import eventually

PAGES = 100
PATIENCE_SECONDS = 90.0
WORKER = "tests.support.reading_slowly"

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def premises(request: pytest.FixtureRequest, tmp_path: Path) -> Premises:
    url = ""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create(template="lacre_template")
    return Premises(tmp_path, database_url=url, log_format="json")


def test_killed_twice_it_is_finished_once_and_told_once(premises: Premises, receiver: Receiver) -> None:
    with closing(open_installation(premises.settings)) as opened:
        extraction = submitted(opened, receiver.url, premises.folder)
        for pages in (20, 60):
            with premises.worker(program=(WORKER, str(pages + 10))) as worker:
                eventually(lambda: look(opened, extraction).pages_read >= pages, seconds=PATIENCE_SECONDS)  # noqa: B023
                worker.kill()
        assert look(opened, extraction).status is Status.IN_PROGRESS
        with premises.worker(program=(WORKER, str(PAGES + 1))):
            eventually(lambda: look(opened, extraction).over, seconds=PATIENCE_SECONDS)
            heard = receiver.wait_for(2)
        done = look(opened, extraction)

    assert (done.status, done.pages_read) == (Status.FINISHED, PAGES)
    assert [one.json["type"] for one in heard] == ["document.received", "document.processed"]
    assert len(receiver.heard) == 2


def submitted(opened: Installation, url: str, folder: Path) -> Extraction:
    services = opened.services
    now, owner = services.clock(), AccountId(new_uuid())
    file = folder / "longo.pdf"
    file.write_bytes(text_pdf(*([f"Página {number}"] for number in range(1, PAGES + 1))))
    extraction = an_extraction(owner, input=services.inputs.keep(file, now=now), created_at=now)
    endpoint = Endpoint(
        id=EndpointId(new_uuid()), account_id=owner, number=0, dialect="native", url=url, types=(),
        secrets=Secrets(signing=("whsec_" + "QUJD" * 8,)), created_at=now,
    )  # fmt: skip
    with services.open_work() as work:
        work.accounts.add(Account(id=owner, name=owner, created_at=now))
        webhooks.subscribe(work, endpoint)
        actions.submit(work, extraction, now=now)
    return extraction


def look(opened: Installation, extraction: Extraction) -> Extraction:
    with opened.services.open_work() as work:
        return work.extractions.get(extraction.account_id, extraction.id)
