"""One event of each kind as it happens to the contract; the file of the same name says how it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from lacre.kit.events import Event
from lacre.kit.ids import Digest
from lacre.signing import events
from lacre.signing.envelope import Envelope
from tests.support.contracts import BRUNO, CARLA, NOON, contract, seal, sent_contract, sign
from tests.support.zapsign import happened

LATER = NOON + timedelta(minutes=4)


def doc_created() -> Event:
    envelope = contract()
    envelope.dialect_data = {"zapsign": {"metadata": [{"key": "loja", "value": "3"}]}}
    return happened(events.ENVELOPE_CREATED, envelope)


def doc_viewed() -> Event:
    envelope = sent_contract()
    envelope.view(BRUNO, now=LATER)
    return happened(events.SIGNER_VIEWED, envelope, who=BRUNO)


def doc_read_confirmation() -> Event:
    envelope = sent_contract()
    envelope.view(BRUNO, now=LATER)
    envelope.confirm_reading(BRUNO, now=LATER)
    return happened(events.SIGNER_READ, envelope, who=BRUNO)


def doc_signed() -> Event:
    return happened(events.ACT_SEALED, _signed_by_all(), who=CARLA)


def doc_signed_by_one() -> Event:
    envelope = sent_contract()
    sign(envelope, BRUNO)
    seal(envelope)
    return happened(events.ACT_SEALED, envelope, who=BRUNO)


def doc_refused() -> Event:
    envelope = sent_contract()
    envelope.refuse(CARLA, "Valor errado", now=LATER)
    envelope.documents[0].voided = Digest("f" * 64)
    return happened(events.FILES_VOIDED, envelope, reason="Valor errado")


def doc_deleted() -> Event:
    envelope = sent_contract()
    envelope.delete(now=LATER)
    return happened(events.ENVELOPE_DELETED, envelope)


def doc_expired() -> Event:
    envelope = _with_limit()
    envelope.expire(now=NOON + timedelta(days=30))
    return happened(events.ENVELOPE_EXPIRED, envelope)


def doc_expiration_alert() -> Event:
    return happened(events.ENVELOPE_EXPIRING, _with_limit(), days_left=3)


def created_signer() -> Event:
    return happened(events.SIGNER_ADDED, sent_contract(), who=CARLA)


def signature_notification_sent() -> Event:
    return happened(events.SIGNER_NOTIFIED, sent_contract(), who=BRUNO, channel="email", kind="invitation")


def signer_authentication_failed() -> Event:
    return happened(
        events.SIGNER_AUTHENTICATION_FAILED, sent_contract(), who=BRUNO, attempts_used=5, max_attempts=5
    )


def email_bounce() -> Event:
    return happened(
        events.SIGNER_DELIVERY_FAILED,
        sent_contract(),
        who=BRUNO,
        channel="email",
        address="bruno@example.test",
        reason="550 no such mailbox",
    )


def email_bounce_returned() -> Event:
    return happened(
        events.SIGNER_DELIVERY_FAILED,
        sent_contract(),
        who=BRUNO,
        channel="email",
        address="bruno@example.test",
        reason="550 5.1.1 <bruno@example.test>: Recipient address rejected: User unknown",
        status_code=550,
    )


STORIES: Mapping[str, Callable[[], Event]] = {
    story.__name__: story
    for story in (
        doc_created,
        doc_viewed,
        doc_read_confirmation,
        doc_signed,
        doc_signed_by_one,
        doc_refused,
        doc_deleted,
        doc_expired,
        doc_expiration_alert,
        created_signer,
        signature_notification_sent,
        signer_authentication_failed,
        email_bounce,
        email_bounce_returned,
    )
}


def _signed_by_all() -> Envelope:
    envelope = sent_contract()
    sign(envelope, BRUNO)
    sign(envelope, CARLA)
    seal(envelope)
    return envelope


def _with_limit() -> Envelope:
    envelope = sent_contract()
    envelope.expires_at = NOON.replace(hour=2, minute=59, second=59, microsecond=999999) + timedelta(days=8)
    return envelope
