"""Whatever acts by itself stays outside, however it is spelt and packed; what does not comes in."""

from __future__ import annotations

import pytest

from lacre.signing.ports import Accepted, Unusable
from tests.engines.intake.conftest import Admit
from tests.support.earlier_signatures import signed_elsewhere
from tests.support.hostile_pdfs import ACTING, HARMLESS, disguised, outside_content_pdf, packed, raw_pdf
from tests.support.pdfs import active_pdf


@pytest.mark.parametrize("kind", ACTING)
def test_active_content_is_refused(admit: Admit, kind: str) -> None:
    assert refused_as_active(admit(raw_pdf(**ACTING[kind])))


@pytest.mark.parametrize("kind", ACTING)
def test_active_content_spelt_in_hex_is_refused(admit: Admit, kind: str) -> None:
    assert refused_as_active(admit(disguised(raw_pdf(**ACTING[kind]))))


@pytest.mark.parametrize("kind", ACTING)
def test_active_content_in_compressed_streams_is_refused(admit: Admit, kind: str) -> None:
    assert refused_as_active(admit(packed(disguised(raw_pdf(**ACTING[kind])))))


def test_content_from_another_file_is_refused(admit: Admit) -> None:
    assert refused_as_active(admit(outside_content_pdf()))


def test_the_refusal_says_what_was_found(admit: Admit) -> None:
    verdict = admit(active_pdf())

    assert isinstance(verdict, Unusable)
    assert verdict.reason.startswith("This PDF contains JavaScript. Print or export it")


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_only_looks_active_comes_in(admit: Admit, kind: str) -> None:
    verdict = admit(raw_pdf(**HARMLESS[kind]))

    assert isinstance(verdict, Accepted)
    assert not verdict.repaired


def test_scripts_that_nothing_leads_to_are_left_behind(admit: Admit) -> None:
    verdict = admit(raw_pdf(b"<< /S /JavaScript /JS (a()) >>"))

    assert isinstance(verdict, Accepted)
    assert verdict.repaired
    assert b"JavaScript" not in verdict.file.read_bytes()


def test_a_signed_file_that_holds_a_script_anywhere_is_refused(admit: Admit) -> None:
    assert refused_as_active(admit(signed_elsewhere(raw_pdf(b"<< /S /JavaScript /JS (a()) >>"))))


def refused_as_active(verdict: Accepted | Unusable) -> bool:
    return isinstance(verdict, Unusable) and verdict.code == "active_content"
