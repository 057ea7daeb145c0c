"""What became of a message to a signer: it went out, could not, or was kept where nothing sends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lacre.kit.ids import SignerId
from lacre.kit.json import Json
from lacre.signing import events
from lacre.signing.announcing import SYSTEM, Actor, apply
from lacre.signing.audit import KEPT
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.ports import MailFailed
from lacre.signing.repositories import SigningWork
from lacre.signing.signer import Channel, Signer

CODE = "code"
"""The kind of a message that lets nobody sign: it only proves who they are."""
_SYSTEM = Actor(name=SYSTEM)


def notified(
    work: SigningWork,
    envelope: Envelope,
    signer_id: SignerId,
    *,
    detail: Mapping[str, Json],
    kept: bool = False,
    by: Actor = _SYSTEM,
    now: datetime,
) -> None:
    """It could not go out: `detail["reason"]` says why. Codes are told, but ask nobody to sign."""
    signer = envelope.signer(signer_id)
    failed = "reason" in detail
    signer.unreached = str(detail.get("reason", ""))
    if failed:
        # it may be tried again at once
        signer.reminded_at = None
    elif detail.get("kind") != CODE:
        _count(signer, Channel(str(detail["channel"])), kept=kept, now=now)
    kind = events.SIGNER_DELIVERY_FAILED if failed else events.SIGNER_NOTIFIED
    told = detail if failed else {**detail, KEPT: kept}
    happened = Happened(type=kind, signer_id=signer_id, detail=told)
    apply(work, envelope, [happened], by=by, now=now)


def code_detail(channel: Channel, address: str, failed: MailFailed | None) -> dict[str, Json]:
    """What is told of a code that was handed over."""
    detail: dict[str, Json] = {"channel": channel, "kind": CODE, "address": address}
    return detail if failed is None else {**detail, "reason": failed.reason, "status_code": failed.code}


def _count(signer: Signer, channel: Channel, *, kept: bool, now: datetime) -> None:
    signer.notified = {**signer.notified, channel: signer.notified.get(channel, 0) + 1}
    signer.last_notified_at = now
    if kept:
        signer.unsent = {**signer.unsent, channel: signer.unsent.get(channel, 0) + 1}
