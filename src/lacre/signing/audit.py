"""The audit log of an envelope: each entry's hash holds the hash before it, so that a change shows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lacre.kit.json import JsonObject, canonical
from lacre.kit.times import rfc3339

GENESIS = "0" * 64
KEPT = "kept"
"""In the detail of a message: whether it stayed here, as nothing leaves by its channel."""


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """Who did what, when and from where; `position` counts from 0 in its envelope."""

    position: int
    at: datetime
    actor: str
    what: str
    detail: JsonObject = field(default_factory=dict)
    previous: str = GENESIS

    @property
    def message_kept(self) -> bool:
        return self.detail.get(KEPT) is True

    @property
    def hash(self) -> str:
        """SHA-256 over the previous hash and the entry's canonical JSON, 64 hex digits."""
        body = {
            "position": self.position,
            "at": rfc3339(self.at),
            "actor": self.actor,
            "what": self.what,
            "detail": self.detail,
        }
        return hashlib.sha256(self.previous.encode() + canonical(body)).hexdigest()


def after(last: AuditEntry | None, *, at: datetime, actor: str, what: str, detail: JsonObject) -> AuditEntry:
    """The entry that follows `last`."""
    return AuditEntry(
        position=last.position + 1 if last else 0,
        at=at,
        actor=actor,
        what=what,
        detail=detail,
        previous=last.hash if last else GENESIS,
    )


def first_break(entries: Sequence[AuditEntry], hashes: Sequence[str]) -> int | None:
    """Position of the first entry that was changed, dropped or moved; `None` when the chain holds."""
    previous = GENESIS
    for position, (entry, kept) in enumerate(zip(entries, hashes, strict=True)):
        if entry.position != position or entry.previous != previous or entry.hash != kept:
            return position
        previous = kept
    return None
