"""Whom services are rendered to."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native import books_shown, finding
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.listing import Page, PageSize, Text, next_page
from lacre.dialects.native.ordering import address_of, keep_customer
from lacre.dialects.native.wire.books import CustomerChange, CustomerList, KeptCustomer
from lacre.dialects.native.wire.invoices import SaidCustomer
from lacre.fiscal.company import status_of
from lacre.fiscal.customer import Customer
from lacre.fiscal.query import Comparison, Either, Every, Operator, Query
from lacre.kit.tax_ids import clean_tax_id

router = APIRouter(tags=["customers"])


@router.post("/customers", status_code=201, response_model=KeptCustomer)
def create_customer(call: Poster, said: SaidCustomer) -> Response:
    """Known by CPF or CNPJ, or abroad by name and NIF: one that is there is brought up to date."""
    with call.services.open_work() as work:
        one = keep_customer(work, call, said)
        return call.keep(work, books_shown.customer(one), 201)


@router.get("/customers", response_model=CustomerList)
def list_customers(
    call: Caller,
    limit: PageSize = 25,
    page: Page = 1,
    text: Text = "",
    tax_id: Text = "",
    external_id: Text = "",
) -> Response:
    """Newest first; `text` is part of a name or an e-mail."""
    which = _asked(text, tax_id, external_id)
    with call.services.open_work() as work:
        found = work.books.customers.find([call.account_id], which, offset=(page - 1) * limit, limit=limit)
    data = [books_shown.customer(one) for one in found.items]
    return answer(CustomerList(data=data, next=next_page(found, page, limit)))


@router.get("/customers/{customer_id}", response_model=KeptCustomer)
def read_customer(call: Caller, customer_id: str) -> Response:
    with call.services.open_work() as work:
        return answer(books_shown.customer(finding.customer(work, call, customer_id)))


@router.patch("/customers/{customer_id}", response_model=KeptCustomer)
def change_customer(call: Caller, customer_id: str, said: CustomerChange) -> Response:
    """Invoices that were ordered before stay as they were."""
    with call.services.open_work() as work:
        one = finding.customer(work, call, customer_id)
        _change(call, one, said)
        work.books.customers.save(one)
    return answer(books_shown.customer(one))


@router.delete("/customers/{customer_id}", status_code=204)
def delete_customer(call: Caller, customer_id: str) -> Response:
    """Invoices to them stay."""
    with call.services.open_work() as work:
        one = finding.customer(work, call, customer_id)
        one.deleted_at = call.now
        work.books.customers.save(one)
    return Response(status_code=204)


def _asked(text: str, tax_id: str, external_id: str) -> Query | None:
    parts: list[Query] = []
    if text.strip():
        named = [Comparison(name, Operator.CONTAINS, text.strip()) for name in ("name", "email")]
        parts.append(Either(named))
    if tax_id:
        parts.append(Comparison("registry_code", Operator.EQUAL, clean_tax_id(tax_id)))
    if external_id:
        parts.append(Comparison("external_code", Operator.EQUAL, external_id))
    return Every(parts) if parts else None


def _change(call: Call, one: Customer, said: CustomerChange) -> None:
    one.name, one.registry_code = said.name or one.name, said.tax_id or one.registry_code
    one.email = one.email if said.email is None else said.email
    one.external_code = one.external_code if said.external_id is None else said.external_id
    one.address = address_of(said.address, one.address.id) if said.address else one.address
    one.status, one.updated_at = status_of(one.status, active=said.active), call.now
