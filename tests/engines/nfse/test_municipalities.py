"""What municipalities have set: asked once a day, and still known when nobody answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from lacre.engines.nfse import AdnMunicipalities, Places
from lacre.engines.sefin import Fault
from lacre.engines.sefin.cities import USUAL_RATE
from lacre.engines.sefin.faults import Kind
from lacre.fiscal.note import Environment
from lacre.fiscal.ports import Agreement, NotKnown, ServiceRate, Unreachable
from tests.support.sefin import CURITIBA, SAO_PAULO, SefinDesk

SAO_CAETANO = "3548807"
SANDBOX = Environment.SANDBOX


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 29, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def municipalities(desk: SefinDesk, clock: Clock | None = None) -> AdnMunicipalities:
    return AdnMunicipalities(Places(sandbox=desk.place), desk.http, clock or Clock())


def asked(desk: SefinDesk) -> int:
    return sum("parametrizacao" in call.path for call in desk.sefin.ledger.calls())


def test_one_that_takes_part_issues_nationally_and_one_that_does_not_is_known_too(desk: SefinDesk) -> None:
    towns = municipalities(desk)

    assert towns.agreement(CURITIBA, SANDBOX, desk.certificate) == Agreement(
        city_code=CURITIBA, takes_part=True, national_issuer=True
    )
    assert towns.agreement(SAO_CAETANO, SANDBOX, desk.certificate) == Agreement(
        city_code=SAO_CAETANO, takes_part=False, national_issuer=False
    )
    assert towns.agreement(SAO_PAULO, SANDBOX, desk.certificate) == Agreement(
        city_code=SAO_PAULO, takes_part=True, national_issuer=False
    )


def test_rates_are_asked_for_by_the_code_with_points(desk: SefinDesk) -> None:
    rates = municipalities(desk).rates(CURITIBA, "010701", date(2026, 9, 1), SANDBOX, desk.certificate)

    assert rates == (ServiceRate(rate=Decimal(USUAL_RATE), starts_on=date(2023, 1, 2)),)


def test_a_service_that_nobody_has_set_is_not_known(desk: SefinDesk) -> None:
    found = municipalities(desk).rates(CURITIBA, "990000", date(2026, 9, 1), SANDBOX, desk.certificate)

    assert found == NotKnown()


def test_an_answer_is_good_for_a_day(desk: SefinDesk) -> None:
    clock = Clock()
    towns, before = municipalities(desk, clock), asked(desk)

    towns.agreement(CURITIBA, SANDBOX, desk.certificate)
    towns.agreement(CURITIBA, SANDBOX, desk.certificate)
    once = asked(desk) - before
    clock.now += timedelta(hours=25)
    towns.agreement(CURITIBA, SANDBOX, desk.certificate)

    assert once == 1
    assert asked(desk) - before == 2


def test_an_old_answer_is_better_than_none(desk: SefinDesk) -> None:
    clock = Clock()
    towns = municipalities(desk, clock)
    towns.agreement(CURITIBA, SANDBOX, desk.certificate)
    clock.now += timedelta(days=3)
    desk.sefin.faults.plan(Fault(kind=Kind.STATUS, on="parameters", value=503))

    known = towns.agreement(CURITIBA, SANDBOX, desk.certificate)
    unknown = towns.agreement(SAO_CAETANO, SANDBOX, desk.certificate)

    assert isinstance(known, Agreement)
    assert isinstance(unknown, Unreachable)


def test_where_nobody_answers_nobody_is_asked_again_for_a_minute(desk: SefinDesk) -> None:
    clock = Clock()
    towns, before = municipalities(desk, clock), asked(desk)
    desk.sefin.faults.plan(Fault(kind=Kind.STATUS, on="parameters", value=503))

    silent = [towns.agreement(city, SANDBOX, desk.certificate) for city in (CURITIBA, SAO_PAULO)]
    once = asked(desk) - before
    clock.now += timedelta(minutes=1)
    later = towns.agreement(CURITIBA, SANDBOX, desk.certificate)

    assert ([type(one) for one in silent], once) == ([Unreachable, Unreachable], 1)
    assert isinstance(later, Agreement)
