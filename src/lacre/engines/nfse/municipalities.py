"""What municipalities have set in the national system, asked of the ADN and remembered for a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import TypeAlias, TypeVar, cast

from lacre.engines.nfse.exchange import HINT_SECONDS, Exchanges, lowered, read, said, turned_down
from lacre.engines.nfse.places import Places
from lacre.fiscal.note import Environment
from lacre.fiscal.ports import (
    Agreement,
    Certificate,
    CertificateRefused,
    NotKnown,
    ServiceRate,
    Unreachable,
)
from lacre.webhooks.ports import Sender
from lacre.webhooks.request import Answer, Outcome

KEPT = timedelta(hours=24)
"""They change without notice, but rarely; a wrong one costs a rejection, never a wrong note."""
LET_BE = timedelta(minutes=1)
"""After nobody answered: else invoices would wait for it one after the other."""
REMEMBERED = 10_000
"""Answers at most: more than there are municipalities."""

_JOINED = 1
Told = TypeVar("Told")
_Failed: TypeAlias = CertificateRefused | Unreachable


class AdnMunicipalities:
    """`Municipalities`. One answer serves every account: what a municipality has set is public."""

    def __init__(self, places: Places, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._places, self._exchanges, self._clock = places, Exchanges(sender), clock
        self._kept: dict[str, tuple[datetime, object]] = {}
        self._silent: dict[str, tuple[datetime, Unreachable]] = {}
        """Until when nobody is asked there, and why."""
        self._lock = Lock()

    def agreement(
        self, city_code: str, environment: Environment, certificate: Certificate
    ) -> Agreement | NotKnown | CertificateRefused | Unreachable:
        def understand(outcome: Outcome) -> Agreement | _Failed:
            return _agreement(city_code, outcome)

        return self._ask(f"{city_code}/convenio", environment, certificate, understand)

    def rates(
        self,
        city_code: str,
        national_code: str,
        competence_on: date,
        environment: Environment,
        certificate: Certificate,
    ) -> Sequence[ServiceRate] | NotKnown | CertificateRefused | Unreachable:
        path = f"{city_code}/{_dotted(national_code)}/{competence_on.isoformat()}/aliquota"
        return self._ask(path, environment, certificate, _rates)

    def _ask(
        self,
        path: str,
        environment: Environment,
        certificate: Certificate,
        understand: Callable[[Outcome], Told | _Failed],
    ) -> Told | _Failed:
        place = self._places.get(environment)
        if place is None:
            return Unreachable(reason=f"this installation does not speak to {environment}")
        url, now = f"{place.adn}/parametrizacao/{path}", self._clock()
        kept = self._kept.get(url)
        if kept and now - kept[0] < KEPT:
            return cast("Told", kept[1])
        silent = self._silent.get(place.adn)
        if silent and now < silent[0]:
            return cast("Told", kept[1]) if kept else silent[1]
        found = understand(self._exchanges.ask("GET", url, place, certificate, seconds=HINT_SECONDS))
        if isinstance(found, Unreachable):
            self._silent[place.adn] = (now + LET_BE, found)
        if not isinstance(found, CertificateRefused | Unreachable):
            self._keep(url, now, found)
        elif kept:
            return cast("Told", kept[1])
        return found

    def _keep(self, url: str, now: datetime, found: object) -> None:
        with self._lock:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            self._kept[url] = (now, found)


def _agreement(city_code: str, outcome: Outcome) -> Agreement | _Failed:
    """One that has not joined is answered with 404: that, too, is known."""
    match outcome:
        case Answer(status=404):
            return Agreement(city_code=city_code, takes_part=False, national_issuer=False)
        case Answer(status=200) as answer:
            told = read(answer).get("parametrosconvenio")
            found = lowered(told) if isinstance(told, dict) else {}
            return Agreement(
                city_code=city_code,
                takes_part=found.get("aderenteambientenacional") == _JOINED,
                national_issuer=found.get("aderenteemissornacional") == _JOINED,
            )
        case _:
            return turned_down(outcome) or Unreachable(reason=said(outcome))


def _rates(outcome: Outcome) -> Sequence[ServiceRate] | NotKnown | _Failed:
    match outcome:
        case Answer(status=404):
            return NotKnown()
        case Answer(status=200) as answer:
            told = read(answer).get("aliquotas")
            lists = told.values() if isinstance(told, dict) else ()
            rows = [row for rows in lists if isinstance(rows, list) for row in rows if isinstance(row, dict)]
            return tuple(found for row in rows if (found := _rate(lowered(row))))
        case _:
            return turned_down(outcome) or Unreachable(reason=said(outcome))


def _rate(row: Mapping[str, object]) -> ServiceRate | None:
    try:
        percent = Decimal(str(row.get("aliq")))
    except InvalidOperation:
        return None
    return ServiceRate(rate=percent, starts_on=_day(row.get("dtini")), ends_on=_day(row.get("dtfim")))


def _day(text: object) -> date | None:
    """`2023-01-02T00:00:00`, or nothing while there is no end."""
    return date.fromisoformat(text[:10]) if isinstance(text, str) and text[:10] else None


def _dotted(national_code: str) -> str:
    """`010701` → `01.07.01.000`: any other writing is answered with 400."""
    return f"{national_code[:2]}.{national_code[2:4]}.{national_code[4:6]}.000"
