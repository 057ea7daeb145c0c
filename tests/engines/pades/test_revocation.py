"""B-LT: the file carries the proof that no certificate in it was revoked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lacre.engines.pades import PyhankoSealer, PyhankoVerifier, SealConfig, load_or_create_certificate
from lacre.signing.ports import Sealed
from tests.support import pdfs, sealing
from tests.support.pki import P12_PASSWORD, PlainTransport, RevocationLists, TestAuthority, TimestampServer

SEAL_LIST, STAMP_LIST = "http://lcr.test/selo.crl", "http://lcr.test/carimbo.crl"


@dataclass
class Company:
    """A company with a bought seal, whose seller publishes lists, as does the timestamp's."""

    sealer: PyhankoSealer
    verifier: PyhankoVerifier
    lists: RevocationLists
    file: Path


@pytest.fixture
def company(tmp_path: Path, out: Path) -> Iterator[Company]:
    seller, stamps = TestAuthority("AC", SEAL_LIST), TestAuthority("AC do tempo", STAMP_LIST)
    roots = stamps.root_folder(seller.root_folder(tmp_path / "raizes"))
    lists = RevocationLists()
    lists.published = {SEAL_LIST: seller.revocation_list(), STAMP_LIST: stamps.revocation_list()}
    with TimestampServer(stamps) as server:
        config = SealConfig(
            identity=load_or_create_certificate(tmp_path, seller.p12(tmp_path), P12_PASSWORD),
            timestamp_url=server.url,
            transport=PlainTransport(),
            fetcher=lists,
            roots=roots,
        )
        company = Company(PyhankoSealer(config), PyhankoVerifier(config), lists, out)
        company.sealer.prepare(
            pdfs.written(tmp_path, pdfs.contract_pdf()), out, sealing.structure(["ana"], record=False)
        )
        yield company


def test_a_seal_whose_revocation_is_published_wants_b_lt_and_gets_it_by_an_upgrade(company: Company) -> None:
    sealed = company.sealer.seal(company.file, sealing.act(record=False))
    assert isinstance(sealed, Sealed)
    assert (sealed.level, sealed.wanted) == ("B-T", "B-LT")

    upgraded = company.sealer.upgrade(company.file)

    assert isinstance(upgraded, Sealed)
    assert (upgraded.level, upgraded.wanted) == ("B-LT", "B-LT")
    judged = company.verifier.verify(company.file)
    assert judged.all_valid
    assert {found.level for found in judged.signatures} == {"B-LT"}
    assert all(found.trusted for found in judged.signatures)
    assert sealing.valid_by_poppler(company.file) == 2
    assert sealing.clean_by_qpdf(company.file)


def test_a_list_that_cannot_be_had_leaves_b_t_and_b_lt_wanted(company: Company) -> None:
    company.sealer.seal(company.file, sealing.act(record=False))
    del company.lists.published[STAMP_LIST]

    upgraded = company.sealer.upgrade(company.file)

    assert isinstance(upgraded, Sealed)
    assert (upgraded.level, upgraded.wanted) == ("B-T", "B-LT")
    assert company.verifier.verify(company.file).all_valid


@pytest.mark.parametrize("content", [b"nada disto", TestAuthority("Impostora").revocation_list()])
def test_a_list_of_somebody_else_proves_nothing(content: bytes, company: Company) -> None:
    company.sealer.seal(company.file, sealing.act(record=False))
    company.lists.published[SEAL_LIST] = content

    upgraded = company.sealer.upgrade(company.file)

    assert isinstance(upgraded, Sealed)
    assert upgraded.level == "B-T"
