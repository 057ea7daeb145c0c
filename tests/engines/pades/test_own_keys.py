"""Signers' own certificates: read from their files, and their signatures among the platform's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from asn1crypto import core, pkcs12
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import (
    OCSPCertStatus,
    OCSPResponseBuilder,
    OCSPResponseStatus,
    load_der_ocsp_request,
)
from pyhanko.sign.diff_analysis import ModificationLevel

from lacre.engines.pades import Identity, P12Certificates, PyhankoSealer, PyhankoVerifier, SealConfig, Ways
from lacre.engines.sandbox import Sandbox
from lacre.signing.ports import NotOpened, OpenedKey, Sealed
from tests.support import pdfs, sealing
from tests.support.earlier_signatures import signed_elsewhere
from tests.support.icp_brasil import CRL_URL, OCSP_URL, PASSWORD, IcpBrasil, Issued
from tests.support.pki import RevocationLists

CPF, CNPJ = "52998224725", "11222333000181"
OFFLINE = Ways(transport=None, fetcher=None)


@pytest.fixture(scope="module")
def icp() -> IcpBrasil:
    return IcpBrasil(lists_url=CRL_URL)


@pytest.fixture
def certificates(icp: IcpBrasil, tmp_path: Path) -> P12Certificates:
    return P12Certificates(icp.roots_in(tmp_path / "roots"), OFFLINE)


# ── what a file says ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [core.OctetString, core.PrintableString, core.UTF8String])
def test_the_holder_is_read_from_the_other_names_however_they_are_written(
    icp: IcpBrasil, certificates: P12Certificates, text: type[core.Asn1Value]
) -> None:
    said = opened(certificates, icp.person("BRUNO DIAS", cpf=CPF, text=text)).certificate

    assert (said.tax_id, said.company_tax_id, said.holder_tax_id) == (CPF, "", CPF)
    assert (said.subject, said.issuer) == (f"BRUNO DIAS:{CPF}", "AC Teste Multipla v9")
    assert (said.trusted, said.revoked) == (True, None)


def test_a_companys_certificate_speaks_for_the_company(icp: IcpBrasil, certificates: P12Certificates) -> None:
    said = opened(certificates, icp.person("PAPELARIA LTDA", cpf=CPF, cnpj=CNPJ)).certificate

    assert said.holder_tax_id == CNPJ


def test_numbers_that_are_none_are_not_read(icp: IcpBrasil, certificates: P12Certificates) -> None:
    assert opened(certificates, icp.person("X", cpf="0" * 11)).certificate.holder_tax_id == ""
    assert opened(certificates, icp.person("X")).certificate.holder_tax_id == ""


def test_a_certificate_of_another_root_is_not_trusted(certificates: P12Certificates) -> None:
    strange = opened(certificates, IcpBrasil().person("BRUNO DIAS", cpf=CPF))
    nobody = opened(P12Certificates(None, OFFLINE), IcpBrasil().person("BRUNO DIAS", cpf=CPF))

    assert (strange.certificate.trusted, nobody.certificate.trusted) == (False, False)


def test_an_expired_certificate_is_still_known_to_be_of_its_root(
    icp: IcpBrasil, certificates: P12Certificates
) -> None:
    old = icp.person("B", cpf=CPF, ends=datetime(2026, 2, 1, tzinfo=UTC))

    assert opened(certificates, old).certificate.trusted


def test_who_was_revoked_is_read_from_the_authoritys_list(icp: IcpBrasil, tmp_path: Path) -> None:
    lists = RevocationLists()
    certificates = P12Certificates(icp.roots_in(tmp_path), Ways(transport=None, fetcher=lists))
    good, bad = icp.person("A", cpf=CPF), icp.person("B", cpf=CPF)
    lists.published[CRL_URL] = icp.revocation_list(bad.certificate)

    found = [opened(certificates, one).certificate.revoked for one in (good, bad)]
    lists.published[CRL_URL] = IcpBrasil().revocation_list(good.certificate)
    forged = opened(certificates, good).certificate.revoked

    assert found == [False, True]
    assert forged is None


GOOD, REVOKED, UNKNOWN = OCSPCertStatus.GOOD, OCSPCertStatus.REVOKED, OCSPCertStatus.UNKNOWN


class Responder:
    """`TimestampTransport`: an authority's OCSP responder, that answers what it is told to."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer, self.asked = answer, list[str]()

    def post(self, url: str, content: bytes, content_type: str) -> bytes | None:
        assert content_type == "application/ocsp-request"
        assert load_der_ocsp_request(content).serial_number
        self.asked.append(url)
        return self.answer


