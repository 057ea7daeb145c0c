"""Companies that issue invoices, and the certificates that sign for them."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native import books_shown, certificates, finding
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.listing import Page, PageSize, next_page
from lacre.dialects.native.wire.books import (
    CompanyChange,
    CompanyList,
    KeptCompany,
    NewCompany,
    SaidCertificate,
)
from lacre.fiscal import actions
from lacre.fiscal.company import Company, status_of
from lacre.fiscal.note import Environment
from lacre.fiscal.party import Address, Phone
from lacre.fiscal.schema import Schema, series_of
from lacre.kit.ids import CompanyId, SchemaId

router = APIRouter(tags=["companies"])
AREA_CODE = 2
"""Digits."""


@router.post("/companies", status_code=201, response_model=KeptCompany)
def create_company(call: Poster, said: NewCompany) -> Response:
    """Its notes are worth nothing until `environment` says `production`, and the installation allows it."""
    company = _company(call, said)
    brought = certificates.brought(call, said.certificate, company) if said.certificate else None
    with call.services.open_work() as work:
        actions.require_only(work, company)
        work.books.companies.add(company)
        if brought is not None:
            schema = _first_schema(call, company, said.series)
            actions.open_schema(work, schema, company, first=None)
            actions.keep_certificate(work, schema, brought, now=call.now)
        return call.keep(work, books_shown.company(work, company), 201)


@router.get("/companies", response_model=CompanyList)
def list_companies(call: Caller, limit: PageSize = 25, page: Page = 1) -> Response:
    """Newest first, with their document types."""
    with call.services.open_work() as work:
        found = work.books.companies.find([call.account_id], None, offset=(page - 1) * limit, limit=limit)
        data = [books_shown.company(work, one) for one in found.items]
    return answer(CompanyList(data=data, next=next_page(found, page, limit)))


@router.get("/companies/{company_id}", response_model=KeptCompany)
def read_company(call: Caller, company_id: str) -> Response:
    """With its document types."""
    with call.services.open_work() as work:
        return answer(books_shown.company(work, finding.company(work, call, company_id)))


@router.patch("/companies/{company_id}", response_model=KeptCompany)
def change_company(call: Caller, company_id: str, said: CompanyChange) -> Response:
    """Invoices that were ordered before stay as they were."""
    with call.services.open_work() as work:
        one = finding.company(work, call, company_id)
        before = one.registry_code, one.environment
        _change(call, one, said)
        if (one.registry_code, one.environment) != before:
            actions.require_only(work, one)
        work.books.companies.save(one)
        return answer(books_shown.company(work, one))


@router.put("/companies/{company_id}/certificate", response_model=KeptCompany)
def renew_certificate(call: Caller, company_id: str, said: SaidCertificate) -> Response:
    """From now on it signs for all document types of the company, invoices under way too."""
    with call.services.open_work() as work:
        one = finding.company(work, call, company_id)
    brought = certificates.brought(call, said, one)
    with call.services.open_work() as work:
        for schema in books_shown.schemas_of(work, one):
            actions.keep_certificate(work, schema, brought, now=call.now)
        return answer(books_shown.company(work, one))


@router.delete("/companies/{company_id}", status_code=204)
def delete_company(call: Caller, company_id: str) -> Response:
    """Its invoices stay."""
    with call.services.open_work() as work:
        one = finding.company(work, call, company_id)
        one.deleted_at = call.now
        work.books.companies.save(one)
    return Response(status_code=204)


def _company(call: Call, said: NewCompany) -> Company:
    one = Company(
        id=CompanyId(call.services.tokens.uuid()),
        account_id=call.account_id,
        name=said.name,
        legal_name=said.name,
        email=said.email,
        registry_code=said.tax_id,
        address=Address(id=call.services.tokens.uuid()),
        created_at=call.now,
        updated_at=call.now,
    )
    _change(call, one, said)
    return one


def _change(call: Call, one: Company, said: CompanyChange) -> None:
    one.name, one.legal_name = said.name or one.name, said.legal_name or one.legal_name
    one.email, one.registry_code = said.email or one.email, said.tax_id or one.registry_code
    one.status = status_of(one.status, active=said.active)
    one.environment = Environment(said.environment or one.environment)
    one.simples, one.special_regime = said.simples or one.simples, said.special_regime or one.special_regime
    if said.simples_regime is not None:
        one.simples_regime = said.simples_regime
    if said.phone is not None:
        one.phone = _phone(call, said.phone)
    one.address = replace(one.address, city_code=said.city_code or one.address.city_code)
    one.updated_at = call.now


def _phone(call: Call, digits: str) -> Phone | None:
    if not digits:
        return None
    area, number = digits[:AREA_CODE], digits[AREA_CODE:]
    return Phone(id=call.services.tokens.uuid(), area_code=area, number=number)


def _first_schema(call: Call, company: Company, series: str) -> Schema:
    return Schema(
        id=SchemaId(call.services.tokens.uuid()),
        account_id=call.account_id,
        company_id=company.id,
        name="NFS-e",
        code="NFS-e",
        serie=series_of(series),
        series=series_of(series),
        created_at=call.now,
        updated_at=call.now,
    )
