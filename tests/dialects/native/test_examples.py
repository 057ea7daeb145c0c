"""What the pages about our own API tell a shell to do, by a reader who fills in what was answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from lacre.cli.key import create_key
from tests.support.house import House
from tests.support.pdfs import text_pdf
from tests.support.sefin import COMPANY, SefinDesk
from tests.support.worked import Reader, block
from tests.support.working import eventually

NATIVE, WEBHOOKS = "docs/integrate/native.md", "docs/integrate/webhooks.md"
PROCESSING = "docs/integrate/processing.md"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sefin() -> Iterator[SefinDesk]:
    desk = SefinDesk()
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sefin: SefinDesk) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("examples")
    authority = folder / "ca.pem"
    authority.write_bytes(sefin.sefin.authority.pem)
    with House(
        folder, working=True, nfse_sandbox_url=sefin.sefin.url, nfse_sandbox_ca=authority,
        egress_allow="127.0.0.0/8",
    ) as opened:  # fmt: skip
        yield opened


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, house: House, sefin: SefinDesk) -> Reader:
    folder = tmp_path_factory.mktemp("reader")
    (folder / "contrato.pdf").write_bytes(text_pdf(["Contrato de locação", "Assinatura do locatário"]))
    (folder / "boleto.pdf").write_bytes(text_pdf(["Boleto", "Vencimento 30/11/2030"]))
    (folder / "souza.pfx").write_bytes(
        sefin.sefin.authority.company("PAPELARIA SOUZA", COMPANY, password="…")
    )
    key = create_key(house.installation, "native", "default")["api_key"]
    return Reader(folder, {"LACRE": house.url, "KEY": key})


@pytest.fixture(scope="module")
def endpoint(reader: Reader) -> str:
    """Made as the page says."""
    made = _answer(reader, block(WEBHOOKS, '"types": ["signer.signed"'))
    assert made["secret"].startswith("whsec_")
    reader.environment["ENDPOINT"] = made["id"]
    return str(made["id"])


def test_an_envelope_is_sent(reader: Reader) -> None:
    made = _answer(reader, block(NATIVE, "/envelopes"))

    assert made["status"] == "pending"
    assert [len(one["fields"]) for one in made["signers"]] == [1, 1]


def test_an_invoice_is_issued_and_replaced(reader: Reader) -> None:
    company = _answer(reader, block(NATIVE, "/companies"))
    first = _answer(reader, block(NATIVE, "order-78'"))
    _becomes(reader, first, "issued")
    second = _answer(reader, block(NATIVE, '"replaces"').replace("inv_…", first["id"]))

    assert company["environment"] == "sandbox"
    _becomes(reader, second, "issued")
    _becomes(reader, first, "canceled")


@pytest.mark.parametrize("page", [NATIVE, WEBHOOKS])
def test_an_endpoint_is_tried_out(reader: Reader, endpoint: str, page: str) -> None:
    tried = _answer(reader, block(page, "/test?wait"))

    assert tried["endpoint_id"] == endpoint
    assert tried["exchange"]["reason"] == "dns_failed"


def test_an_endpoint_speaks_another_dialect(reader: Reader) -> None:
    made = _answer(reader, block(NATIVE, '"dialect": "fastnotas"'))

    assert made["dialect"] == "fastnotas"


def test_what_failed_is_told_again(reader: Reader, endpoint: str) -> None:
    asked = _answer(reader, block(NATIVE, "/replays").replace("ep_…", endpoint))

    assert asked["endpoint_id"] == endpoint
    eventually(lambda: _read(reader, f"replays/{asked['id']}")["status"] == "done")


def test_it_is_counted_beforehand(reader: Reader) -> None:
    # the lines after these are commands of ours, which a test of the documentation reads
    printed = reader.run("sh", block(WEBHOOKS, "replays/preview").partition("\nlacre ")[0])

    assert '"exact":true' in printed
    assert '"scope":"failed"' in printed


def test_a_document_is_read(reader: Reader) -> None:
    sent = _answer(reader, block(PROCESSING, "/extractions"))

    eventually(lambda: _read(reader, f"extractions/{sent['id']}")["status"] == "finished")


def _answer(reader: Reader, text: str) -> Any:  # noqa: ANN401 - its JSON
    said = json.loads(reader.run("sh", text))
    assert "code" not in said, said
    return said


def _read(reader: Reader, path: str) -> Any:  # noqa: ANN401 - its JSON
    url = f"{reader.environment['LACRE']}/api/lacre/v1/{path}"
    key = f"Bearer {reader.environment['KEY']}"
    return httpx2.get(url, headers={"Authorization": key}, trust_env=False).json()


def _becomes(reader: Reader, invoice: Any, status: str) -> None:  # noqa: ANN401 - its JSON
    eventually(lambda: _read(reader, f"invoices/{invoice['id']}")["status"] == status, seconds=90)
