"""Document schemas: kinds of documents, with their series, numbers and certificate."""

from __future__ import annotations

import binascii
from base64 import b64decode

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import errors, pages, shown, words
from lacre.dialects.fastnotas.door import Call, known
from lacre.dialects.fastnotas.routes import companies
from lacre.dialects.fastnotas.wire import Credentials, NewSchema, SchemaChange
from lacre.fiscal import actions
from lacre.fiscal.company import Company
from lacre.fiscal.ports import Certificate, CertificateUnusable
from lacre.fiscal.schema import Schema, series_of
from lacre.kit.ids import SchemaId
from lacre.services import Work


def index(call: Call) -> Response:
    """Newest first."""
    with call.services.open_work() as work:
        return pages.listed(
            call,
            pages.SCHEMAS,
            lambda query, offset, limit: work.books.schemas.find(
                [call.account_id], query, offset=offset, limit=limit
            ),
            shown.schema,
        )


def create(call: Call) -> Response:
    """With its certificate: a file of a form, or Base64 in JSON."""
    said = call.read(NewSchema)
    if not said.type.startswith(words.NFSE):
        raise errors.unprocessable({"type": [f"só há {words.NFSE}"]})
    company_id = known(said.company_id) if said.company_id else None
    with call.services.open_work() as work:
        company = companies.of_key(work, call, company_id)
    certificate = _certificate(call, said.credentials, company)
    if certificate is None:
        raise errors.unprocessable({"credentials.certificate": [errors.REQUIRED]})
    with call.services.open_work() as work:
        schema = _schema(call, said, company)
        actions.open_schema(work, schema, company, first=said.sequence)
        actions.keep_certificate(work, schema, certificate, now=call.now)
    return JSONResponse(shown.schema(schema), 201)


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        return JSONResponse(shown.schema(_named(work, call)))


def update(call: Call) -> Response:
    said = call.read(SchemaChange)
    with call.services.open_work() as work:
        company = work.books.companies.get(call.account_id, _named(work, call).company_id)
    certificate = _certificate(call, said.credentials, company)
    with call.services.open_work() as work:
        one = _named(work, call)
        one.name, one.code = said.name or one.name, said.code or one.code
        one.status = said.status or one.status
        if said.parameters is not None:
            one.parameters = {**one.parameters, **said.parameters}
        if said.sequence is not None and said.sequence != one.sequence:
            work.books.sequences.raise_to(one.account_id, company.registry_code, one.series, said.sequence)
            one.sequence = said.sequence
        one.updated_at = call.now
        work.books.schemas.save(one)
        if certificate is not None:
            actions.keep_certificate(work, one, certificate, now=call.now)
    return JSONResponse(shown.schema(one))


def delete(call: Call) -> Response:
    """Documents that were issued with it stay, and can be canceled."""
    with call.services.open_work() as work:
        one = _named(work, call)
        one.deleted_at = call.now
        work.books.schemas.save(one)
    return Response(status_code=204)


def _named(work: Work, call: Call) -> Schema:
    return work.books.schemas.get(call.account_id, SchemaId(call.named()))


def _schema(call: Call, said: NewSchema, company: Company) -> Schema:
    serie = said.serie or words.FASTN
    return Schema(
        id=SchemaId(call.services.tokens.uuid()),
        account_id=call.account_id,
        company_id=company.id,
        name=said.name,
        code=said.code,
        status=said.status or "active",
        serie=serie,
        series=series_of(words.series_of(serie)),
        parameters=dict(said.parameters or {}),
        created_at=call.now,
        updated_at=call.now,
    )


def _certificate(
    call: Call, said: Credentials | None, company: Company
) -> Certificate | CertificateUnusable | None:
    """Opened outside of any transaction; `None` when none was sent."""
    content = _content(said.certificate) if said else b""
    if not content or said is None:
        return None
    reader = call.services.fiscal.certificates
    return reader.read(content, said.password, now=call.now, company=company.registry_code)


def _content(said: object) -> bytes:
    if isinstance(said, bytes):
        return said
    if not isinstance(said, str):
        return b""
    text = said.rpartition("base64,")[2]
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise errors.unprocessable({"credentials.certificate": ["não é Base64"]}) from None
