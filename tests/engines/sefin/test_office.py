"""The local Sefin judges signatures, numbers notes, remembers, and goes wrong as it is told."""

from __future__ import annotations

import json
import re
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from lacre.engines.nfse import Algorithm
from lacre.engines.nfse.certificate import opened
from lacre.engines.nfse.schema import parse
from lacre.engines.nfse.signature import signed_with
from lacre.engines.sefin import SandboxAuthority
from lacre.engines.sefin.issuing import check_digit
from lacre.engines.sefin.judging import Done, Turned
from lacre.engines.sefin.verifying import Flaw, flaw_in
from lacre.fiscal.note import Amounts
from lacre.fiscal.ports import Accepted, Rejected
from tests.support.sefin import COMPANY, PASSWORD, SefinDesk, certificate_of

OTHER = "11444777000161"


def flaw_of(desk: SefinDesk, xml: bytes, dps_id: str) -> Flaw | None:
    now = datetime.now(UTC)  # noqa: TID251
    return flaw_in(parse(xml), dps_id, holder=COMPANY, authority=desk.sefin.authority.certificate, now=now)


def signed_by(desk: SefinDesk, pem: bytes, algorithm: Algorithm = Algorithm.SHA256) -> tuple[bytes, str]:
    draft = desk.draft()
    key = load_pem_private_key(pem, None)
    return signed_with(draft.xml, draft.id, key, load_pem_x509_certificate(pem), algorithm), draft.id  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_signature_by_either_algorithm_holds(desk: SefinDesk, algorithm: Algorithm) -> None:
    assert flaw_of(desk, *signed_by(desk, desk.certificate.pem, algorithm)) is None


def test_each_flaw_of_a_signature_is_told_from_the_others(desk: SefinDesk) -> None:
    authority, draft = desk.sefin.authority, desk.draft()
    xml, dps_id = signed_by(desk, desk.certificate.pem)
    ended = authority.company("X", COMPANY, ends_at=datetime.now(UTC) - timedelta(days=1))  # noqa: TID251
    nameless = certificate_of(authority.company("X", COMPANY, named=False), "")
    others = certificate_of(authority.company("X", OTHER), "")
    strange = certificate_of(SandboxAuthority.made().company("X", COMPANY), "")

    assert flaw_of(desk, draft.xml, draft.id) is Flaw.MISSING
    assert flaw_of(desk, xml.replace(b"1250.40", b"1250.41"), dps_id) is Flaw.BROKEN
    assert flaw_of(desk, re.sub(b"<SignatureValue>....", b"<SignatureValue>AAAA", xml), dps_id) is Flaw.BROKEN
    assert flaw_of(desk, *signed_by(desk, nameless.pem)) is Flaw.NOT_ICP
    assert flaw_of(desk, *signed_by(desk, others.pem)) is Flaw.ANOTHERS
    assert flaw_of(desk, *signed_by(desk, strange.pem)) is Flaw.CERTIFICATE
    assert flaw_of(desk, *signed_by(desk, pem_of(ended))) is Flaw.CERTIFICATE


def pem_of(p12: bytes) -> bytes:
    pem = opened(p12, "")
    assert isinstance(pem, bytes)
    return pem


def test_a_signature_of_another_part_of_the_document_is_no_signature_of_this(desk: SefinDesk) -> None:
    xml, dps_id = signed_by(desk, desk.certificate.pem)
    wrapped = xml.replace(dps_id.encode(), b"DPS" + b"9" * 42, 1)

    assert flaw_of(desk, wrapped, "DPS" + "9" * 42) is Flaw.BROKEN


