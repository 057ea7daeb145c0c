"""A1 certificates: what is read of them, and why others are not taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lacre.engines.nfse import A1Certificates
from lacre.engines.sefin import SandboxAuthority
from lacre.fiscal.ports import Certificate, CertificateUnusable
from tests.support.icp_brasil import IcpBrasil
from tests.support.sefin import COMPANY, CUSTOMER, PASSWORD

NOW = datetime.now(UTC)  # noqa: TID251 - certificates live by the real clock


@pytest.fixture(scope="module")
def authority() -> SandboxAuthority:
    return SandboxAuthority.made()


@pytest.fixture(scope="module")
def p12(authority: SandboxAuthority) -> bytes:
    return authority.company("PAPELARIA SOUZA LTDA", COMPANY, password=PASSWORD)


def why_not(p12: bytes, password: str = PASSWORD, company: str = "") -> str:
    read = A1Certificates().read(p12, password, now=NOW, company=company)
    assert isinstance(read, CertificateUnusable), read
    assert read.reason.endswith(".")
    return read.code


def test_a_companys_says_whose_it_is_and_keeps_its_key_to_itself(p12: bytes) -> None:
    read = A1Certificates().read(p12, PASSWORD, now=NOW, company=COMPANY)

    assert isinstance(read, Certificate)
    assert read.tax_id == COMPANY
    assert read.name == f"PAPELARIA SOUZA LTDA:{COMPANY}"
    assert b"PRIVATE KEY" in read.pem
    assert "PRIVATE" not in repr(read)


def test_a_persons_is_read_by_its_cpf(authority: SandboxAuthority) -> None:
    read = A1Certificates().read(authority.company("ANA", CUSTOMER), "", now=NOW)

    assert isinstance(read, Certificate)
    assert read.tax_id == CUSTOMER


def test_one_in_the_shape_of_icp_brasils_own_is_read() -> None:
    issued = IcpBrasil().person("LOJA LTDA", cnpj=COMPANY, password=PASSWORD)

    read = A1Certificates().read(issued.p12, PASSWORD, now=NOW)

    assert isinstance(read, Certificate)
    assert read.tax_id == COMPANY


def test_what_is_wrong_has_a_code(p12: bytes, authority: SandboxAuthority) -> None:
    ended = authority.company("X", COMPANY, password=PASSWORD, ends_at=NOW - timedelta(days=1))

    assert why_not(p12, "outra senha") == "wrong_password"
    assert why_not(b"%PDF-1.7") == "not_pkcs12"
    assert why_not(b"") == "not_pkcs12"
    assert why_not(p12, company="11444777000161") == "other_company"
    assert why_not(ended) == "expired"
