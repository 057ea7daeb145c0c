"""Invoices as they are ordered and shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, model_validator

from lacre.dialects.native.wire.particulars import (
    ForeignId,
    Money,
    NoForeignId,
    SaidBenefit,
    SaidDeduction,
    SaidFederal,
    SaidOccasion,
    SaidParty,
    SaidPlace,
    SaidPlaceAbroad,
    SaidSuspension,
    SaidTrade,
    SaidWorks,
)
from lacre.dialects.native.wire.values import Day, Instant, Line, MailAddress, Name, Said, Shown, TaxId, Text
from lacre.fiscal.note import CancelReason, ReplaceReason
from lacre.fiscal.parameters import PARAMETERS, nearest

ShownMoney: TypeAlias = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str)]
Digits: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
Status: TypeAlias = Literal["processing", "waiting", "issued", "canceled", "failed", "rejected"]
Parameter: TypeAlias = Annotated[str, StringConstraints(max_length=200)]


def _known(name: str) -> str:
    """A misspelt discount would be no discount, and the note is issued by then."""
    if name not in PARAMETERS:
        near = nearest(name)
        meant = f"; did you mean {near}?" if near else ""
        raise ValueError(f"a note has no such parameter{meant}")
    return name


Named: TypeAlias = Annotated[
    dict[Annotated[str, StringConstraints(max_length=80), AfterValidator(_known)], Parameter],
    Field(max_length=50),
]


class SaidCustomer(Said):
    """Known by CPF or CNPJ, or abroad by name and NIF: one that was named before is brought up to date."""

    name: Name
    tax_id: TaxId = ""
    foreign_id: ForeignId = Field(default="", description="NIF, of who is abroad and has neither.")
    no_foreign_id: NoForeignId | None = Field(
        default=None, description="Why there is none: 1 exempt, 2 not required."
    )
    email: MailAddress = ""
    external_id: Line = ""
    address: SaidPlace | SaidPlaceAbroad | None = None

    @model_validator(mode="after")
    def _is_known_by_something(self) -> Self:
        if bool(self.tax_id) + bool(self.foreign_id) + bool(self.no_foreign_id) != 1:
            raise ValueError("say one of tax_id, foreign_id and no_foreign_id")
        return self


class SaidService(Said):
    """A line: an item that is known, or a service as it is described here."""

    item_id: str | None = Field(default=None, max_length=40)
    description: Text | None = None
    amount: Money | None = None
    service_code: Digits | None = Field(default=None, description="cTribNac, six digits.")
    parameters: Named = Field(default_factory=dict, description="What else its note says.")

    @model_validator(mode="after")
    def _says_what_it_is(self) -> Self:
        described = self.description and self.amount and self.service_code
        if self.item_id is None and not described:
            raise ValueError("say an item_id, or description, amount and service_code")
        return self


class SaidReplacement(Said):
    invoice_id: str = Field(
        max_length=40, description="Issued by the same company, and neither canceled nor replaced."
    )
    reason: ReplaceReason = Field(
        default=ReplaceReason.OTHER,
        description="01 out of Simples Nacional, 02 into it, 03 immunity added, 04 taken away, "
        "05 rejected by the customer, 99 other.",
    )
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)] = Field(
        default="", description="15 characters at least; only reasons 01 to 05 may do without."
    )


class NewInvoice(Said):
    schema_id: str | None = Field(
        default=None, max_length=40, description="Unsaid: the only one that the account has."
    )
    customer_id: str | None = Field(default=None, max_length=40)
    customer: SaidCustomer | None = None
    issue_on: Day | None = Field(default=None, description="Unsaid: today, in Brasília.")
    lines: list[SaidService] = Field(min_length=1, max_length=100)
    works: SaidWorks | None = None
    occasion: SaidOccasion | None = None
    deduction_documents: list[SaidDeduction] = Field(default_factory=list, max_length=1_000)
    suspension: SaidSuspension | None = None
    benefit: SaidBenefit | None = None
    federal: SaidFederal | None = None
    intermediary: SaidParty | None = None
    trade: SaidTrade | None = None
    replaces: SaidReplacement | None = Field(
        default=None, description="Canceled by the tax office as it accepts this one."
    )
    corrects: str | None = Field(
        default=None,
        max_length=40,
        description="Rejected, or failed without any doubt; neither tried nor corrected again.",
    )

    @model_validator(mode="after")
    def _says_one_customer(self) -> Self:
        if (self.customer is None) == (self.customer_id is None):
            raise ValueError("say either customer or customer_id")
        return self


class InvoiceCancellation(Said):
    reason: CancelReason = Field(
        default=CancelReason.OTHER, description="1 issued by mistake, 2 not rendered, 9 other."
    )
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=255)]


class ShownCompany(Shown):
    id: str
    name: str
    tax_id: str
    environment: Literal["sandbox", "test", "production"]


class ShownBuyer(Shown):
    id: str
    name: str
    tax_id: str
    email: str
    external_id: str


class ShownService(Shown):
    item_id: str | None
    description: str
    amount: ShownMoney


class ShownNote(Shown):
    """As the tax office has it."""

    key: str
    number: str
    issued_at: Instant


class ShownReplacement(Shown):
    invoice_id: str
    key: str
    reason: Literal["01", "02", "03", "04", "05", "99"]
    text: str


class ShownSuccessor(Shown):
    invoice_id: str
    key: str


class ShownMessage(Shown):
    code: str
    text: str
    remedy: str


class ShownOperation(Shown):
    id: str
    kind: Literal["issue", "cancel"]
    status: Literal["pending", "processing", "waiting", "error", "success", "rejected"]
    attempts: int
    messages: list[ShownMessage] = Field(description="What was said at the last attempt.")
    created_at: Instant
    updated_at: Instant


class ShownFile(Shown):
    id: str
    kind: Literal["print", "xml_request", "xml_response"]
    status: Literal["pending", "available", "error"]
    sha256: str | None
    url: str | None = Field(description="Works for an hour.")
    created_at: Instant


class ShownInvoice(Shown):
    id: str
    status: Status
    amount: ShownMoney
    currency: Literal["BRL"] = "BRL"
    series: str
    number: int | None = Field(
        description="Of our request in its series; none of a note that was rejected: the next invoice has it."
    )
    issue_on: str
    note: ShownNote | None
    company: ShownCompany
    customer: ShownBuyer
    lines: list[ShownService]
    operations: list[ShownOperation]
    files: list[ShownFile]
    canceled_at: Instant | None
    replaces: ShownReplacement | None = Field(description="What it was ordered in the place of.")
    replaced_by: ShownSuccessor | None = Field(description="Then it is canceled.")
    corrects: str | None = Field(description="What it was ordered instead of, as that came to nothing.")
    corrected_by: str | None = Field(description="The one that was ordered instead.")
    created_at: Instant
    updated_at: Instant


class InvoiceList(Shown):
    data: list[ShownInvoice]
    next: str | None = None


class FileList(Shown):
    data: list[ShownFile]
    next: str | None = None
