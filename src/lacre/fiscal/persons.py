"""Who is on a note, as the national layout knows them: who issues, for whom, and through whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """In Brazil. All but `complement` are required by the layout once there is an address at all."""

    street: str
    number: str
    neighborhood: str
    city_code: str
    """IBGE, seven digits."""
    postal_code: str
    """Eight digits."""
    complement: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignAddress:
    street: str
    number: str
    neighborhood: str
    country: str
    """ISO 3166-1, two letters, never BR."""
    postal_code: str
    city: str
    region: str
    complement: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignTaxId:
    """Of somebody without CPF or CNPJ: the number (NIF), or why there is none."""

    number: str = ""
    why_not: str = "0"
    """cNaoNIF, said when there is no number: 0 not stated, 1 exempt, 2 not required."""


class SimplesNacional(StrEnum):
    NOT = "1"
    MEI = "2"
    ME_EPP = "3"


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """The company that issues."""

    tax_id: str
    """CPF or CNPJ, clean."""
    name: str
    city_code: str
    """Where it is established: IBGE, seven digits."""
    municipal_registration: str = ""
    simples: SimplesNacional = SimplesNacional.NOT
    simples_regime: str = ""
    """regApTribSN, required of ME/EPP: 1 all by Simples, 2 ISS outside of it, 3 all outside of it."""
    special_regime: str = "0"
    """regEspTrib: 0 none, 1 cooperative, 2 estimate, 3 municipal micro, 4 notary, 5 autonomous,
    6 society of professionals, 9 other."""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """The customer (tomador) or the intermediary."""

    tax_id: str | ForeignTaxId
    name: str
    municipal_registration: str = ""
    address: Address | ForeignAddress | None = None
    phone: str = ""
    """Digits only, area code first."""
    email: str = ""
