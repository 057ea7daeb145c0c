"""A service invoice, as data: what the national layout (NFS-e 1.01) needs to know of it, in our words.

Money is `Decimal` reais with at most two decimals, rates are `Decimal` percents ("2.50" is 2.5 %).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from lacre.fiscal.particulars import Benefit, DeductedDocument, ForeignTrade, Occasion, Suspension, Works
from lacre.fiscal.persons import Person, Provider

ZERO = Decimal("0.00")


class Environment(StrEnum):
    SANDBOX = "sandbox"
    """A Sefin of this installation's own: nothing leaves it, nothing is worth anything."""
    TEST = "test"
    """The government's homologation: no legal value."""
    PRODUCTION = "production"


# ── for what ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    national_code: str
    """cTribNac: six digits, LC 116/2003 item, subitem and national part."""
    description: str
    city_code: str
    """Where it was rendered: IBGE, seven digits; empty when `country` says where abroad."""
    country: str = ""
    municipal_code: str = ""
    """Three digits."""
    nbs: str = ""
    """Nine digits."""
    internal_code: str = ""
    notes: str = ""
    """xInfComp, free text printed on the note."""


# ── for how much ─────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Amounts:
    service: Decimal
    discount: Decimal = ZERO
    """Unconditional: lowers what ISS is reckoned on."""
    conditional_discount: Decimal = ZERO
    deduction: Decimal = ZERO
    """Allowed by the municipality for this service; lowers what ISS is reckoned on. It is said as an amount,
    as a rate, or by documents."""
    deduction_rate: Decimal | None = None
    """Percent of the service less `discount`."""
    documents: tuple[DeductedDocument, ...] = ()
    """At most a thousand."""

    @property
    def deducted(self) -> Decimal:
        """However it is said; cents of a rate are not rounded."""
        by_rate = (self.service - self.discount) * (self.deduction_rate or 0) / 100
        return self.deduction + by_rate + sum((one.deducted for one in self.documents), ZERO)


class IssKind(StrEnum):
    TAXABLE = "1"
    IMMUNE = "2"
    EXPORT = "3"
    NOT_DUE = "4"


class Withheld(StrEnum):
    NO = "1"
    BY_CUSTOMER = "2"
    BY_INTERMEDIARY = "3"


@dataclass(frozen=True, kw_only=True, slots=True)
class Iss:
    kind: IssKind = IssKind.TAXABLE
    withheld: Withheld = Withheld.NO
    rate: Decimal | None = None
    """Only where the municipality does not know it: those in the national system reckon with their own."""
    immunity: str = ""
    """tpImunidade, 0 to 5, of what is immune."""
    result_country: str = ""
    """ISO, of an export: where the result shows."""
    suspension: Suspension | None = None
    benefit: Benefit | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FederalTaxes:
    """PIS and COFINS, and what the customer withholds."""

    cst: str = ""
    """PIS/COFINS situation, two digits; empty: the group of both is left out."""
    base: Decimal | None = None
    pis_rate: Decimal | None = None
    cofins_rate: Decimal | None = None
    pis: Decimal | None = None
    cofins: Decimal | None = None
    withheld_kind: str = ""
    """tpRetPisCofins, 0 to 9."""
    withheld_social_security: Decimal | None = None
    withheld_income_tax: Decimal | None = None
    withheld_csll: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TotalAmounts:
    """What the customer pays of taxes (Lei 12.741), in reais."""

    federal: Decimal
    state: Decimal
    municipal: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class TotalRates:
    """The same in percents."""

    federal: Decimal
    state: Decimal
    municipal: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class TotalSimples:
    """The same as Simples Nacional's one percent."""

    rate: Decimal


TotalTaxes: TypeAlias = TotalAmounts | TotalRates | TotalSimples
"""`None` in a note: not stated; the layout takes that of an MEI only, others state rates of zero."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsumptionTaxes:
    """IBS and CBS (LC 214/2025); the customer receives the service."""

    operation_code: str
    """cIndOp, six digits."""
    situation: str
    """CST, three digits."""
    classification: str
    """cClassTrib, six digits."""
    final_consumer: bool = False


# ── the note ─────────────────────────────────────────────────────────────────


class ReplaceReason(StrEnum):
    """cMotivo of a substitution."""

    OUT_OF_SIMPLES = "01"
    INTO_SIMPLES = "02"
    IMMUNITY_ADDED = "03"
    IMMUNITY_TAKEN_AWAY = "04"
    REJECTED = "05"
    """By the customer, or by who mediates."""
    OTHER = "99"


@dataclass(frozen=True, kw_only=True, slots=True)
class Substitution:
    """Of a note that this one takes the place of; the Sefin cancels it as it accepts this one."""

    key: str
    reason: str
    """As `ReplaceReason`."""
    text: str = ""
    """15 to 255 characters; required with 99."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    environment: Environment = Environment.TEST
    provider: Provider
    series: str
    """One to five digits; 1 to 49999 are for a taxpayer's own software."""
    number: int
    """Of the DPS in its series, drawn by us; the note's own number is the Sefin's."""
    issued_at: datetime
    """Aware; told in Brasília's time, to the second."""
    competence_on: date
    service: Service
    amounts: Amounts
    customer: Person | None = None
    intermediary: Person | None = None
    iss: Iss = field(default_factory=Iss)
    federal: FederalTaxes | None = None
    total_taxes: TotalTaxes | None = None
    consumption: ConsumptionTaxes | None = None
    trade: ForeignTrade | None = None
    works: Works | None = None
    occasion: Occasion | None = None
    replaces: Substitution | None = None


# ── cancelling one ───────────────────────────────────────────────────────────


class CancelReason(StrEnum):
    MISTAKE = "1"
    NOT_RENDERED = "2"
    OTHER = "9"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancellation:
    """What asks for event e101101; with `replaced_by`, for e105102."""

    environment: Environment
    key: str
    """Of the note: fifty digits."""
    author_tax_id: str
    asked_at: datetime
    text: str
    """15 to 255 characters."""
    reason: CancelReason = CancelReason.OTHER
    replaced_by: str = ""
    """The key of the note that took its place, issued without naming it."""
    replaced_reason: str = "99"
    """As `Substitution.reason`."""
