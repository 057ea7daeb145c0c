"""Strangers' files through the API as customers send them: refused with a reason, or signed without harm."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lacre.engines.intake.examination import MOST_PAGES
from tests.security.slow import MB
from tests.support.customer import Customer, Visitor, ask
from tests.support.earlier_signatures import signed_elsewhere
from tests.support.hostile_pdfs import (
    ACTING,
    HARMLESS,
    circular_pdf,
    deflate_bomb_pdf,
    disguised,
    outside_content_pdf,
    packed,
    raw_pdf,
)
from tests.support.pdfs import contract_pdf, locked_pdf, rotated_pdf, weighty_pdf
from tests.support.sealing import clean_by_qpdf, valid_by_poppler
from tests.support.server import Premises, Process

pytestmark = pytest.mark.usefixtures("server")
MakeFile: TypeAlias = Callable[[], bytes]
ACTIVE = "O PDF contém conteúdo ativo (JavaScript ou ações) e não pode ser assinado."
BROKEN = "O PDF está corrompido e não pôde ser lido."


@pytest.fixture(scope="module")
def customer(premises: Premises, token: str) -> Customer:
    return Customer(premises.url, token)


@pytest.mark.parametrize("shape", [lambda pdf: pdf, disguised, packed], ids=["plain", "disguised", "packed"])
@pytest.mark.parametrize("name", ACTING)
def test_a_file_that_acts_is_refused(customer: Customer, name: str, shape: Callable[[bytes], bytes]) -> None:
    answer = _sent(customer, shape(raw_pdf(**ACTING[name])))

    assert (answer.status_code, answer.json()) == (400, {"detail": ACTIVE})


@pytest.mark.parametrize("name", HARMLESS)
def test_a_file_that_only_looks_like_it_is_taken(customer: Customer, name: str) -> None:
    assert _sent(customer, raw_pdf(**HARMLESS[name])).status_code == 200


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (lambda: b"<html>no PDF</html>", "O arquivo não é um PDF."),
        (lambda: b"", "Informe url_pdf, base64_pdf, url_docx, base64_docx ou markdown_text."),
        (locked_pdf, "O PDF está protegido por senha."),
        (circular_pdf, BROKEN),
        (lambda: deflate_bomb_pdf(1 << 30), BROKEN),
        (outside_content_pdf, ACTIVE),
        (lambda: _blank(MOST_PAGES + 1), "O arquivo é grande demais."),
        (
            lambda: signed_elsewhere(contract_pdf(1), permission=MDPPerm.NO_CHANGES),
            "O PDF foi certificado como final e não aceita novas assinaturas.",
        ),
        (lambda: weighty_pdf(51 * MB), "O arquivo é grande demais."),
    ],
    ids=["html", "nothing", "locked", "circular", "bomb", "outside", "pages", "final", "large"],
)  # fmt: skip
def test_what_cannot_be_signed_is_refused_with_its_reason(
    customer: Customer, file: MakeFile, reason: str
) -> None:
    answer = _sent(customer, file())

    assert (answer.status_code, answer.json()) == (400, {"detail": reason})
    assert _sent(customer, contract_pdf(1)).status_code == 200


def test_five_thousand_pages_are_taken_and_shown(customer: Customer) -> None:
    made = _sent(customer, _blank(MOST_PAGES)).json()

    page = ask("GET", made["signers"][0]["sign_url"])

    assert page.status_code == 200
    assert f"page-1-{MOST_PAGES}" in page.text


def test_a_large_file_is_never_in_the_server_s_memory(customer: Customer, server: Process) -> None:
    """45 MB, which are 60 MB of Base64."""
    content = base64.b64encode(weighty_pdf(45 * MB)).decode()
    _forget_peak(server)
    before = _memory(server, "VmRSS")

    answer = _posted(customer, content)
    grown = _memory(server, "VmHWM") - before

    assert answer.status_code == 200
    assert grown < 30 * MB


@pytest.mark.parametrize(
    ("file", "earlier"),
    [
        (lambda: signed_elsewhere(signed_elsewhere(contract_pdf(2)), field="Segunda"), 2),
        (lambda: signed_elsewhere(contract_pdf(2), permission=MDPPerm.FILL_FORMS), 1),
        (rotated_pdf, 0),
    ],
    ids=["signed twice", "certified for forms", "rotated"],
)
def test_every_signature_is_valid_after_ours(
    customer: Customer,
    tmp_path: Path,
    file: MakeFile,
    earlier: int,
) -> None:
    made = _sent(customer, file(), {"name": "Ana"}, {"name": "Bruno"}).json()
    _place(customer, made)
    for name, signer in zip(("Ana Lima", "Bruno Dias"), made["signers"], strict=True):
        Visitor(signer["sign_url"]).signs_all(name)

    sealed = tmp_path / "sealed.pdf"
    sealed.write_bytes(_finished(customer, made["token"]))

    # ours are the platform's, which certifies the file unless others signed before, and the two signers'
    assert valid_by_poppler(sealed) == earlier + 2 + (not earlier)
    assert all(_intact(sealed))
    assert clean_by_qpdf(sealed)


def _sent(customer: Customer, file: bytes, *signers: dict[str, str]) -> Any:  # noqa: ANN401 - an answer
    return _posted(customer, base64.b64encode(file).decode(), *signers)


def _posted(customer: Customer, text: str, *signers: dict[str, str]) -> Any:  # noqa: ANN401 - an answer
    said = {"name": "Contrato", "base64_pdf": text, "signers": list(signers) or [{"name": "Eva"}]}
    headers = {"authorization": f"Bearer {customer.token}"}
    return ask("POST", f"{customer.url}/api/v1/docs/", json=said, headers=headers)


def _place(customer: Customer, made: dict[str, Any]) -> None:
    places = [
        {
            "page": 0, "type": "signature", "signer_token": signer["token"],
            "relative_position_left": 10 + 40 * number, "relative_position_bottom": 10,
            "relative_size_x": 25, "relative_size_y": 6,
        }
        for number, signer in enumerate(made["signers"])
    ]  # fmt: skip
    customer.call("POST", f"docs/{made['token']}/place-signatures/", {"rubricas": places})


def _finished(customer: Customer, token: str) -> bytes:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        document = customer.document(token)
        if document["signature_report"]:
            return customer.download(document["signed_file"])
        time.sleep(0.1)
    raise AssertionError("it was not sealed in time")


def _intact(sealed: Path) -> list[bool]:
    """By pyHanko as it comes: the bytes hold, and what was added later is what may be."""
    with sealed.open("rb") as stream:
        found = [
            validate_pdf_signature(one, ValidationContext(trust_roots=[]), skip_diff=False)
            for one in PdfFileReader(stream).embedded_regular_signatures
        ]
        return [one.intact and one.valid and bool(one.docmdp_ok) for one in found]


def _blank(pages: int) -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.save(out)
    return out.getvalue()


def _forget_peak(server: Process) -> None:
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")


def _memory(server: Process, what: str) -> int:
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(what)).split()[1]) * 1_024
