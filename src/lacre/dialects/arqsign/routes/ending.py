"""How processes end before everybody signed."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from lacre.dialects.arqsign import finding, kept, words
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.signing import actions
from lacre.signing.envelope import Envelope, EnvelopeStatus

CANCELED = "Documento cancelado com sucesso"


def cancel(call: Call) -> Response:
    """Without a reason, as there."""
    with call.services.open_work() as work:
        envelope = finding.process_called(work, call)
        require_under_way(envelope)
        mine = {**kept.of(envelope), "usuarioCancelamento": "API"}
        envelope.dialect_data = {**envelope.dialect_data, kept.OURS: mine}
        actions.cancel(work, envelope, "", by=call.by, now=call.now)
    return PlainTextResponse(CANCELED)


def require_under_way(envelope: Envelope) -> None:
    """Waiting or under way, also when its time is over; in their words what it is instead."""
    if envelope.everyone_signed or envelope.status is EnvelopeStatus.COMPLETED:
        raise Declined(422, "Documento concluído.")
    if words.status(envelope) == words.CANCELED:
        raise Declined(422, "Documento cancelado.")
    if words.status(envelope) == words.CREATED:
        raise Declined(422, f'Documento com status "{words.CREATED}".')
