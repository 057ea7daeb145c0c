"""What a municipality has set in the national system, held against a note before it is sent.

Whoever cannot be asked keeps nobody from issuing: the tax office decides then, and the invoice says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lacre.fiscal.note import IssKind, Note
from lacre.fiscal.persons import SimplesNacional
from lacre.fiscal.ports import (
    Agreement,
    Certificate,
    CertificateRefused,
    Finding,
    Municipalities,
    NotKnown,
    ServiceRate,
    Unreachable,
)

_ALL_BY_SIMPLES = "1"
"""The regime in which ISS, too, is paid with the Simples Nacional."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consulted:
    errors: tuple[Finding, ...] = ()
    """Why the note is not sent."""
    notices: tuple[Finding, ...] = ()
    """What is told beside whatever becomes of it."""


FITS = Consulted()


def consult(municipalities: Municipalities, note: Note, certificate: Certificate) -> Consulted:
    """Of an MEI nothing is asked: it issues in the national system wherever it is (Res. CGSN 169/2022)."""
    if note.provider.simples is SimplesNacional.MEI:
        return FITS
    city = note.provider.city_code
    found = _of_agreement(city, municipalities.agreement(city, note.environment, certificate))
    if found != FITS or not _has_rate(note):
        return found
    code, day = note.service.national_code, note.competence_on
    return _of_rates(note, municipalities.rates(city, code, day, note.environment, certificate))


def _of_agreement(city: str, told: Agreement | NotKnown | CertificateRefused | Unreachable) -> Consulted:
    match told:
        case Agreement(takes_part=True, national_issuer=True):
            return FITS
        case Agreement(takes_part=True):
            return Consulted(errors=(_own_issuer(city),))
        case Agreement() | NotKnown():
            return Consulted(errors=(_outside(city),))
        case CertificateRefused(reason=reason) | Unreachable(reason=reason):
            return Consulted(notices=(_not_asked(city, reason),))


def _has_rate(note: Note) -> bool:
    """Where the service is rendered elsewhere, LC 116 (art. 3) says whom it is due to; we do not."""
    return note.iss.kind is IssKind.TAXABLE and note.service.city_code == note.provider.city_code


def _of_rates(
    note: Note, told: Sequence[ServiceRate] | NotKnown | CertificateRefused | Unreachable
) -> Consulted:
    match told:
        case NotKnown():
            return Consulted(errors=(_not_administered(note),))
        case CertificateRefused(reason=reason) | Unreachable(reason=reason):
            return Consulted(notices=(_not_asked(note.provider.city_code, reason),))
        case _:
            unwanted = note.iss.rate is not None and not _pays_by_simples(note) and bool(told)
            return Consulted(errors=(_rate_unwanted(note, told),)) if unwanted else FITS


def _pays_by_simples(note: Note) -> bool:
    provider = note.provider
    return provider.simples is SimplesNacional.ME_EPP and provider.simples_regime == _ALL_BY_SIMPLES


# ── what is said ─────────────────────────────────────────────────────────────


_ELSEWHERE = "Emita esta nota no sistema da prefeitura, ou corrija o município da empresa (código do IBGE)."


def _outside(city: str) -> Finding:
    return Finding(
        code="municipality_outside",
        text=f"O município {city} não tem convênio ativo com o sistema nacional da NFS-e.",
        remedy=_ELSEWHERE,
        facts=(city,),
    )


def _own_issuer(city: str) -> Finding:
    return Finding(
        code="municipality_issues_itself",
        text=f"O município {city} não usa o emissor nacional: suas empresas emitem no sistema da prefeitura.",
        remedy=_ELSEWHERE,
        facts=(city,),
    )


def _not_administered(note: Note) -> Finding:
    code, city, day = note.service.national_code, note.provider.city_code, f"{note.competence_on:%d/%m/%Y}"
    return Finding(
        code="service_not_administered",
        text=f"O município {city} não administra o serviço {code} em {day}.",
        remedy="Escolha outro código de tributação nacional (service_code), ou procure a prefeitura.",
        facts=(city, code, day),
    )


def _rate_unwanted(note: Note, told: Sequence[ServiceRate]) -> Finding:
    city, rates = note.provider.city_code, " ou ".join(f"{one.rate:f}%".replace(".", ",") for one in told)
    return Finding(
        code="rate_set_by_municipality",
        text=f"O município {city} já parametrizou a alíquota deste serviço ({rates}).",
        remedy="Não informe a alíquota do ISS (state_iss_rate): o sistema nacional usa a do município.",
        facts=(city, rates),
    )


def _not_asked(city: str, reason: str) -> Finding:
    return Finding(
        code="municipality_not_asked",
        text=f"Não foi possível consultar os parâmetros do município {city} antes de emitir: {reason}",
        facts=(city, reason),
    )
