"""Invoices as they are ordered and shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, PlainSerializer, StringConstraints, model_validator

from lacre.dialects.native.wire.values import Day, Instant, Line, MailAddress, Name, Said, Shown, TaxId, Text
from lacre.fiscal.note import CancelReason

Money: TypeAlias = Annotated[
    Decimal,
    Field(gt=0, max_digits=15, decimal_places=2, examples=["345.50"], description="Reais."),
]
ShownMoney: TypeAlias = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str)]
Digits: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
CityCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{7}$")]
Status: TypeAlias = Literal["processing", "waiting", "issued", "canceled", "failed", "rejected"]
Parameter: TypeAlias = Annotated[str, StringConstraints(max_length=200)]
Named: TypeAlias = Annotated[
    dict[Annotated[str, StringConstraints(max_length=80)], Parameter], Field(max_length=50)
]


class SaidPlace(Said):
    """A note says an address whole or not at all."""

    street: Line
    number: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    complement: Line = ""
    neighborhood: Line
    city_code: CityCode = Field(description="IBGE.")
    postal_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}-?[0-9]{3}$")]


class SaidCustomer(Said):
    """Known by CPF or CNPJ: one that was named before is brought up to date."""

    name: Name
    tax_id: TaxId = Field(min_length=1)
    email: MailAddress = ""
    external_id: Line = ""
    address: SaidPlace | None = None


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


class NewInvoice(Said):
    schema_id: str | None = Field(
        default=None, max_length=40, description="Unsaid: the only one that the account has."
    )
    customer_id: str | None = Field(default=None, max_length=40)
    customer: SaidCustomer | None = None
    issue_on: Day | None = Field(default=None, description="Unsaid: today, in Brasília.")
    lines: list[SaidService] = Field(min_length=1, max_length=100)

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
    created_at: Instant
    updated_at: Instant


class InvoiceList(Shown):
    data: list[ShownInvoice]
    next: str | None = None


class FileList(Shown):
    data: list[ShownFile]
    next: str | None = None