@pytest.mark.parametrize(("status", "revoked"), [(GOOD, False), (REVOKED, True), (UNKNOWN, None)])
def test_the_authoritys_responder_is_asked_first(
    tmp_path: Path, status: OCSPCertStatus, revoked: bool | None
) -> None:
    icp = IcpBrasil(responder_url=OCSP_URL)
    person = icp.person("A", cpf=CPF)
    responder = Responder(icp.answer(person.certificate, status))

    ways = Ways(transport=responder, fetcher=None)
    found = opened(P12Certificates(icp.roots_in(tmp_path), ways), person).certificate.revoked

    assert (found, responder.asked) == (revoked, [OCSP_URL])


def answers_that_are_none(icp: IcpBrasil, person: Issued) -> dict[str, bytes | None]:
    return {
        "none": None,
        "nonsense": b"nonsense",
        "of another": icp.answer(icp.person("B", cpf=CPF).certificate),
        "of another authority": IcpBrasil().answer(person.certificate),
        "of last week": icp.answer(person.certificate, age=timedelta(days=7)),
        "not ready": OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.TRY_LATER).public_bytes(
            Encoding.DER
        ),
    }


@pytest.mark.parametrize(
    "what", ["none", "nonsense", "of another", "of another authority", "of last week", "not ready"]
)
def test_an_answer_that_is_none_leaves_the_list_to_say_it(tmp_path: Path, what: str) -> None:
    icp, lists = IcpBrasil(lists_url=CRL_URL, responder_url=OCSP_URL), RevocationLists()
    person = icp.person("A", cpf=CPF)
    responder = Responder(answers_that_are_none(icp, person)[what])
    certificates = P12Certificates(icp.roots_in(tmp_path), Ways(transport=responder, fetcher=lists))

    unknown = opened(certificates, person).certificate.revoked
    lists.published[CRL_URL] = icp.revocation_list(person.certificate)
    listed = opened(certificates, person).certificate.revoked

    assert (unknown, listed) == (None, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "unreadable"), (b"%PDF-1.7", "unreadable"), (b"\x30\x03\x02\x01\x03", "unreadable")],
)
def test_what_is_no_certificate_is_told(certificates: P12Certificates, content: bytes, code: str) -> None:
    assert certificates.open(content, PASSWORD) == NotOpened(code=code)


def test_a_wrong_password_is_told_apart(icp: IcpBrasil, certificates: P12Certificates) -> None:
    assert certificates.open(icp.person("B", cpf=CPF).p12, "errada") == NotOpened(code="password")
    assert certificates.open(icp.person("B", cpf=CPF).p12, "") == NotOpened(code="password")


def test_what_is_not_for_signing_is_told(icp: IcpBrasil, certificates: P12Certificates) -> None:
    assert certificates.open(icp.person("B", signs=False).p12, PASSWORD) == NotOpened(code="unfit")
    assert certificates.open(icp.person("B", bits=1024).p12, PASSWORD) == NotOpened(code="unfit")


def test_a_companys_electronic_seal_expresses_no_will(icp: IcpBrasil, certificates: P12Certificates) -> None:
    seal = icp.person("PAPELARIA LTDA", cnpj=CNPJ, policy="2.16.76.1.2.201.7")

    assert certificates.open(seal.p12, PASSWORD) == NotOpened(code="unfit")


def test_a_file_that_would_be_hashed_for_hours_is_given_up(icp: IcpBrasil) -> None:
    """Its maker says how often a password is hashed, before anybody knows whether it is right."""
    endless = pkcs12.Pfx.load(icp.person("B", cpf=CPF).p12)
    endless["mac_data"]["iterations"] = 2**31 - 1

    with Sandbox(1, calls_per_child=1) as opening:
        found = P12Certificates(None, OFFLINE, partial(hurried, opening)).open(endless.dump(force=True), "x")

    assert found == NotOpened(code="unreadable")


def test_in_a_child_the_same_is_read(icp: IcpBrasil, tmp_path: Path) -> None:
    with Sandbox(1, calls_per_child=1) as opening:
        certificates = P12Certificates(icp.roots_in(tmp_path), OFFLINE, opening.run)
        found = opened(certificates, icp.person("BRUNO DIAS", cpf=CPF))
        wrong = certificates.open(icp.person("B", cpf=CPF).p12, "errada")

    assert (found.certificate.tax_id, found.certificate.trusted) == (CPF, True)
    assert wrong == NotOpened(code="password")


def test_an_opened_key_never_shows_itself(icp: IcpBrasil, certificates: P12Certificates) -> None:
    assert "key=HeldKey()" in repr(opened(certificates, icp.person("B", cpf=CPF)))


# ── what it signs ────────────────────────────────────────────────────────────


