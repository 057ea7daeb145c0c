"""One story through the dialect on each database, and with its files in a bucket."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from lacre.dialects.arqsign.webhook import ArqsignWording
from lacre.signing import events
from lacre.store.bucket import BucketFiles, open_bucket
from lacre.store.files import FolderFiles
from lacre.webhooks.endpoint import EndpointStatus
from tests.dialects.arqsign.test_webhooks_api import create, listed
from tests.support.arqsign_desk import PROCESSES, ArqDesk, arq_desk
from tests.support.bucket import Bucket
from tests.support.database import database_url, migrated_file, postgres_server
from tests.support.pdfs import contract_pdf
from tests.support.zapsign_desk import Installation, endpoints_of

__all__ = ["database_url", "migrated_file", "postgres_server"]


@pytest.mark.slow
def test_a_process_is_sent_resent_signed_and_told(database_url: str, tmp_path: Path) -> None:
    with Installation.open(tmp_path / "data", database_url, spoken=ArqsignWording()) as installation:
        desk, stranger = arq_desk(installation), arq_desk(installation)
        group = desk.group("Vendas", [desk.sender])
        webhook = create(desk, gatilhos=[1, 3, 7, 8], grupos=[group])["id"]

        made = desk.send()
        process, carla = made["idProcesso"], made["destinatarios"][1]["idProcessoDestinatario"]
        path = f"{PROCESSES}/{process}"
        desk.call("PATCH", f"{path}/reenviar-processo", [{"idProcessoDestinatario": carla}])
        desk.sign(process, 0)
        desk.sign(process, 1)
        _turned_off(desk)
        off = listed(desk)[0]["status"]
        desk.ask("PATCH", f"api/v1/confwebhook/{webhook}/alterar-status", {"status": 1})

        assert desk.status(process) == "Concluído"
        assert desk.deliveries(process) == [
            events.ENVELOPE_SENT, events.ENVELOPE_RESENT, events.ACT_SEALED, events.ACT_SEALED,
            events.ENVELOPE_COMPLETED,
        ]  # fmt: skip
        assert (off, listed(desk)[0]["status"]) == (3, 1)
        assert stranger.refused("GET", path)[0] == 400


def test_files_are_read_from_the_bucket_that_they_are_kept_in(tmp_path: Path) -> None:
    with Bucket() as bucket, Installation.open(tmp_path / "data", spoken=ArqsignWording()) as installation:
        services = installation.services
        kept = BucketFiles(
            open_bucket("s3://lacre/files", bucket.environment),
            FolderFiles(tmp_path / "copies"),
            installation.clock,
            copies_bytes=1 << 30,
        )
        desk = arq_desk(replace(installation, services=replace(services, files=kept)))

        (document,) = desk.read(desk.send()["idProcesso"])["documentos"]

        assert base64.b64decode(document["base64Documento"]) == contract_pdf(pages=1)
        assert contract_pdf(pages=1) in bucket.objects.values()


def _turned_off(desk: ArqDesk) -> None:
    """As a receiver that answers 401 has it."""
    (endpoint,) = endpoints_of(desk)
    endpoint.status = EndpointStatus.DISABLED
    with desk.services.open_work() as work:
        work.endpoints.save(endpoint)
