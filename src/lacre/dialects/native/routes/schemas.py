"""Document types: what a company issues, in which series, signed with what."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native import books_shown, certificates, finding
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.listing import Page, PageSize, next_page
from lacre.dialects.native.wire.books import KeptSchema, NewSchema, SchemaChange, SchemaList
from lacre.fiscal import actions
from lacre.fiscal.company import Company, status_of
from lacre.fiscal.ports import Certificate, CertificateUnusable
from lacre.fiscal.schema import Schema, series_of
from lacre.kit.ids import SchemaId
from lacre.services import Work

router = APIRouter(tags=["companies"])


@router.post("/schemas", status_code=201, response_model=KeptSchema)
def create_schema(call: Poster, said: NewSchema) -> Response:
    """A series of a company; without a certificate nothing can be issued yet."""
    with call.services.open_work() as work:
        company = _company(work, call, said.company_id)
    brought = _brought(call, said, company)
    schema = _schema(call, said, company)
    with call.services.open_work() as work:
        actions.open_schema(work, schema, company, first=said.next_number)
        if brought is not None:
            actions.keep_certificate(work, schema, brought, now=call.now)
        return call.keep(work, books_shown.schema(schema), 201)


@router.get("/schemas", response_model=SchemaList)
def list_schemas(call: Caller, limit: PageSize = 25, page: Page = 1) -> Response:
    """Newest first."""
    with call.services.open_work() as work:
        found = work.books.schemas.find([call.account_id], None, offset=(page - 1) * limit, limit=limit)
    data = [books_shown.schema(one) for one in found.items]
    return answer(SchemaList(data=data, next=next_page(found, page, limit)))


@router.get("/schemas/{schema_id}", response_model=KeptSchema)
def read_schema(call: Caller, schema_id: str) -> Response:
    """Of its certificate what may be shown; never the key."""
    with call.services.open_work() as work:
        return answer(books_shown.schema(finding.schema(work, call, schema_id)))


@router.patch("/schemas/{schema_id}", response_model=KeptSchema)
def change_schema(call: Caller, schema_id: str, said: SchemaChange) -> Response:
    """A certificate signs what is under way too."""
    with call.services.open_work() as work:
        one = finding.schema(work, call, schema_id)
        company = work.books.companies.get(call.account_id, one.company_id)
    brought = _brought(call, said, company)
    with call.services.open_work() as work:
        one = finding.schema(work, call, schema_id)
        _change(work, call, one, company, said)
        work.books.schemas.save(one)
        if brought is not None:
            actions.keep_certificate(work, one, brought, now=call.now)
    return answer(books_shown.schema(one))


@router.delete("/schemas/{schema_id}", status_code=204)
def delete_schema(call: Caller, schema_id: str) -> Response:
    """Invoices that were issued with it stay, and can be canceled."""
    with call.services.open_work() as work:
        one = finding.schema(work, call, schema_id)
        one.deleted_at = call.now
        work.books.schemas.save(one)
    return Response(status_code=204)


def _company(work: Work, call: Call, shown: str | None) -> Company:
    if shown is not None:
        return finding.company(work, call, shown)
    found = work.books.companies.find([call.account_id], None, offset=0, limit=2).items
    return finding.only(found, "company", called="company")


def _brought(call: Call, said: SchemaChange, company: Company) -> Certificate | CertificateUnusable | None:
    return certificates.brought(call, said.certificate, company) if said.certificate else None


def _schema(call: Call, said: NewSchema, company: Company) -> Schema:
    return Schema(
        id=SchemaId(call.services.tokens.uuid()),
        account_id=call.account_id,
        company_id=company.id,
        name=said.name,
        code=said.name,
        status=status_of("", active=said.active),
        serie=series_of(said.series),
        series=series_of(said.series),
        parameters=dict(said.parameters or {}),
        created_at=call.now,
        updated_at=call.now,
    )


def _change(work: Work, call: Call, one: Schema, company: Company, said: SchemaChange) -> None:
    one.name, one.status = said.name or one.name, status_of(one.status, active=said.active)
    one.parameters = {**one.parameters, **(said.parameters or {})}
    if said.next_number is not None:
        code, number = company.registry_code, said.next_number
        work.books.sequences.raise_to(one.account_id, code, one.series, number)
        one.sequence = number
    one.updated_at = call.now