@pytest.fixture
def signed(
    sealer: PyhankoSealer, certificates: P12Certificates, icp: IcpBrasil, tmp_path: Path, out: Path
) -> Path:
    """Ana signs with her own certificate, the platform over it; then Bruno, as everybody does."""
    made = sealing.countersigned(sealing.structure(pages=2), "ana")
    assert isinstance(sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf(2)), out, made), Sealed)
    key = opened(certificates, icp.person("ANA SOUZA", cpf=CPF)).key
    assert isinstance(sealer.sign(out, sealing.act("ana", pages=2), key), Sealed)
    assert isinstance(sealer.seal(out, sealing.counter_act("ana")), Sealed)
    assert isinstance(sealer.seal(out, sealing.act("bruno", pages=2)), Sealed)
    return out


def test_a_signers_own_signature_stands_among_the_platforms(
    signed: Path, identity: Identity, icp: IcpBrasil, tmp_path: Path
) -> None:
    config = SealConfig(identity=identity, roots=icp.roots_in(tmp_path / "roots"))
    judged = PyhankoVerifier(config).verify(signed)

    assert judged.all_valid, judged
    assert [(one.field, one.ours, one.trusted) for one in judged.signatures] == [
        ("Lacre", True, True),
        ("seal-ana", False, True),
        ("seal-ana_seal", True, True),
        ("seal-bruno", True, True),
    ]
    assert judged.signatures[1].signer == f"ANA SOUZA:{CPF}"
    assert sealing.valid_by_poppler(signed) == 4
    assert sealing.clean_by_qpdf(signed)


def test_pyhanko_by_itself_says_the_same(signed: Path, identity: Identity, icp: IcpBrasil) -> None:
    ours = sealing.judged_by_pyhanko(signed, identity.chain[-1])
    theirs = sealing.judged_by_pyhanko(signed, icp.root.public_bytes(Encoding.DER))

    assert [name for name, holds, _, _ in ours if holds] == ["Lacre", "seal-ana_seal", "seal-bruno"]
    assert ("seal-ana", True, ModificationLevel.FORM_FILLING, True) in theirs


def test_without_the_platforms_seal_on_top_nothing_that_was_filled_counts(
    sealer: PyhankoSealer, verifier: PyhankoVerifier, certificates: P12Certificates, icp: IcpBrasil,
    tmp_path: Path, out: Path,
) -> None:  # fmt: skip
    """Else anybody could fill a contract that is out, and sign it with a certificate of their own."""
    made = sealing.countersigned(sealing.structure(), "ana")
    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), out, made)
    sealer.sign(out, sealing.act("ana"), opened(certificates, icp.person("X", cpf=CPF)).key)

    assert not verifier.verify(out).all_valid


def test_a_file_that_came_signed_takes_a_signers_own_signature_too(
    sealer: PyhankoSealer, verifier: PyhankoVerifier, certificates: P12Certificates, icp: IcpBrasil,
    tmp_path: Path, out: Path,
) -> None:  # fmt: skip
    made = sealing.countersigned(sealing.bare_structure("ana"), "ana")
    came = pdfs.written(tmp_path, signed_elsewhere(pdfs.contract_pdf()))
    assert isinstance(sealer.prepare(came, out, made), Sealed)
    sealer.sign(out, sealing.bare_act("ana"), opened(certificates, icp.person("X", cpf=CPF)).key)
    sealer.seal(out, sealing.counter_act("ana"))

    assert verifier.verify(out).all_valid


def test_a_key_that_fails_to_sign_is_a_value(
    sealer: PyhankoSealer, certificates: P12Certificates, icp: IcpBrasil, tmp_path: Path, out: Path
) -> None:
    made = sealing.countersigned(sealing.structure(), "ana")
    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), out, made)
    chain = opened(certificates, icp.person("X", cpf=CPF)).key.chain

    outcome = sealer.sign(out, sealing.act("ana"), TornOutToken(chain))

    assert not isinstance(outcome, Sealed)
    assert "torn out" in outcome.reason


class TornOutToken:
    """As a smart card is in the middle of it."""

    def __init__(self, chain: tuple[bytes, ...]) -> None:
        self.chain = chain

    def sign(self, content: bytes) -> bytes:
        raise OSError(f"torn out before {len(content)} bytes were signed")


def hurried(
    opening: Sandbox, function: Callable[..., object], *args: object, seconds: float, memory_bytes: int
) -> object:
    return opening.run(function, *args, seconds=min(seconds, 1.5), memory_bytes=memory_bytes)


def opened(certificates: P12Certificates, issued: Issued) -> OpenedKey:
    found = certificates.open(issued.p12, PASSWORD)
    assert isinstance(found, OpenedKey), found
    return found
