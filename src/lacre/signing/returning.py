"""Mails that had gone out, and came back."""

from __future__ import annotations

from datetime import datetime

from lacre.kit.ids import SignerId
from lacre.kit.json import Json
from lacre.signing import events, notifying
from lacre.signing.audit import AuditEntry
from lacre.signing.envelope import Envelope
from lacre.signing.repositories import SigningWork
from lacre.signing.signer import Channel

_ABOUT = (events.SIGNER_NOTIFIED, events.SIGNER_DELIVERY_FAILED)


def came_back(
    work: SigningWork,
    envelope: Envelope,
    signer_id: SignerId,
    *,
    reason: str,
    code: int | None,
    now: datetime,
) -> bool:
    """A mail that had gone out was not taken in the end; whether that is news.

    Notices may be read twice, and each mail of several may come back: one is told, until another goes out.
    """
    if _undelivered(work, envelope, signer_id):
        return False
    address = envelope.signer(signer_id).email
    detail: dict[str, Json] = {
        "channel": Channel.EMAIL,
        "address": address,
        "reason": reason,
        "status_code": code,
    }
    notifying.notified(work, envelope, signer_id, detail=detail, now=now)
    return True


def _undelivered(work: SigningWork, envelope: Envelope, signer_id: SignerId) -> bool:
    """Whether the last that is known of messages to them is that one did not arrive."""
    entries = [entry for entry, _ in work.audit.entries(envelope.id)]
    said = [one.what for one in entries if one.what in _ABOUT and _asks(one, signer_id)]
    return bool(said) and said[-1] == events.SIGNER_DELIVERY_FAILED


def _asks(entry: AuditEntry, signer_id: SignerId) -> bool:
    """A message that asked them to sign: codes come back to nobody."""
    return entry.detail.get("signer_id") == signer_id and entry.detail.get("kind") != notifying.CODE
