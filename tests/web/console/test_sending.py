"""Sending a document from the console."""

from __future__ import annotations

import re

import httpx2
import pytest

from lacre.kit.ids import AccountId
from lacre.signing.envelope import MAX_DOCUMENTS, Envelope, EnvelopeStatus
from lacre.signing.repositories import EnvelopeFilter
from lacre.signing.signer import Channel
from lacre.web.console import notes
from tests.support.docx import docx_of
from tests.support.house import House
from tests.support.pdfs import active_pdf, contract_pdf, locked_pdf
from tests.support.visitor import SAME_ORIGIN, Visitor, text_of

PAPER = ("Locação.pdf", contract_pdf(), "application/pdf")


def test_a_document_goes_out_to_those_who_sign_in_order(
    ana: Visitor, house: House, account: AccountId
) -> None:
    answer = send(ana, [PAPER], [("Bruno Dias", "bruno@example.test"), ("Carla Lima", "")], ordered="on")

    page = ana.open(answer.headers["location"])
    envelope = only(house, account)
    bruno, carla = envelope.signers
    assert "Enviado: 1 pessoa é convidada a assinar." in text_of(page)
    assert (envelope.title, envelope.status) == ("Locação", EnvelopeStatus.PENDING)
    assert (bruno.group, carla.group, envelope.options.sequential) == (0, 1, True)
    assert (bruno.options.notify_by, carla.options.notify_by) == ((Channel.EMAIL,), ())
    assert envelope.options.created_by == ana.user.email


def test_several_files_are_signed_together(ana: Visitor, house: House, account: AccountId) -> None:
    letter = ("Anexo.docx", docx_of("Carta"), "application/octet-stream")
    send(ana, [PAPER, letter], [("Bruno", "")], title="Pacote")

    envelope = only(house, account)
    assert [one.name for one in envelope.documents] == ["Locação", "Anexo"]
    assert envelope.title == "Pacote"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nothing of a PDF", "Este arquivo não é um PDF."),
        (locked_pdf(), "Este PDF pede senha."),
        (active_pdf(), "Este PDF contém programas ou ações."),
        (docx_of("x")[:600], "Este DOCX está danificado."),
    ],
)
def test_a_file_that_cannot_be_signed_is_refused_with_a_reason_and_nothing_typed_is_lost(
    ana: Visitor, house: House, account: AccountId, content: bytes, words: str
) -> None:
    bad = ("Estranho.pdf", content, "application/pdf")

    answer = send(ana, [bad], [("Bruno Dias", "bruno@example.test")], title="Meu título")

    assert answer.status_code == 422
    assert f"Estranho: {words}" in text_of(answer)
    assert 'value="Meu título"' in answer.text
    assert 'value="bruno@example.test"' in answer.text
    assert found(house, account) == ()


@pytest.mark.parametrize(
    ("people", "more", "words"),
    [
        ([], {}, "Indique pelo menos uma pessoa que assina."),
        ([("", "bruno@example.test")], {}, "Escreva o nome de cada pessoa que assina."),
        ([("Bruno", "bruno")], {}, "Escreva um e-mail como"),
        ([("Bruno", "")], {"limit": "2020-01-01"}, "Escolha um dia a partir de hoje."),
        ([("Bruno", "")], {"email_code": "on"}, "O código precisa de um endereço"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    ana: Visitor, people: list[tuple[str, str]], more: dict[str, str], words: str
) -> None:
    answer = send(ana, [PAPER], people, limit=more.get("limit", ""), email_code=more.get("email_code", ""))

    assert answer.status_code == 422
    assert words in answer.text


def test_only_the_input_that_is_wrong_is_marked(ana: Visitor) -> None:
    answer = send(ana, [PAPER], [("Bruno Dias", "bruno")])

    marked = re.findall(r'<input name="(\w+)"[^>]* aria-invalid="true"', answer.text)
    assert marked == ["email"]


def test_without_a_file_nothing_is_sent(ana: Visitor, house: House, account: AccountId) -> None:
    answer = send(ana, [("", b"", "application/octet-stream")], [("Bruno", "")])

    assert "Escolha pelo menos um PDF." in answer.text
    assert found(house, account) == ()


def test_strangers_files_are_not_even_read(house: House) -> None:
    files = {"files": ("x.pdf", b"x" * 3_000_000, "application/pdf")}

    answer = httpx2.post(
        f"{house.url}/app/new", files=files, headers=SAME_ORIGIN, trust_env=False, timeout=120
    )

    assert answer.headers["location"] == "/app/login"


def test_files_from_another_sites_form_are_not_taken(ana: Visitor, house: House, account: AccountId) -> None:
    answer = send(ana, [PAPER], [("Bruno", "")], headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 303
    assert found(house, account) == ()


def send(
    visitor: Visitor,
    files: list[tuple[str, bytes, str]],
    people: list[tuple[str, str]],
    *,
    headers: dict[str, str] = SAME_ORIGIN,
    **more: str,
) -> httpx2.Response:
    said: dict[str, str | list[str]] = {"form_token": visitor.form_token, **more}
    said |= {"name": [name for name, _ in people], "email": [email for _, email in people]}
    parts = [("files", file) for file in files]
    return visitor.client.post("/app/new", data=said, files=parts, headers=headers)


def found(house: House, account: AccountId) -> tuple[Envelope, ...]:
    with house.services.open_work() as work:
        return work.envelopes.find(account, EnvelopeFilter(), offset=0, limit=10).items


def only(house: House, account: AccountId) -> Envelope:
    (envelope,) = found(house, account)
    return envelope


def test_as_many_files_may_come_as_an_envelope_holds() -> None:
    assert str(MAX_DOCUMENTS) in notes.TOO_MANY_FILES
