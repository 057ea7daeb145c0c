"""Types of documents: the shipped ones, and those that an account makes of them or anew."""

from __future__ import annotations

from dataclasses import asdict, replace

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.wire.document_types import DocumentTypeList, NewDocumentType, ShownDocumentType
from lacre.kit.refusal import NotFound
from lacre.processing.catalogue import keep_type, type_of, types_of
from lacre.processing.document_type import DocumentType
from lacre.processing.errors import TypeUnknown
from lacre.processing.flaws import check_type
from lacre.processing.schema import schema_of
from lacre.processing.snapshot import thaw_type
from lacre.services import Work

router = APIRouter(tags=["extractions"])


@router.get("/document-types", response_model=DocumentTypeList)
def list_document_types(call: Caller) -> Response:
    """Those below 1001 are shipped, unless your account changed them."""
    with call.services.open_work() as work:
        found = types_of(work, call.account_id)
    return answer(DocumentTypeList(data=[_shown(one) for one in found]))


@router.get("/document-types/{number}", response_model=ShownDocumentType)
def read_document_type(call: Caller, number: int) -> Response:
    """In its newest version."""
    with call.services.open_work() as work:
        return answer(_shown(_found(work, call, number)))


@router.post("/document-types", status_code=201, response_model=ShownDocumentType)
def create_document_type(call: Poster, said: NewDocumentType) -> Response:
    """Its number is the next of your account."""
    meant = _meant(said, 0)
    with call.services.open_work() as work:
        return call.keep(work, _shown(keep_type(work, call.account_id, meant)), 201)


@router.put("/document-types/{number}", response_model=ShownDocumentType)
def change_document_type(call: Caller, number: int, said: NewDocumentType) -> Response:
    """As a new version, for your account alone, by which documents are processed from now on."""
    meant = _meant(said, number)
    with call.services.open_work() as work:
        _found(work, call, number)
        return answer(_shown(keep_type(work, call.account_id, meant)))


@router.delete("/document-types/{number}", status_code=204)
def retire_document_type(call: Caller, number: int) -> Response:
    """No longer offered; documents of it stay as they are."""
    with call.services.open_work() as work:
        keep_type(work, call.account_id, replace(_found(work, call, number), retired=True))
    return Response(status_code=204)


def _found(work: Work, call: Call, number: int) -> DocumentType:
    try:
        found = type_of(work, call.account_id, number) if 0 < number < 2**31 else None
    except TypeUnknown:
        found = None
    if found is None or found.retired:
        raise NotFound("document type")
    return found


def _meant(said: NewDocumentType, number: int) -> DocumentType:
    meant = thaw_type({"number": number, **said.model_dump(mode="json")})
    check_type(meant)
    return meant


def _shown(one: DocumentType) -> ShownDocumentType:
    said = asdict(one)
    del said["retired"]
    return ShownDocumentType.model_validate({**said, "json_schema": schema_of(one)})
