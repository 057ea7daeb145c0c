"""Processes looked at: whole, their state, their people, the record of a file."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.arqsign import finding, process, signer, words
from lacre.dialects.arqsign.answers import record_of, streamed, whole
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.signing.envelope import EnvelopeStatus


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        envelope = finding.process_called(work, call)
    return streamed(call.services, whole(call, envelope))


_OF_SIGNERS = (
    "nomeProcesso",
    "status",
    "idStatus",
    "dataConclusao",
    "dataCancelamento",
    "usuarioCancelamento",
    "dataExpiracao",
)
"""What is said of the process beside its signers."""


def status(call: Call) -> Response:
    """Documented with 201, though nothing is made."""
    with call.services.open_work() as work:
        envelope = finding.process_called(work, call)
    return JSONResponse({"NomeProcesso": envelope.title, "Status": words.status(envelope)}, 201)


def signers(call: Call) -> Response:
    with call.services.open_work() as work:
        envelope = finding.process_called(work, call)
    head = process.head(envelope)
    return JSONResponse(
        {
            **{name: head[name] for name in _OF_SIGNERS},
            # who only gets a copy signs nothing: waiting for all of these would have no end
            "signatarios": [signer.state(envelope, one) for one in envelope.active_signers],
        }
    )


def record(call: Call) -> Response:
    """Of one file, as it stands; none before the process is sent."""
    with call.services.open_work() as work:
        envelope, document = finding.file_called(work, call)
    if envelope.status is EnvelopeStatus.DRAFT:
        raise Declined(422, f'Documento com status "{words.CREATED}".')
    return streamed(
        call.services,
        {
            "idArquivoProcesso": document.id,
            "nome": process.record_name(document),
            "base64": record_of(call, envelope, document),
        },
    )
