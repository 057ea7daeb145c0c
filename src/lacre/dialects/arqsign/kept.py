"""What of a process only ArqSIGN's clients know: kept with the envelope and its signers, and said back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lacre.signing.envelope import Envelope
from lacre.signing.signer import Signer

OURS = "arqsign"


def of(envelope: Envelope | Signer) -> Mapping[str, Any]:
    """Empty for what was sent otherwise: through another dialect, or the console."""
    mine = envelope.dialect_data.get(OURS)
    return mine if isinstance(mine, Mapping) else {}


def folder_path(path: str) -> str:
    """As they write it: `Contratos|2026`."""
    return path.strip("/").replace("/", "|") or "Raiz"


def instant(at: datetime | None) -> str | None:
    """In UTC, as all of theirs are."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
