"""What a municipality has set decides before anything is sent; whoever cannot be asked decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from lacre.fiscal.municipality import FITS, Consulted, consult
from lacre.fiscal.note import Iss, IssKind, Note
from lacre.fiscal.persons import SimplesNacional
from lacre.fiscal.ports import Agreement, CertificateRefused, NotKnown, ServiceRate, Unreachable
from tests.support.sefin import CURITIBA, SAO_PAULO, a_note
from tests.support.tax_office import MemoryMunicipalities, a_certificate

NOTE = a_note()
OUTSIDE = Agreement(city_code=CURITIBA, takes_part=False, national_issuer=False)
OWN = Agreement(city_code=CURITIBA, takes_part=True, national_issuer=False)
STATED = Iss(rate=Decimal("2.00"))
Rates = Sequence[ServiceRate] | NotKnown | CertificateRefused | Unreachable


def consulted(note: Note, agreed: object = None, rates: Rates | None = None) -> Consulted:
    towns = MemoryMunicipalities()
    if agreed is not None:
        towns.agreed = agreed  # type: ignore[assignment]
    if rates is not None:
        towns.set_rates = rates
    return consult(towns, note, a_certificate())


def by(simples: SimplesNacional, regime: str = "") -> Note:
    return replace(NOTE, provider=replace(NOTE.provider, simples=simples, simples_regime=regime))


def test_a_note_goes_out_where_the_municipality_takes_part_and_knows_the_service() -> None:
    assert consulted(NOTE) == FITS


@pytest.mark.parametrize(
    ("agreed", "code"),
    [
        (OUTSIDE, "municipality_outside"),
        (NotKnown(), "municipality_outside"),
        (OWN, "municipality_issues_itself"),
    ],
)
def test_without_the_national_issuer_there_is_a_reason_and_a_way_out(agreed: object, code: str) -> None:
    (error,) = consulted(NOTE, agreed).errors

    assert (error.code, CURITIBA in error.text, "prefeitura" in error.remedy) == (code, True, True)


def test_an_mei_issues_nationally_wherever_it_is_and_nobody_is_asked() -> None:
    towns = MemoryMunicipalities(agreed=OUTSIDE)

    assert consult(towns, by(SimplesNacional.MEI), a_certificate()) == FITS
    assert towns.asked == []


def test_a_service_that_the_municipality_does_not_administer_is_refused() -> None:
    (error,) = consulted(NOTE, rates=NotKnown()).errors

    assert (error.code, "010701" in error.text) == ("service_not_administered", True)


@pytest.mark.parametrize(
    "note", [replace(NOTE, iss=STATED), replace(by(SimplesNacional.ME_EPP, "2"), iss=STATED)]
)
def test_a_rate_that_the_municipality_has_set_is_not_said_again(note: Note) -> None:
    (error,) = consulted(note).errors

    assert (error.code, "2,00%" in error.text) == ("rate_set_by_municipality", True)


@pytest.mark.parametrize(
    ("note", "rates"),
    [(replace(NOTE, iss=STATED), ()), (replace(by(SimplesNacional.ME_EPP, "1"), iss=STATED), None)],
    ids=["none is set", "it is the rate of Simples"],
)
def test_a_rate_may_be_said_where(note: Note, rates: Rates | None) -> None:
    assert consulted(note, rates=rates) == FITS


@pytest.mark.parametrize(
    "note",
    [
        replace(NOTE, iss=Iss(kind=IssKind.NOT_DUE)),
        replace(NOTE, service=replace(NOTE.service, city_code=SAO_PAULO)),
    ],
    ids=["no ISS is due", "another municipality may have to be asked"],
)
def test_rates_are_not_asked_where(note: Note) -> None:
    assert consulted(note, rates=NotKnown()) == FITS


@pytest.mark.parametrize("silent", [Unreachable(reason="HTTP 503"), CertificateRefused(reason="HTTP 403")])
def test_whoever_cannot_be_asked_stops_nothing_but_it_is_told(silent: Unreachable) -> None:
    of_agreement, of_rates = consulted(NOTE, silent), consulted(NOTE, rates=silent)

    for found in (of_agreement, of_rates):
        (notice,) = found.notices
        assert (found.errors, notice.code, silent.reason in notice.text) == (
            (),
            "municipality_not_asked",
            True,
        )
