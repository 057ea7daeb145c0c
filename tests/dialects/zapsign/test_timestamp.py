"""POST timestamp/ and timestamp/no-signature: any PDF, stamped by a real server, behind a temporary link."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lacre.engines.pades import PyhankoSealer, PyhankoVerifier, SealConfig, load_or_create_certificate
from lacre.signing.verification import Verification
from lacre.web.files import TemporaryLinks
from tests.support.docx import docx_of
from tests.support.earlier_signatures import signed_elsewhere
from tests.support.pdfs import contract_pdf
from tests.support.pki import PlainTransport, TimestampServer
from tests.support.zapsign import golden
from tests.support.zapsign_desk import PDF_TEXT, Desk, Installation

URL = "https://files.client.test/contrato.pdf"


@pytest.fixture(scope="module")
def tsa() -> Iterator[TimestampServer]:
    with TimestampServer() as server:
        yield server


@pytest.fixture
def config(tsa: TimestampServer, tmp_path: Path) -> SealConfig:
    identity = load_or_create_certificate(tmp_path)
    return SealConfig(identity=identity, timestamp_url=tsa.url, transport=PlainTransport())


@pytest.fixture
def stamping(installation: Installation, config: SealConfig, tsa: TimestampServer) -> Desk:
    tsa.mode = "granted"
    services = replace(installation.services, stamper=PyhankoSealer(config))
    installation.shelf.files[URL] = contract_pdf(pages=1)
    return replace(installation, services=services).desk()


def stamped(desk: Desk, path: str, url: str) -> bytes:
    """What the link that is answered gives."""
    link = desk.call("POST", path, {"url": url})["url"]
    web = TestClient(Starlette(routes=TemporaryLinks(desk.services).routes()))
    answer = web.get(link.removeprefix("https://lacre.test"))
    assert answer.status_code == 200
    return answer.content


def judged(config: SealConfig, content: bytes, folder: Path) -> Verification:
    file = folder / "judged.pdf"
    file.write_bytes(content)
    return PyhankoVerifier(config).verify(file)


def test_a_stamped_file_is_answered_as_in_its_file(stamping: Desk) -> None:
    said = json.loads(golden("timestamp"))["url"]

    link = stamping.call("POST", "timestamp/", {"url": URL})["url"]

    parts = {"DIGEST": "[0-9a-f]{64}", "EXPIRES": "[0-9]{13}", "SIGNATURE": "[A-Za-z0-9_-]{43}"}
    pattern = re.escape(said)
    for name, form in parts.items():
        pattern = pattern.replace(name, form)
    assert re.fullmatch(pattern, link)


@pytest.mark.parametrize("given", [URL, PDF_TEXT, f"data:application/pdf;base64,{PDF_TEXT}"])
def test_a_pdf_is_sealed_with_the_time(
    stamping: Desk, config: SealConfig, given: str, tmp_path: Path
) -> None:
    found = judged(config, stamped(stamping, "timestamp/", given), tmp_path)

    assert found.all_valid, found
    assert [(one.ours, one.timestamped, one.level) for one in found.signatures] == [(True, True, "B-T")]


def test_a_docx_is_made_a_pdf_first(stamping: Desk, config: SealConfig, tmp_path: Path) -> None:
    given = base64.b64encode(docx_of("Contrato de locação")).decode()

    found = judged(config, stamped(stamping, "timestamp/", given), tmp_path)

    assert found.all_valid, found
    assert [one.ours for one in found.signatures] == [True]


def test_without_a_signature_of_ours_the_one_who_signed_stays_who_did(
    stamping: Desk, config: SealConfig, tmp_path: Path
) -> None:
    original = base64.b64encode(signed_elsewhere(contract_pdf(pages=1))).decode()

    bare, sealed = (
        judged(config, stamped(stamping, path, original), tmp_path)
        for path in ("timestamp/no-signature", "timestamp")
    )

    assert [one.ours for one in bare.signatures] == [False]
    assert [one.ours for one in sealed.signatures] == [False, True]
    assert all(one.valid for one in (*bare.signatures, *sealed.signatures))


def test_a_large_file_inside_goes_by_way_of_the_disk(
    stamping: Desk, tmp_path: Path, config: SealConfig
) -> None:
    large = base64.b64encode(contract_pdf(pages=1) + b"\n%" + b"x" * 200_000 + b"\n%%EOF\n").decode()

    assert judged(config, stamped(stamping, "timestamp/no-signature/", large), tmp_path).problem == ""


def test_without_a_timestamp_server_it_is_not_part_of_the_plan(desk: Desk) -> None:
    for path in ("timestamp/", "timestamp/no-signature"):
        assert desk.refused("POST", path, {"url": PDF_TEXT}) == (402, {"error": "Payment Required"})


@pytest.mark.parametrize("path", ["timestamp/", "timestamp/no-signature"])
def test_a_server_that_is_down_is_told_apart_from_a_bad_file(
    stamping: Desk, tsa: TimestampServer, path: str
) -> None:
    tsa.mode = "down"

    status, said = stamping.refused("POST", path, {"url": PDF_TEXT})

    assert (status, list(said)) == (503, ["error"])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://nobody.test/x.pdf", "O arquivo não pôde ser baixado da URL informada (connect_failed)."),
        (base64.b64encode(b"a text").decode(), "O arquivo não é um PDF."),
        ("!", "O arquivo não é um PDF."),
    ],
)
def test_what_is_no_pdf_is_refused(stamping: Desk, url: str, said: str) -> None:
    assert stamping.refused("POST", "timestamp/", {"url": url}) == (400, {"error": said})


def test_something_must_be_given(stamping: Desk) -> None:
    wanted = {"message": "Invalid Input", "data": {"url": ["Este campo é obrigatório."]}}

    assert stamping.refused("POST", "timestamp/", {}) == (400, wanted)


def test_the_token_may_come_without_bearer(stamping: Desk) -> None:
    answer = stamping.client.post(
        "/api/v1/timestamp/no-signature", json={"url": URL}, headers={"Authorization": stamping.token}
    )

    assert answer.status_code == 200
