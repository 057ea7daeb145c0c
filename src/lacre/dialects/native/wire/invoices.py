"""Invoices as they are ordered and shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

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

ShownMoney: TypeAlias = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["345.50"]}),
]
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
    id: str = Field(description="`cmp_…`")
    name: str = Field(description="Of who issues.")
    tax_id: str = Field(description="Its CNPJ.")
    environment: Literal["sandbox", "test", "production"] = Field(
        description="Only `production` has legal value."
    )


class ShownBuyer(Shown):
    id: str = Field(description="`cst_…`")
    name: str = Field(description="Of the customer.")
    tax_id: str = Field(description="CPF or CNPJ; of a customer abroad the foreign number.")
    email: str = Field(description="Empty if none was given.")
    external_id: str = Field(description="Yours, of the customer.")


class ShownService(Shown):
    item_id: str | None = Field(description="`itm_…`, of a service that is kept.")
    description: str = Field(description="As the note says it.")
    amount: ShownMoney = Field(description="Reais, with two decimals.")


class ShownNote(Shown):
    """As the tax office has it."""

    key: str = Field(description="Its key of 50 digits.")
    number: str = Field(description="That the tax office gave it.")
    issued_at: Instant = Field(description="When the tax office issued it.")


class ShownReplacement(Shown):
    invoice_id: str = Field(description="`inv_…`: the invoice that this one replaces.")
    key: str = Field(description="Of its note.")
    reason: Literal["01", "02", "03", "04", "05", "99"] = Field(
        description="As the tax office numbers reasons; `99` is another."
    )
    text: str = Field(description="The reason in words.")


class ShownSuccessor(Shown):
    invoice_id: str = Field(description="`inv_…`: the invoice that replaced it.")
    key: str = Field(description="Of its note.")


class ShownMessage(Shown):
    code: str = Field(description="Stable; decide by this.")
    text: str = Field(description="What was said.")
    remedy: str = Field(description="What can be done about it, if that is known.")


class ShownOperation(Shown):
    id: str = Field(description="`op_…`")
    kind: Literal["issue", "cancel"] = Field(description="What the tax office is asked for.")
    status: Literal["pending", "processing", "waiting", "error", "success", "rejected"] = Field(
        description="How it stands."
    )
    attempts: int = Field(description="How often it was tried.")
    messages: list[ShownMessage] = Field(description="What was said at the last attempt.")
    created_at: Instant = Field(description="When it began.")
    updated_at: Instant = Field(description="When it last changed.")


class ShownFile(Shown):
    id: str = Field(description="`ast_…`")
    kind: Literal["print", "xml_request", "xml_response"] = Field(
        description="The printed note, what was asked of the tax office, or what it answered."
    )
    status: Literal["pending", "available", "error"] = Field(description="How it stands.")
    sha256: str | None = Field(description="Once it is there.")
    url: str | None = Field(description="Works for an hour.")
    created_at: Instant = Field(description="When it was promised.")


class ShownInvoice(Shown):
    id: str = Field(description="`inv_…`")
    status: Status = Field(description="How it stands.")
    amount: ShownMoney = Field(description="Reais, with two decimals.")
    currency: Literal["BRL"] = Field(default="BRL", description="Always `BRL`.")
    series: str = Field(description="Of its document type.")
    number: int | None = Field(
        description="Of our request in its series; none of a note that was rejected: the next invoice has it."
    )
    issue_on: str = Field(description="A day, such as `2026-11-23`.")
    note: ShownNote | None = Field(description="Once it is issued.")
    company: ShownCompany = Field(description="Who issues it.")
    customer: ShownBuyer = Field(description="For whom it is issued.")
    lines: list[ShownService] = Field(description="The services.")
    operations: list[ShownOperation] = Field(description="Its issue, and its cancel if there was one.")
    files: list[ShownFile] = Field(description="What was signed, answered and printed.")
    canceled_at: Instant | None = Field(description="When the tax office canceled it.")
    replaces: ShownReplacement | None = Field(description="What it was ordered in the place of.")
    replaced_by: ShownSuccessor | None = Field(description="Then it is canceled.")
    corrects: str | None = Field(description="What it was ordered instead of, as that came to nothing.")
    corrected_by: str | None = Field(description="The one that was ordered instead.")
    created_at: Instant = Field(description="When it was ordered.")
    updated_at: Instant = Field(description="When it last changed.")


class InvoiceList(Shown):
    data: list[ShownInvoice]
    next: str | None = None


class FileList(Shown):
    data: list[ShownFile]
    next: str | None = None
