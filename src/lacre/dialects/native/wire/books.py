"""What invoices are made of, as it is said and shown: companies, document types, customers and services."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from lacre.dialects.native.wire.invoices import Digits, Named, ShownMoney
from lacre.dialects.native.wire.particulars import CityCode, Money, SaidPlace, SaidPlaceAbroad
from lacre.dialects.native.wire.values import Instant, Line, MailAddress, Name, Said, Shown, TaxId, Text

Environment: TypeAlias = Literal["sandbox", "test", "production"]
Simples: TypeAlias = Annotated[
    Literal["1", "2", "3"], Field(description="1 not in Simples Nacional, 2 MEI, 3 ME or EPP.")
]
Regime: TypeAlias = Annotated[
    Literal["", "1", "2", "3"],
    Field(description="Of an ME or EPP: 1 all by Simples, 2 ISS outside of it, 3 all outside of it."),
]
SpecialRegime: TypeAlias = Annotated[
    Literal["0", "1", "2", "3", "4", "5", "6", "9"], Field(description="regEspTrib of the national layout.")
]
Phone: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([0-9]{6,20})?$")]
Series: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,5}$"), Field(description="1 to 49999.")
]
Number: TypeAlias = Annotated[int, Field(ge=1, le=999_999_999_999_999)]
Id: TypeAlias = Annotated[str, StringConstraints(max_length=40)]

ShownParameters: TypeAlias = dict[str, Any]
"""Texts; or what has fields of its own: works, deductions …"""


class SaidCertificate(Said):
    """An A1 certificate (.pfx, .p12): as Base64, or in a part of a form."""

    base64: str | None = None
    upload: str | None = Field(default=None, max_length=255, description="The part's name.")
    password: Annotated[str, StringConstraints(max_length=200)] = ""

    @model_validator(mode="after")
    def _says_one_source(self) -> Self:
        if (self.base64 is None) == (self.upload is None):
            raise ValueError("say either base64 or upload")
        return self


class ShownCertificate(Shown):
    """What may be shown of it."""

    name: str
    tax_id: str
    fingerprint: str = Field(description="SHA-256 of the certificate.")
    starts_at: Instant
    expires_at: Instant


# ── companies ────────────────────────────────────────────────────────────────


class CompanyChange(Said):
    """What is not said stays."""

    name: Name | None = None
    legal_name: Name | None = None
    tax_id: TaxId | None = Field(default=None, min_length=1)
    email: MailAddress | None = None
    phone: Phone | None = Field(default=None, description="Digits, area code first.")
    city_code: CityCode | None = Field(default=None, description="Where it is established: IBGE's code.")
    environment: Environment | None = Field(
        default=None, description="Whether its notes are worth anything: of a new one `test`."
    )
    simples: Simples | None = None
    simples_regime: Regime | None = None
    special_regime: SpecialRegime | None = None
    active: bool | None = None


class NewCompany(CompanyChange):
    """With a certificate it gets its first document type, and can issue at once."""

    name: Name
    tax_id: TaxId = Field(min_length=1)
    email: MailAddress
    city_code: CityCode = Field(description="Where it is established: IBGE's code.")
    certificate: SaidCertificate | None = None
    series: Series = Field(default="1", description="Of that document type.")


class KeptSchema(Shown):
    """A kind of document that a company issues, with its series, its numbers and its certificate."""

    id: str
    company_id: str
    name: str
    series: str
    sequence: int = Field(
        description="The number of the last note; before the first, the one that it will have."
    )
    parameters: ShownParameters = Field(description="What notes say that their lines do not.")
    certificate: ShownCertificate | None
    active: bool
    created_at: Instant
    updated_at: Instant


class KeptCompany(Shown):
    id: str
    name: str
    legal_name: str
    tax_id: str
    email: str
    phone: str
    city_code: str
    environment: Environment
    simples: str
    simples_regime: str
    special_regime: str
    active: bool
    schemas: list[KeptSchema]
    created_at: Instant
    updated_at: Instant


class CompanyList(Shown):
    data: list[KeptCompany]
    next: str | None = None


# ── document types ───────────────────────────────────────────────────────────


class SchemaChange(Said):
    """What is not said stays."""

    name: Name | None = None
    next_number: Number | None = Field(default=None, description="Of its next note; can be raised only.")
    parameters: Named | None = Field(default=None, description="Those that are named; the others stay.")
    certificate: SaidCertificate | None = Field(default=None, description="Instead of the one before.")
    active: bool | None = None


class NewSchema(SchemaChange):
    company_id: Id | None = Field(default=None, description="Unsaid: the only company that there is.")
    name: Name = "NFS-e"
    series: Series = "1"


class SchemaList(Shown):
    data: list[KeptSchema]
    next: str | None = None


# ── customers ────────────────────────────────────────────────────────────────


class CustomerChange(Said):
    """What is not said stays; an address is said whole."""

    name: Name | None = None
    tax_id: TaxId | None = Field(default=None, min_length=1)
    email: MailAddress | None = None
    external_id: Line | None = None
    address: SaidPlace | SaidPlaceAbroad | None = None
    active: bool | None = None


class ShownPlace(Shown):
    """In Brazil its city has a code; abroad a name, and a region."""

    street: str
    number: str
    complement: str
    neighborhood: str
    city_code: str
    postal_code: str
    city: str
    region: str
    country: str


class KeptCustomer(Shown):
    id: str
    name: str
    tax_id: str
    foreign_id: str
    no_foreign_id: str
    email: str
    external_id: str
    address: ShownPlace
    active: bool
    created_at: Instant
    updated_at: Instant


class CustomerList(Shown):
    data: list[KeptCustomer]
    next: str | None = None


# ── services ─────────────────────────────────────────────────────────────────


class ItemChange(Said):
    """What is not said stays."""

    name: Name | None = None
    description: Text | None = None
    amount: Money | None = None
    service_code: Digits | None = Field(default=None, description="cTribNac, six digits.")
    parameters: Named | None = Field(default=None, description="Those that are named; the others stay.")
    active: bool | None = None


class NewItem(ItemChange):
    """A service as it is sold: what a line of an invoice begins from."""

    schema_id: Id | None = Field(default=None, description="Unsaid: the only document type that there is.")
    name: Name
    description: Annotated[Text, StringConstraints(min_length=1)]
    amount: Money
    service_code: Digits = Field(description="cTribNac, six digits.")


class KeptItem(Shown):
    id: str
    schema_id: str
    name: str
    description: str
    amount: ShownMoney
    service_code: str
    parameters: ShownParameters
    active: bool
    created_at: Instant
    updated_at: Instant


class ItemList(Shown):
    data: list[KeptItem]
    next: str | None = None
