"""What became of a message to a signer: it went out, could not, or was kept where nothing sends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lacre.kit.ids import SignerId
from lacre.kit.json import Json
from lacre.signing import events
from lacre.signing.announcing import SYSTEM, Actor, apply
from lacre.signing.audit import MESSAGE_KEPT
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.repositories import SigningWork
from lacre.signing.signer import Channel


def notified(
    work: SigningWork,
    envelope: Envelope,
    signer_id: SignerId,
    *,
    detail: Mapping[str, Json],
    kept: bool = False,
    now: datetime,
) -> None:
    """It could not go out: `detail["reason"]` says why; that it was `kept` is told by the log alone."""
    signer = envelope.signer(signer_id)
    failed = "reason" in detail
    signer.unreached = str(detail.get("reason", ""))
    if not failed:
        channel = Channel(str(detail["channel"]))
        signer.notified = {**signer.notified, channel: signer.notified.get(channel, 0) + 1}
        signer.last_notified_at = now
    kind = events.SIGNER_DELIVERY_FAILED if failed else events.SIGNER_NOTIFIED
    happened = Happened(type=kind, signer_id=signer_id, detail=detail)
    logged = MESSAGE_KEPT if kept else None
    apply(work, envelope, [happened], by=Actor(name=SYSTEM), now=now, detail=logged)
