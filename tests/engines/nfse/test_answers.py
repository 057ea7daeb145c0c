"""Answers that the local Sefin never gives, as values."""

from __future__ import annotations

import json
import random

import pytest

from lacre.engines.nfse import NationalOffice, Places
from lacre.engines.nfse.exchange import LARGEST_DOCUMENT, packed, unpacked
from lacre.fiscal.note import Environment
from lacre.fiscal.ports import (
    Accepted,
    Certificate,
    CertificateRefused,
    Finding,
    Issuing,
    NotIssued,
    Rejected,
    Signed,
    Unknown,
    Unreachable,
)
from lacre.webhooks.request import BODY_CAP, Answer, NoAnswer, Outcome, Reason, Request, Timings
from tests.support.sefin import SefinDesk

SIGNED = Signed(environment=Environment.TEST, id="DPS" + "1" * 42, xml=b"<DPS/>")


class Saying:
    """A way out that always leads to the same."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.sent = outcome, list[Request]()

    def send(self, request: Request) -> Outcome:
        self.sent.append(request)
        return self.outcome


def answer(status: int, content: object = None, **headers: str) -> Answer:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer(
        status=status,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        body=body,
        truncated=False,
        address="127.0.0.1",
        timings=Timings(),
    )


def no_answer(reason: Reason, *, sent: bool, detail: str = "") -> NoAnswer:
    return NoAnswer(reason=reason, detail=detail, timings=Timings(), sent=sent)


def issued(outcome: Outcome, certificate: Certificate) -> Issuing:
    return NationalOffice(Places(), Saying(outcome)).issue(SIGNED, certificate)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (answer(400, {"erros": [{"Codigo": "E0202", "Descricao": "x"}]}), Rejected),
        (answer(400, {"erro": {"codigo": "E0202", "descricao": "x"}}), Rejected),
        (answer(400, b"Bad Request"), Rejected),
        (answer(422, {"erros": [{"codigo": "E1", "descricao": "x"}]}), Rejected),
        (answer(403), CertificateRefused),
        (answer(401), CertificateRefused),
        (answer(496), CertificateRefused),
        (answer(404), Unreachable),
        (answer(429, Retry_After="7"), Unreachable),
        (answer(501), Unreachable),
        (answer(201, b"<html>"), Unknown),
        (answer(201, {"nfseXmlGZipB64": "????"}), Unknown),
        (answer(201, {"nfseXmlGZipB64": packed(b"<NFSe/>")}), Unknown),
        (answer(200, {}), Unknown),
        (answer(302), Unknown),
        (answer(500), Unknown),
        (answer(503), Unknown),
        (no_answer("deadline", sent=True), Unknown),
        (no_answer("reset", sent=True), Unknown),
        (no_answer("deadline", sent=False), Unreachable),
        (no_answer("dns_failed", sent=False), Unreachable),
        (no_answer("tls_failed", sent=False), Unreachable),
        (no_answer("reset", sent=True, detail="tlsv13 alert certificate required"), CertificateRefused),
    ],
    ids=str,
)
def test_each_answer_is_one_outcome(outcome: Outcome, expected: type, shared_desk: SefinDesk) -> None:
    assert isinstance(issued(outcome, shared_desk.certificate), expected)


def test_findings_are_read_in_either_case_with_what_they_add(shared_desk: SefinDesk) -> None:
    told = {"erros": [{"Codigo": "E1235", "Descricao": "Falha no esquema.", "Complemento": "xNome"}]}

    rejected = issued(answer(400, told), shared_desk.certificate)

    assert isinstance(rejected, Rejected)
    assert rejected.errors[0].code == "E1235"
    assert rejected.errors[0].text == "Falha no esquema. - xNome"
    assert rejected.errors[0].remedy


def test_they_say_when_to_come_back(shared_desk: SefinDesk) -> None:
    outcome = issued(answer(429, Retry_After="7"), shared_desk.certificate)

    assert outcome == Unreachable(reason="HTTP 429", retry_after_seconds=7)


def test_alerts_come_with_the_note(desk: SefinDesk) -> None:
    signed = desk.signed()
    note = desk.office.issue(signed, desk.certificate)
    assert isinstance(note, Accepted)
    told = {"nfseXmlGZipB64": packed(note.xml), "alertas": [{"codigo": "A1", "mensagem": "Atenção"}]}

    again = NationalOffice(Places(), Saying(answer(201, told))).issue(
        Signed(environment=Environment.TEST, id=signed.id, xml=signed.xml), desk.certificate
    )

    assert isinstance(again, Accepted)
    assert again.alerts == (Finding(code="A1", text="Atenção"),)


def test_a_note_made_of_another_declaration_is_never_taken_for_ours(desk: SefinDesk) -> None:
    theirs, ours = desk.issued(), desk.signed()
    told = {"nfseXmlGZipB64": packed(theirs.xml)}

    outcome = NationalOffice(Places(), Saying(answer(201, told))).issue(
        Signed(environment=Environment.TEST, id=ours.id, xml=ours.xml), desk.certificate
    )

    assert not isinstance(outcome, Accepted)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (answer(404), NotIssued),
        (answer(403), CertificateRefused),
        (answer(500), Unreachable),
        (no_answer("deadline", sent=True), Unreachable),
    ],
    ids=str,
)
def test_only_a_404_says_that_there_is_no_note(
    outcome: Outcome, expected: type, shared_desk: SefinDesk
) -> None:
    found = NationalOffice(Places(), Saying(outcome)).look_up(SIGNED, shared_desk.certificate)

    assert isinstance(found, expected)


def test_the_way_is_the_governments_and_the_certificate_goes_along(shared_desk: SefinDesk) -> None:
    way = Saying(answer(500))

    NationalOffice(Places(), way).issue(SIGNED, shared_desk.certificate)

    (request,) = way.sent
    assert request.url == "https://sefin.producaorestrita.nfse.gov.br/SefinNacional/nfse"
    assert request.client_pem == shared_desk.certificate.pem
    assert json.loads(request.body) == {"dpsXmlGZipB64": packed(SIGNED.xml)}


def test_what_is_packed_comes_back_and_bombs_do_not(shared_desk: SefinDesk) -> None:  # noqa: ARG001
    assert unpacked(packed("ção".encode())) == "ção".encode()
    assert unpacked(packed(b"0" * (LARGEST_DOCUMENT + 1))) is None
    assert unpacked("H4sIAAAAAAAA") is None
    assert unpacked(None) is None


def test_the_largest_document_is_read_to_its_end(shared_desk: SefinDesk) -> None:
    """A note with a thousand suppliers named is larger, packed, than what is read of a webhook's answer."""
    way = Saying(answer(500))
    NationalOffice(Places(), way).issue(SIGNED, shared_desk.certificate)

    (request,) = way.sent
    incompressible = packed(random.Random(1).randbytes(LARGEST_DOCUMENT // 4))  # noqa: S311 - as random as keys
    assert BODY_CAP < len(incompressible) < request.answer_cap
