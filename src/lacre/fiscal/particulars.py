"""What only some services say on their note: works, events, deductions, suspensions, trade with abroad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lacre.fiscal.persons import Person


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where works or an event are: in the city, or in the country, where the service is rendered."""

    street: str
    number: str
    neighborhood: str
    postal_code: str
    """A CEP; abroad, whatever they have."""
    complement: str = ""
    city: str = ""
    """Said abroad, and only there."""
    region: str = ""
    """The same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Works:
    """obra: known by one of `code`, `cib` and `site`."""

    code: str = ""
    """Of the national register of works (CNO) or the one before it (CEI)."""
    cib: str = ""
    """Of the Brazilian register of real estate: eight signs."""
    site: Site | None = None
    property_registration: str = ""
    """inscImobFisc, the municipality's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """atvEvento, whatever people come together for: known by one of `code` and `site`."""

    name: str
    starts_on: date
    ends_on: date
    code: str = ""
    """The municipality's."""
    site: Site | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MunicipalNote:
    """A note of a municipality's own system, from before the national one."""

    city_code: str
    number: str
    verification_code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperNote:
    number: str
    model: str
    series: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeductedDocument:
    """docDedRed: known by one of its first six; whoever supplied it is named, unless a key says who."""

    nfse_key: str = ""
    """Fifty digits, and the letters of a CNPJ."""
    nfe_key: str = ""
    """Forty-four digits, and the letters of a CNPJ."""
    municipal_note: MunicipalNote | None = None
    paper_note: PaperNote | None = None
    fiscal_number: str = ""
    """Of any other fiscal document."""
    other_number: str = ""
    """Of what is no fiscal document."""
    kind: str
    """tpDedRed: 1 food and drink, 2 materials, 3 production by others, 4 expenses refunded, 5 passed on in a
    consortium, 6 in a health plan, 7 services, 8 subcontracted labour, 9 partner professional, 99 other."""
    description: str = ""
    """Of other, and only of that."""
    issued_on: date
    deductible: Decimal
    """Of its whole amount, what may be deducted."""
    deducted: Decimal
    """From this note."""
    supplier: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspension:
    """exigSusp: ISS is not demanded for now."""

    kind: str
    """1 by a court, 2 by the administration."""
    process: str
    """Its number: at most thirty digits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Benefit:
    """BM: what the municipality lets off, in `amount` or in `rate` (percent) where the benefit says so."""

    number: str
    """Fourteen digits, the national system's: municipality, kind and number."""
    amount: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignTrade:
    """comExt, required once the customer, the place or the kind of ISS says export."""

    mode: str
    """mdPrestacao: 1 across borders, 2 consumed in Brazil, 3 people moving for a time, 4 consumed abroad."""
    link: str
    """vincPrest: 0 none, 1 controlled, 2 controlling, 3 affiliated, 4 head office, 5 branch, 6 other."""
    currency: str
    """BACEN's three digits: 220 is the dollar."""
    amount: Decimal
    """In that currency."""
    provider_support: str = "01"
    """mecAFComexP; 01 none."""
    customer_support: str = "01"
    """mecAFComexT; 01 none."""
    goods: str = "1"
    """movTempBens: 1 none, 2 import declaration, 3 export declaration."""
    import_declaration: str = ""
    export_registration: str = ""
    tell_mdic: bool = False
