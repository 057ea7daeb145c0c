"""What a sender chooses for a whole envelope."""

from __future__ import annotations

from dataclasses import dataclass, field

from lacre.signing.margins import Edge
from lacre.signing.quorum import Quorums

ALERT_DAYS = (7, 3, 1)


@dataclass(frozen=True, kw_only=True)
class Branding:
    name: str = ""
    logo_url: str = ""
    color: str = ""


@dataclass(frozen=True, kw_only=True)
class EnvelopeOptions:
    sequential: bool = False
    quorums: Quorums = field(default_factory=dict)
    allow_refusal: bool = False
    silent: bool = False
    """No mail goes to signers; the sender hands out the links."""
    reminder_days: int = 0
    alert_days: tuple[int, ...] = ALERT_DAYS
    """So many days before it expires, those who have not signed are told."""
    observers: tuple[str, ...] = ()
    branding: Branding = Branding()
    hide_original: bool = False
    """Signers may not download the original."""
    sealed_only_when_complete: bool = False
    margin: Edge | None = None
    """Where each signature stands as a text on every page, besides where it was placed."""
    folder: str = "/"
    external_id: str = ""
    created_by: str = ""
    sender_groups: tuple[str, ...] = ()
    """That who created it was in then."""
    created_through: str = "api"
