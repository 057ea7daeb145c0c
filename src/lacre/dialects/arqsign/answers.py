"""Whole processes as answers: their files' Base64 is read while it is sent, never held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import StreamingResponse

from lacre.dialects.arqsign import process
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.documents.links import Variant
from lacre.services import Services
from lacre.signing import recording
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.webhooks.body import BodyParts, InBase64, JsonWithFiles, json_pieces

LINK = "2"
"""Of `arquivoTipo`: whatever else it says means Base64."""
LOST = "Um dos arquivos não está disponível no momento."


def streamed(services: Services, said: JsonWithFiles) -> StreamingResponse:
    """Refused as a whole when storage has lost one of the files: half an answer could not be taken back."""
    pieces = json_pieces(said)
    try:
        for one in pieces:
            if isinstance(one, InBase64):
                services.files.size(one.digest)
    except LookupError:
        raise Declined(422, LOST) from None
    chunks = BodyParts(pieces=pieces, files=services.files).chunks()
    return StreamingResponse(chunks, media_type="application/json")


def whole(call: Call, envelope: Envelope) -> dict[str, Any]:
    """With every file, and the record of each."""
    people = process.people(envelope, reveal=call.services.tokens.reveal)
    for one in people:
        _misspell(one["dadosAssinatura"])
    return {**process.head(envelope), "signatarios": people, "documentos": list(_documents(call, envelope))}


def record_of(call: Call, envelope: Envelope, document: Document) -> InBase64:
    """The one that was sealed with the process; until then, one of how it stands."""
    if envelope.record is not None:
        return InBase64(digest=envelope.record)
    services = call.services
    with services.open_work() as work:
        log = work.audit.entries(envelope.id)
    contents = recording.contents(
        envelope,
        verify_url=services.links.verify_url(envelope.id),
        authority=services.authority,
        images=services.files.read,
        log=log,
        documents=[one for one in recording.originals(envelope) if one.original == document.original],
    )
    return InBase64(digest=services.files.keep_bytes(services.typesetter.record(contents)))


def _documents(call: Call, envelope: Envelope) -> Iterator[dict[str, JsonWithFiles]]:
    """Their files in Base64, or links to them; never both."""
    linked, links = call.query.get("arquivoTipo") == LINK, call.services.links
    recorded = envelope.status is not EnvelopeStatus.DRAFT and _records_wanted(call)
    for place, one in enumerate(envelope.documents, 1):
        variant = Variant.SEALED if one.sealed else Variant.ORIGINAL
        yield {
            "id": one.id,
            "ordemDocumento": place,
            "nomeDocumento": one.name,
            "linkDocumentoCompartilhado": process.shared_link(envelope, one, links=links, now=call.now),
            "linkParaBaixarDocumento": links.file_url(one.id, variant, now=call.now) if linked else None,
            "base64Documento": None if linked else InBase64(digest=one.sealed or one.original),
            "registroAssinaturas": {
                "nome": process.record_name(one),
                "base64": record_of(call, envelope, one),
            }
            if recorded
            else None,
        }


def _records_wanted(call: Call) -> bool:
    """Whatever is said but `false`."""
    return call.query.get("retornarRegistroAssinatura", "").lower() != "false"


def _misspell(signature: dict[str, Any] | None) -> None:
    """In this answer the contract itself has a letter too few."""
    if signature is not None:
        person = signature["dadosPessoaFisica"]
        person["numeroDocumetoPessoaFisica"] = person.pop("numeroDocumentoPessoaFisica")
