"""Documents that come as DOCX."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from lacre.engines.docx.door import WordDocuments
from lacre.engines.office.pool import OfficePool
from lacre.engines.sandbox import Sandbox
from lacre.kit.ids import Digest
from tests.support.docx import docx_of, with_relation
from tests.support.zapsign_desk import Desk, Installation

URL = "https://files.test/contrato.docx"
CONTENT = docx_of("Contrato de locação {{sem modelo}}", header="Cabeçalho")


@pytest.mark.parametrize("source", ["base64_docx", "url_docx", "url_pdf"])
def test_a_docx_is_signed_as_the_pdf_that_it_becomes(
    desk: Desk, installation: Installation, source: str
) -> None:
    installation.shelf.files[URL] = CONTENT
    said = URL if source.startswith("url") else base64.b64encode(CONTENT).decode()

    made = desk.create(base64_pdf="", **{source: said})

    original = desk.envelope(made["token"]).documents[0].original
    assert text_of(desk, original).split() == ["Cabeçalho", "Contrato", "de", "locação", "{{sem", "modelo}}"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "protegido por senha ou é de um formato antigo"),
        (CONTENT[:900], "O DOCX está corrompido"),
        (with_relation(CONTENT, "image", "http://127.0.0.1/x.png"), "arquivos que estão em outro lugar"),
    ],
)
def test_one_that_is_not_taken_says_why(desk: Desk, content: bytes, said: str) -> None:
    body = {"name": "x", "base64_docx": base64.b64encode(content).decode(), "signers": [{"name": "B"}]}

    status, answer = desk.refused("POST", "docs/", body)

    assert status == 400
    assert said in answer["detail"]


def test_without_libreoffice_the_answer_says_what_is_missing(installation: Installation) -> None:
    with Sandbox(1) as sandbox:
        without = WordDocuments(sandbox, OfficePool(1, program=""), max_bytes=1 << 20)
        house = Installation(
            replace(installation.services, text_documents=without), installation.clock, installation.shelf
        )
        body = {"name": "x", "base64_docx": base64.b64encode(CONTENT).decode(), "signers": [{"name": "B"}]}

        refused = house.desk().refused("POST", "docs/", body)

    said = "Esta instalação não converte DOCX em PDF: falta o LibreOffice no servidor."
    assert refused == (503, {"detail": said})


def text_of(desk: Desk, digest: Digest) -> str:
    with desk.services.files.local(digest) as file:
        return _text(file)


def _text(file: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return done.stdout
