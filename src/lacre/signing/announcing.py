"""How a change of an envelope becomes known: its row, its events and its audit entries in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lacre.kit.events import Event
from lacre.kit.json import Json, JsonObject
from lacre.signing import events
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.evidence import Origin
from lacre.signing.repositories import SigningWork
from lacre.signing.snapshot import freeze

SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks, for the audit log: a signer, a user, an API key, or the system."""

    name: str
    origin: Origin = field(default_factory=Origin)


def apply(
    work: SigningWork,
    envelope: Envelope,
    happened: Sequence[Happened],
    *,
    by: Actor,
    now: datetime,
    detail: Mapping[str, Json] | None = None,
) -> None:
    """Saves the changed envelope and announces what happened; `detail` goes to the audit log alone."""
    envelope.updated_at = now
    work.envelopes.save(envelope)
    announce(work, envelope, happened, by=by, now=now, detail=detail)


def announce(
    work: SigningWork,
    envelope: Envelope,
    happened: Sequence[Happened],
    *,
    by: Actor,
    now: datetime,
    detail: Mapping[str, Json] | None = None,
) -> None:
    """One event and one audit entry for each thing that happened."""
    snapshot = freeze(envelope) if happened else {}
    for one in happened:
        facts = facts_of(snapshot, one)
        work.announce(
            Event(type=one.type, account_id=envelope.account_id, subject_id=envelope.id, at=now, facts=facts)
        )
        kept = {**one.detail, **(detail or {}), **_where(by.origin), **_whom(one)}
        work.audit.append(envelope.id, at=now, actor=by.name, what=one.type, detail=kept)


def event_of(envelope: Envelope, event_type: str, *, at: datetime) -> Event:
    """What is told of an envelope as it stands, when nothing happened to it now: no entry of its log."""
    detail = {"reason": envelope.reason} if event_type == events.FILES_VOIDED else {}
    facts = facts_of(freeze(envelope), Happened(type=event_type, detail=detail))
    return Event(type=event_type, account_id=envelope.account_id, subject_id=envelope.id, at=at, facts=facts)


def facts_of(snapshot: JsonObject, happened: Happened) -> JsonObject:
    return {"envelope": snapshot, "signer_id": happened.signer_id, **happened.detail}


def _where(origin: Origin) -> dict[str, Json]:
    if not origin.ip:
        return {}
    return {"ip": origin.ip, "port": origin.port, "user_agent": origin.user_agent}


def _whom(happened: Happened) -> dict[str, Json]:
    return {"signer_id": happened.signer_id} if happened.signer_id else {}
