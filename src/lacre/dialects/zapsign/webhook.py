"""Our events as the requests that ZapSign's webhooks make."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from lacre.dialects.zapsign import dates, document, signer, words
from lacre.dialects.zapsign.promise import PROMISE
from lacre.documents.links import Links
from lacre.kit.events import Event
from lacre.kit.json import Json
from lacre.kit.times import rfc3339
from lacre.signing import events
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import act_of
from lacre.signing.signer import Signer
from lacre.signing.snapshot import thaw
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.headers import joined
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request
from lacre.webhooks.wording import Unvaried

SIGNER_KEYS: Mapping[str, str] = {
    "doc_signed": "signer_who_signed",
    "doc_viewed": "signer_who_viewed",
    "doc_read_confirmation": "signer_who_read",
    "created_signer": "created_signer",
    "signature_notification_sent": "created_signer",  # sic
    "signer_authentication_failed": "unauthenticated_signer",
}
"""Under which key an event names its signer; the others name none."""
_WITH_NOTIFICATION = frozenset(
    {"doc_viewed", "doc_read_confirmation", "created_signer", "signature_notification_sent"}
)
_OURS = (("Content-Type", "application/json"), ("User-Agent", PROMISE.user_agent))
_WITH_LIMIT = frozenset({"doc_expiration_alert", "doc_expired"})


class ZapsignWording(Unvaried):
    @property
    def name(self) -> str:
        return "zapsign"

    @property
    def types(self) -> Sequence[str]:
        return sorted(words.WEBHOOK_TYPES - words.NEVER_SENT_HERE)

    @property
    def by_template(self) -> bool:
        return True

    @property
    def samples(self) -> Mapping[str, str]:
        return words.SAMPLES

    def listens(self, endpoint: Endpoint, event: Event) -> bool:
        said = words.event_type(event)
        wanted = frozenset(endpoint.types) or words.TYPES_OF_ALL
        return said in wanted and endpoint.concerns(event) and not rebuilt_quietly(event)

    def promise(self, endpoint: Endpoint) -> Promise:
        return endpoint.promised(PROMISE)

    def request(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        *,
        links: Links,
        attempt: int,  # noqa: ARG002 - attempts are not numbered there
        now: datetime,
    ) -> Request:
        return Request(
            method="POST",
            url=endpoint.url,
            headers=joined(_OURS, endpoint.secrets.headers),
            body=json.dumps(body(kept.event, links=links, now=now), separators=(",", ":")).encode(),
            deadline_seconds=self.promise(endpoint).deadline_seconds,
            pool_key=endpoint.account_id,
        )


def body(event: Event, *, links: Links, now: datetime) -> dict[str, Json]:
    """What the event says: the document, the event's name, and the event's own keys after it."""
    said = words.event_type(event)
    if said is None:
        raise ValueError(f"{event.type} has no word here")
    frozen = event.facts["envelope"]
    if not isinstance(frozen, Mapping):
        raise ValueError("an event of signing holds its envelope")
    envelope = thaw(frozen)
    if said == "email_bounce":
        return _bounce(event, envelope, links=links)
    return {
        **document.shown(envelope, links=links, now=now),
        "event_type": said,
        **_own_keys(said, event, envelope, links=links, now=now),
    }


def rebuilt_quietly(event: Event) -> bool:
    """Whether the files were made again by a client that asked for no webhook."""
    envelope = event.facts.get("envelope")
    if event.type != events.FILES_REBUILT or not isinstance(envelope, Mapping):
        return False
    data = envelope.get("dialect_data")
    mine = data.get(signer.OURS) if isinstance(data, Mapping) else None
    return isinstance(mine, Mapping) and mine.get("quiet_structure") == envelope.get("structure")


def _own_keys(said: str, event: Event, envelope: Envelope, *, links: Links, now: datetime) -> dict[str, Json]:
    keys: dict[str, Json] = {}
    if said in _WITH_LIMIT:
        keys["expiration_date"] = dates.shown_limit(envelope.expires_at)
    who = _whom(event, envelope) if said in SIGNER_KEYS else None
    if who is not None:
        act = act_of(envelope.acts, who.id)
        shown = signer.shown(who, links=links, now=now, act=act)
        keys[SIGNER_KEYS[said]] = {**shown, **_about(said, event, who)}
    return keys


def _whom(event: Event, envelope: Envelope) -> Signer | None:
    """The event's signer, also one who was removed since; of rebuilt files, who signed last."""
    wanted = event.facts.get("signer_id")
    if wanted is None and envelope.acts:
        wanted = envelope.acts[-1].signer_id
    return next((one for one in envelope.signers if one.id == wanted), None)


def _about(said: str, event: Event, who: Signer) -> dict[str, Json]:
    if said in _WITH_NOTIFICATION:
        return _notification(event, who)
    if said == "signer_authentication_failed":
        return {
            "max_attempts": event.facts.get("max_attempts"),
            "attempts_used": event.facts.get("attempts_used"),
            "authentication_failure_reason": words.AUTHENTICATION_FAILURES.get(
                str(event.facts.get("reason")), words.AUTHENTICATION_FAILURES["wrong_code"]
            ),
        }
    return {}


def _notification(event: Event, who: Signer) -> dict[str, Json]:
    """How and when the signer was last sent the link; `null` when it was handed over otherwise."""
    told_now = event.type == events.SIGNER_NOTIFIED
    sent_at = event.at if told_now else (who.last_notified_at if who.sent else None)
    channels = who.options.notify_by
    usual = channels[0].value if channels else None
    return {
        "notification_type": "request",
        "notification_channel": event.facts.get("channel", "email") if told_now else usual,
        "sent_at": rfc3339(sent_at) if sent_at else None,
    }


def _bounce(event: Event, envelope: Envelope, *, links: Links) -> dict[str, Json]:
    """About a mail and not about a document; the token is the signer's."""
    who = _whom(event, envelope)
    address = event.facts.get("address")
    return {
        "email": address if address else (who.email if who else ""),
        "token": links.signer_token(who.id, who.link_generation) if who else envelope.id,
        "type": "link_email",
        "status": "dropped",
        "status_code": event.facts.get("status_code"),
        "error": event.facts.get("reason"),
        "delivered": False,
        "event_type": "email_bounce",
    }
