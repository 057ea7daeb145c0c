"""What signers were asked to bring, as they brought it."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from lacre.dialects.arqsign import errors, finding
from lacre.dialects.arqsign.answers import streamed
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.wire import ATTACHMENTS_ASKED, AttachmentsAsked
from lacre.documents.links import Variant
from lacre.kit.ids import DocumentId
from lacre.signing.envelope import Envelope
from lacre.signing.signer import Signer
from lacre.webhooks.body import InBase64, JsonWithFiles

BASE64 = 1


def find(call: Call) -> Response:
    """Of all, or of those that are named; `null` where nothing was attached."""
    said = call.read(ATTACHMENTS_ASKED)
    with call.services.open_work() as work:
        envelope = finding.process_called(work, call)
    found: list[JsonWithFiles] = [
        {
            "idSignatario": one.id,
            "nome": one.name,
            "anexos": list(_of(call, one, said)) or None,
        }
        for one in _meant(envelope, said)
    ]
    return streamed(call.services, found)


def _meant(envelope: Envelope, said: AttachmentsAsked) -> list[Signer]:
    people = {one.id: one for one in envelope.active_signers}
    if said.signatarios and not people.keys() & {*said.signatarios}:
        raise errors.unknown(said.signatarios)
    return [one for one in people.values() if not said.signatarios or one.id in said.signatarios]


def _of(call: Call, signer: Signer, said: AttachmentsAsked) -> Iterator[JsonWithFiles]:
    for wanted in signer.options.attachments:
        brought = signer.attached.get(wanted.id)
        if brought is None:
            continue
        link = call.services.links.file_url(DocumentId(brought.file), Variant.LOOSE, now=call.now)
        yield {
            "id": wanted.id,
            "nome": wanted.name,
            "arquivo": InBase64(digest=brought.file) if said.arquivo_tipo == BASE64 else link,
        }
