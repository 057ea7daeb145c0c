"""What a receiver of ArqSIGN's webhooks hears of an event, and the file that says what it must hear."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from lacre.dialects.arqsign.options import Options, kept
from lacre.dialects.arqsign.webhook import ArqsignWording, body
from lacre.dialects.arqsign.wire import Returned
from lacre.kit.events import Event
from lacre.kit.ids import Digest, EventId
from lacre.signing import events
from lacre.signing.envelope import Envelope
from lacre.webhooks.body import InBase64, JsonWithFiles
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.request import Request
from lacre.webhooks.signature import as_secret
from tests.support.contracts import BRUNO, CARLA, NOON, PlainLinks, seal, sent_contract, sign
from tests.support.zapsign import ATTEMPT_AT, happened, listener

GOLDEN = Path(__file__).parents[1] / "dialects" / "arqsign"
SECRET = as_secret(b"k" * 32)
EVERYTHING = Returned.model_validate(
    {
        "processo": True,
        "signatarios": True,
        "documentos": True,
        "documentosTipo": 2,
        "linkDocCompartilhado": True,
        "registrosAssinatura": True,
        "registrosAssinaturaTipo": 2,
    }
)
IN_BASE64 = EVERYTHING.model_copy(update={"documentos_tipo": 1, "registros_assinatura_tipo": 1})
LATER = NOON + timedelta(minutes=4)


def webhook(**options: Any) -> Endpoint:  # noqa: ANN401 - of the dialect
    endpoint = listener(dialect="arqsign", secrets=Secrets(signing=(SECRET,)))
    endpoint.options = kept(Options(**{"returned": EVERYTHING, **options}))
    return endpoint


def told(event: Event, endpoint: Endpoint | None = None) -> Any:  # noqa: ANN401 - JSON
    """The body, with each file that would be read named by its digest."""
    return _named(body(event, endpoint or webhook(), links=PlainLinks(), now=ATTEMPT_AT))


def golden(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def _named(said: JsonWithFiles) -> Any:  # noqa: ANN401 - JSON
    if isinstance(said, InBase64):
        return f"<Base64 of {said.digest[:4]}>"
    if isinstance(said, Mapping):
        return {name: _named(value) for name, value in said.items()}
    return [_named(one) for one in said] if isinstance(said, list | tuple) else said


# ── one event of each trigger ────────────────────────────────────────────────


def _sent() -> Event:
    return happened(events.ENVELOPE_SENT, _process())


def _not_delivered() -> Event:
    envelope = _process()
    envelope.signer(CARLA).unreached = "550 no such user"
    return happened(
        events.SIGNER_DELIVERY_FAILED, envelope, who=CARLA, channel="email", reason="550 no such user"
    )


def _signed_by_one() -> Event:
    envelope = _process()
    sign(envelope, BRUNO)
    seal(envelope)
    return happened(events.ACT_SEALED, envelope, who=BRUNO)


def _refused() -> Event:
    envelope = _process()
    envelope.refuse(CARLA, "Valor errado", now=LATER)
    return happened(events.ENVELOPE_REFUSED, envelope, who=CARLA, reason="Valor errado")


def _canceled() -> Event:
    envelope = _process()
    envelope.cancel("", now=LATER)
    return happened(events.ENVELOPE_CANCELED, envelope, reason="")


def _expired() -> Event:
    envelope = _process()
    envelope.expires_at = LATER
    envelope.expire(now=LATER)
    return happened(events.ENVELOPE_EXPIRED, envelope)


def _resent() -> Event:
    envelope = _process()
    envelope.resend(
        now=LATER, expires_at=LATER + timedelta(days=30), renew=[one.id for one in envelope.signers]
    )
    return happened(events.ENVELOPE_RESENT, envelope)


def _completed() -> Event:
    envelope = _process()
    sign(envelope, BRUNO)
    sign(envelope, CARLA)
    seal(envelope)
    envelope.complete(Digest("9" * 64), now=LATER + timedelta(minutes=2))
    return happened(events.ENVELOPE_COMPLETED, envelope)


EVENTS: Mapping[str, Callable[[], Event]] = {
    "ProcessoEnviado": _sent,
    "ProcessoComFalhaDeEnvio": _not_delivered,
    "ProcessoAssinado": _signed_by_one,
    "ProcessoRecusado": _refused,
    "ProcessoCancelado": _canceled,
    "ProcessoExpirado": _expired,
    "ProcessoReenviado": _resent,
    "ProcessoConcluido": _completed,
}


def _process() -> Envelope:
    """As their clients send it."""
    envelope = sent_contract()
    envelope.expires_at = NOON + timedelta(days=30)
    envelope.dialect_data = {
        "arqsign": {
            "idResponsavel": "44444444-4444-4444-8444-444444444444",
            "nomeResponsavel": "Ana",
            "expiracaoDias": 30,
            "gerarQrCode": True,
            "renovacaoMeses": 12,
        }
    }
    for one in envelope.signers:
        one.dialect_data = {"arqsign": {"tipoAssinatura": 1, "papelPessoaFisica": ["Parte"]}}
    return envelope


def request(event: Event, endpoint: Endpoint) -> Request:
    happened_to = KeptEvent(id=EventId("33333333-3333-4333-8333-333333333333"), event=event)
    return ArqsignWording().request(happened_to, endpoint, links=PlainLinks(), attempt=1, now=ATTEMPT_AT)
