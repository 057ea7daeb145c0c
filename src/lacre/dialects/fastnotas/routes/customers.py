"""Customers."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import filling, pages, shown
from lacre.dialects.fastnotas.door import Call
from lacre.dialects.fastnotas.wire import CustomerChange, NewCustomer
from lacre.fiscal.customer import Customer
from lacre.fiscal.party import Address, known_as
from lacre.kit.ids import CompanyId, CustomerId
from lacre.services import Work


def index(call: Call) -> Response:
    """Newest first."""
    with call.services.open_work() as work:
        owner = company_id(work, call)
        return pages.listed(
            call,
            pages.CUSTOMERS,
            lambda query, offset, limit: work.books.customers.find(
                [call.account_id], query, offset=offset, limit=limit
            ),
            lambda one: shown.customer(one, owner),
        )


def create(call: Call) -> Response:
    said = call.read(NewCustomer)
    address = filling.address(call, said.address, Address())
    code, foreign = known_as(said.registry_code, address.country)
    one = Customer(
        id=CustomerId(call.services.tokens.uuid()),
        account_id=call.account_id,
        name=said.name,
        registry_code=code,
        foreign_id=foreign,
        email=said.email,
        external_code=said.external_code or "",
        status=said.status,
        phone=filling.phone(call, said.phone, None),
        address=address,
        created_at=call.now,
        updated_at=call.now,
    )
    with call.services.open_work() as work:
        work.books.customers.add(one)
        return JSONResponse(shown.customer(one, company_id(work, call)), 201)


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        one = _named(work, call)
        return JSONResponse(shown.customer(one, company_id(work, call)))


def update(call: Call) -> Response:
    said = call.read(CustomerChange)
    with call.services.open_work() as work:
        one = _named(work, call)
        _change(call, one, said)
        work.books.customers.save(one)
        return JSONResponse(shown.customer(one, company_id(work, call)))


def delete(call: Call) -> Response:
    """Documents of theirs stay."""
    with call.services.open_work() as work:
        one = _named(work, call)
        one.deleted_at = call.now
        work.books.customers.save(one)
    return Response(status_code=204)


def company_id(work: Work, call: Call) -> CompanyId | None:
    """Whose phones all of an account's are."""
    first = work.books.companies.first(call.account_id)
    return first.id if first else None


def _named(work: Work, call: Call) -> Customer:
    return work.books.customers.get(call.account_id, CustomerId(call.named()))


def _change(call: Call, one: Customer, said: CustomerChange) -> None:
    one.name = said.name or one.name
    one.email = said.email or one.email
    one.status = said.status or one.status
    if said.external_code is not None:
        one.external_code = said.external_code
    one.phone = filling.phone(call, said.phone, one.phone)
    one.address = filling.address(call, said.address, one.address)
    # whether a number is one of here depends on where they are
    one.registry_code, one.foreign_id = known_as(said.registry_code or one.known_as, one.address.country)
    one.updated_at = call.now
