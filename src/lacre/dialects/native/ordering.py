"""An invoice as it is said, made an order: what it names is found, what it brings is kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lacre.dialects.native import finding
from lacre.dialects.native.call import Call
from lacre.dialects.native.detailing import details_of
from lacre.dialects.native.wire.invoices import NewInvoice, SaidCustomer, SaidReplacement, SaidService
from lacre.dialects.native.wire.particulars import SaidPlace, SaidPlaceAbroad
from lacre.fiscal.actions import Order
from lacre.fiscal.customer import Customer
from lacre.fiscal.introducing import introduce
from lacre.fiscal.invoice import Line
from lacre.fiscal.party import Address
from lacre.fiscal.replacing import Replacing
from lacre.fiscal.schema import Schema
from lacre.kit.ids import CustomerId
from lacre.kit.times import BRASILIA
from lacre.services import Work

LONGEST_NAME = 120


def order_of(work: Work, call: Call, said: NewInvoice) -> Order:
    schema = schema_of(work, call, said.schema_id)
    return Order(
        company=work.books.companies.get(call.account_id, schema.company_id),
        customer=_customer(work, call, said),
        schema=schema,
        lines=[_line(work, call, one) for one in said.lines],
        issue_on=said.issue_on or call.now.astimezone(BRASILIA).date(),
        details=details_of(said),
        replaces=_replacing(work, call, said.replaces) if said.replaces else None,
        corrects=finding.invoice(work, call, said.corrects) if said.corrects else None,
    )


def _replacing(work: Work, call: Call, said: SaidReplacement) -> Replacing:
    old = finding.invoice(work, call, said.invoice_id)
    return Replacing(invoice=old, reason=said.reason, text=said.text)


def schema_of(work: Work, call: Call, shown: str | None) -> Schema:
    """The one that is named, or the only one."""
    if shown is not None:
        return finding.schema(work, call, shown)
    found = work.books.schemas.find([call.account_id], None, offset=0, limit=2).items
    only = finding.only(found, "schema", called="document type")
    return work.books.schemas.get(call.account_id, only.id)


def _customer(work: Work, call: Call, said: NewInvoice) -> Customer:
    if said.customer is None:
        return finding.customer(work, call, said.customer_id or "")
    return keep_customer(work, call, said.customer)


def keep_customer(work: Work, call: Call, said: SaidCustomer) -> Customer:
    """Brought up to date, if known; else a new one."""
    return introduce(work, _said(said, call))


def _said(said: SaidCustomer, call: Call) -> Customer:
    tokens = call.services.tokens
    return Customer(
        id=CustomerId(tokens.uuid()),
        account_id=call.account_id,
        name=said.name,
        registry_code=said.tax_id,
        foreign_id=said.foreign_id,
        no_foreign_id=said.no_foreign_id or "",
        email=said.email,
        external_code=said.external_id,
        address=address_of(said.address, tokens.uuid()) if said.address else Address(id=tokens.uuid()),
        created_at=call.now,
        updated_at=call.now,
    )


def address_of(said: SaidPlace | SaidPlaceAbroad, address_id: str) -> Address:
    place = Address(
        id=address_id,
        street=said.street,
        number=said.number,
        additional_details=said.complement,
        neighborhood=said.neighborhood,
        zipcode=said.postal_code,
    )
    match said:
        case SaidPlaceAbroad():
            return replace(place, country=said.country, city=said.city, state=said.region)
        case SaidPlace():
            return replace(place, city_code=said.city_code, zipcode=said.postal_code.replace("-", ""))


def _line(work: Work, call: Call, said: SaidService) -> Line:
    said_more = {**said.parameters, **({"service_code": said.service_code} if said.service_code else {})}
    if said.item_id is None:
        description = said.description or ""
        return Line(
            id=call.services.tokens.uuid(),
            item_id=None,
            name=description[:LONGEST_NAME],
            description=description,
            amount=to_the_cent(said.amount or Decimal(0)),
            settings={"parameters": said_more},
        )
    item = finding.item(work, call, said.item_id)
    held = item.settings.get("parameters")
    parameters = {**(held if isinstance(held, dict) else {}), **said_more}
    return Line(
        id=call.services.tokens.uuid(),
        item_id=item.id,
        name=item.name,
        description=said.description or item.description,
        amount=item.amount if said.amount is None else to_the_cent(said.amount),
        settings={**item.settings, "parameters": parameters},
    )


def to_the_cent(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))
