"""Signatures hold for implementations other than the one that made them."""

from __future__ import annotations

import pytest
from lxml import etree

from lacre.engines.nfse import Algorithm
from lacre.engines.nfse.schema import DPS, EVENT, NFSE, parse, violations
from lacre.fiscal.ports import Cancelled, Signed
from tests.support.libxmlsec import holds_for_libxmlsec
from tests.support.sefin import SefinDesk

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


def signed_by(desk: SefinDesk, algorithm: Algorithm) -> bytes:
    signed = desk.office_of(algorithm).sign(desk.draft(), desk.certificate)
    assert isinstance(signed, Signed)
    return signed.xml


@pytest.mark.parametrize("algorithm", Algorithm)
def test_libxmlsec_and_the_schema_take_what_we_sign(desk: SefinDesk, algorithm: Algorithm) -> None:
    xml = signed_by(desk, algorithm)

    assert holds_for_libxmlsec(xml)
    assert violations(parse(xml), DPS) == ()


@pytest.mark.parametrize("algorithm", Algorithm)
def test_one_changed_digit_is_seen(desk: SefinDesk, algorithm: Algorithm) -> None:
    xml = signed_by(desk, algorithm)

    changed = xml.replace(b"<vServ>1250.40</vServ>", b"<vServ>1250.41</vServ>")

    assert changed != xml
    assert not holds_for_libxmlsec(changed)


def test_the_setting_says_by_which_algorithms(desk: SefinDesk) -> None:
    assert b"xmldsig-more#rsa-sha256" in signed_by(desk, Algorithm.SHA256)
    assert b"xml-exc-c14n#" in signed_by(desk, Algorithm.SHA256)
    assert b"xmldsig#rsa-sha1" in signed_by(desk, Algorithm.SHA1)
    assert b"REC-xml-c14n-20010315" in signed_by(desk, Algorithm.SHA1)


def test_no_signature_has_a_prefix_and_each_has_one_certificate(desk: SefinDesk) -> None:
    root = parse(signed_by(desk, Algorithm.SHA256))

    assert {element.prefix for element in root.iter(etree.Element)} == {None}
    assert len(list(root.iter(f"{DSIG}X509Certificate"))) == 1


def test_the_sefins_own_signatures_hold_too(desk: SefinDesk) -> None:
    note = desk.issued()
    canceled = desk.office.cancel(desk.cancellation(note.key), desk.certificate)

    assert isinstance(canceled, Cancelled)
    for xml, schema in ((note.xml, NFSE), (canceled.xml, EVENT)):
        assert holds_for_libxmlsec(xml)
        assert violations(parse(xml), schema) == ()


def test_our_signature_still_holds_inside_the_note(desk: SefinDesk) -> None:
    note = desk.issued()
    inside = parse(note.xml).find(".//{http://www.sped.fazenda.gov.br/nfse}DPS")

    assert holds_for_libxmlsec(etree.tostring(inside))
