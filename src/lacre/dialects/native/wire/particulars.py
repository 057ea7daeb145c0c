"""What only some invoices say on their note: works, events, deductions, taxes withheld, trade abroad."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from lacre.dialects.native.wire.values import Day, Line, MailAddress, Name, Said, TaxId
from lacre.kit.countries import is_country

Money: TypeAlias = Annotated[
    Decimal,
    Field(gt=0, max_digits=15, decimal_places=2, examples=["345.50"], description="Reais."),
]
Withheld: TypeAlias = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2, description="Reais.")]
Rate: TypeAlias = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2, description="Percent.")]
CityCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{7}$")]
Cep: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}-?[0-9]{3}$")]


def _known(code: str) -> str:
    if not is_country(code):
        raise ValueError("write a country's two letters, as ISO 3166-1 has them")
    return code


Country: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_known)]
Sixty: TypeAlias = Annotated[str, StringConstraints(max_length=60)]
Short: TypeAlias = Annotated[str, StringConstraints(max_length=30)]
HouseNumber: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=60)]
ForeignId: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
NoForeignId: TypeAlias = Literal["1", "2"]


class SaidPlace(Said):
    """A note says an address whole or not at all."""

    street: Line
    number: HouseNumber
    complement: Line = ""
    neighborhood: Line
    city_code: CityCode = Field(description="IBGE.")
    postal_code: Cep


class SaidPlaceAbroad(Said):
    street: Line
    number: HouseNumber
    complement: Line = ""
    neighborhood: Sixty
    country: Country = Field(description="ISO 3166-1, two letters, not BR.")
    postal_code: Annotated[str, StringConstraints(min_length=1, max_length=11)]
    city: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    region: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class SaidParty(Said):
    """Who is on a note besides the two: an intermediary, or the supplier of what is deducted."""

    name: Name
    tax_id: TaxId = ""
    foreign_id: ForeignId = Field(default="", description="NIF, of who has neither CPF nor CNPJ.")
    no_foreign_id: NoForeignId | None = Field(
        default=None, description="Why there is none: 1 exempt, 2 not required."
    )
    email: MailAddress = ""
    address: SaidPlace | SaidPlaceAbroad | None = None


class SaidSite(Said):
    """In the city where the service is rendered; `city` and `region` are said abroad, and only there."""

    street: Line
    number: HouseNumber
    complement: Line = ""
    neighborhood: Sixty
    postal_code: Annotated[str, StringConstraints(min_length=1, max_length=11)]
    city: Sixty = ""
    region: Sixty = ""


class SaidWorks(Said):
    """obra: one of code, cib and site."""

    code: Short = Field(default="", description="CNO or CEI.")
    cib: Annotated[str, StringConstraints(max_length=8)] = ""
    site: SaidSite | None = None
    property_registration: Short = Field(default="", description="inscImobFisc, the municipality's.")


class SaidOccasion(Said):
    """atvEvento: one of code and site."""

    name: Name
    starts_on: Day
    ends_on: Day
    code: Short = Field(default="", description="The municipality's.")
    site: SaidSite | None = None


class SaidMunicipalNote(Said):
    city_code: CityCode
    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")]
    verification_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,9}$")]


class SaidPaperNote(Said):
    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,7}$")]
    model: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")]
    series: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,15}$")]


class SaidDeduction(Said):
    """A document that is deducted, known by one of its first six."""

    nfse_key: Annotated[str, StringConstraints(pattern=r"^([0-9]{9}[0-9A-Z]{14}[0-9]{27})?$")] = ""
    nfe_key: Annotated[str, StringConstraints(pattern=r"^([0-9]{6}[0-9A-Z]{14}[0-9]{24})?$")] = ""
    municipal_note: SaidMunicipalNote | None = None
    paper_note: SaidPaperNote | None = None
    fiscal_number: Line = ""
    other_number: Line = ""
    kind: Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "99"] = Field(
        description="1 food and drink, 2 materials, 3 production by others, 4 expenses refunded, 5 passed on "
        "in a consortium, 6 in a health plan, 7 services, 8 subcontracted labour, 9 partner professional, "
        "99 other."
    )
    description: Annotated[str, StringConstraints(max_length=150)] = Field(default="", description="Of 99.")
    issued_on: Day
    deductible: Money
    deducted: Money
    supplier: SaidParty | None = Field(default=None, description="Of every document that has no key.")


class SaidSuspension(Said):
    """exigSusp: ISS that is not demanded for now."""

    kind: Literal["1", "2"] = Field(description="1 by a court, 2 by the administration.")
    process: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,30}$")]


class SaidBenefit(Said):
    """Of the municipality: an amount or a rate."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")]
    amount: Money | None = None
    rate: Rate | None = None


class SaidFederal(Said):
    """PIS, COFINS, and what the customer withholds."""

    cst: Annotated[str, StringConstraints(pattern=r"^([0-9]{2})?$")] = ""
    base: Money | None = None
    pis_rate: Rate | None = None
    cofins_rate: Rate | None = None
    pis: Withheld | None = Field(default=None, description="Unsaid: base times rate.")
    cofins: Withheld | None = Field(default=None, description="Unsaid: base times rate.")
    withheld_kind: Annotated[str, StringConstraints(pattern=r"^[0-9]?$")] = Field(
        default="", description="tpRetPisCofins, 0 to 9."
    )
    withheld_social_security: Withheld | None = None
    withheld_income_tax: Withheld | None = None
    withheld_csll: Withheld | None = None


class SaidTrade(Said):
    """comExt, of what goes abroad."""

    mode: Literal["1", "2", "3", "4"] = Field(
        description="1 across borders, 2 consumed in Brazil, 3 people moving for a time, 4 consumed abroad."
    )
    link: Literal["0", "1", "2", "3", "4", "5", "6"] = Field(
        description="0 none, 1 controlled, 2 controlling, 3 affiliated, 4 head office, 5 branch, 6 other."
    )
    currency: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")] = Field(
        description="BACEN's; 220 is the dollar."
    )
    amount: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=2, description="In that currency.")]
    provider_support: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] = "01"
    customer_support: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] = "01"
    goods: Literal["1", "2", "3"] = Field(default="1", description="1 none, 2 by import, 3 by export.")
    import_declaration: Annotated[str, StringConstraints(max_length=12)] = ""
    export_registration: Annotated[str, StringConstraints(max_length=12)] = ""
    tell_mdic: bool = False