@pytest.mark.parametrize(
    ("document", "about"),
    [
        (b"<DPS", "unclosed"),
        (b'<x:DPS xmlns:x="http://www.sped.fazenda.gov.br/nfse"/>', "prefixed"),
        (b'<DPS xmlns="http://www.sped.fazenda.gov.br/nfse" versao="1.01"/>', "empty"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>', "entities"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_declaration_is_turned_down_by_the_schema(
    desk: SefinDesk,
    document: bytes,
    about: str,  # noqa: ARG001
) -> None:
    judged = desk.sefin._server.desk.judge.issue(document, None)

    assert isinstance(judged, Turned)
    assert judged.complaints[0].code == "E1235"


def test_many_at_once_get_one_number_each(desk: SefinDesk) -> None:
    documents = [desk.signed() for _ in range(12)]
    judge = desk.sefin._server.desk.judge

    with ThreadPoolExecutor(6) as hands:
        done = list(hands.map(lambda one: judge.issue(one.xml, None), documents + documents))

    numbers = [
        note.number for note in desk.sefin.ledger.notes() if note.dps_id in {one.id for one in documents}
    ]
    assert sum(isinstance(one, Done) for one in done) == len(documents)
    assert len(set(numbers)) == len(documents)
    assert max(numbers) - min(numbers) == len(documents) - 1


def test_keys_end_in_their_check_digit(desk: SefinDesk) -> None:
    key = desk.issued().key

    assert key[-1] == str(check_digit(key[:-1]))
    assert key[:22] == f"41069022{2}{COMPANY[:13]}"


def test_nobody_comes_in_without_a_certificate(desk: SefinDesk) -> None:
    context = ssl.create_default_context(cadata=desk.sefin.authority.pem.decode())
    where = urlsplit(desk.sefin.url)
    visitor = HTTPSConnection(str(where.hostname), where.port, context=context, timeout=120)

    # with TLS 1.3 the client hears of it once it has sent its request, or while it does
    with closing(visitor), pytest.raises((OSError, HTTPException)):  # noqa: PT012
        visitor.request("GET", "/SefinNacional/nfse")
        visitor.getresponse()


def test_a_rejection_is_rehearsed_by_the_description(desk: SefinDesk) -> None:
    service = replace(desk.new_note().service, description="Consultoria [sefin E0016]")

    rejected = desk.office.issue(desk.signed(service=service), desk.certificate)

    assert isinstance(rejected, Rejected)
    assert [error.code for error in rejected.errors] == ["E0016"]


def test_a_bad_day_is_rehearsed_once(desk: SefinDesk) -> None:
    service = replace(desk.new_note().service, description="Consultoria [sefin status 503]")
    signed = desk.signed(service=service)

    first = desk.office.issue(signed, desk.certificate)
    second = desk.office.issue(signed, desk.certificate)

    assert not isinstance(first, Accepted)
    assert isinstance(second, Accepted)


def test_the_plain_port_says_what_is_held_and_takes_faults(desk: SefinDesk) -> None:
    note = desk.issued()
    where = urlsplit(desk.sefin.control_url)
    with closing(HTTPConnection(str(where.hostname), where.port, timeout=120)) as visitor:
        visitor.request("POST", "/faults", body=json.dumps({"kind": "status", "value": 503}))
        visitor.getresponse().read()
    with closing(HTTPConnection(str(where.hostname), where.port, timeout=120)) as visitor:
        visitor.request("GET", "/notes")
        held = json.load(visitor.getresponse())

    assert held[-1]["key"] == note.key
    assert not isinstance(desk.office.issue(desk.signed(), desk.certificate), Accepted)


def test_what_was_issued_is_still_there_after_a_restart(tmp_path: Path) -> None:
    first = SefinDesk(tmp_path)
    p12 = first.p12
    note = first.issued()
    first.close()

    second = SefinDesk(tmp_path)
    signed = second.signed(amounts=Amounts(service=Decimal("3.00")))

    try:
        kept = second.office.look_up(signed, certificate_of(p12, PASSWORD))
        assert isinstance(kept, Rejected), "the number is the first note's"
        assert second.sefin.ledger.by_key(note.key) is not None
    finally:
        second.close()
