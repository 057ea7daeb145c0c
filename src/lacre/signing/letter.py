"""Mails before they are worded: what is to be said to whom, without a sentence of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lacre.signing.options import Branding


class LetterKind(StrEnum):
    INVITATION = "invitation"
    TURN = "turn"
    """Others signed first; now it is this person's turn."""
    REMINDER = "reminder"
    RELEASED = "released"
    """Enough others have signed: nothing is asked of this person any more."""
    COMPLETED = "completed"
    COPY = "copy"
    """Completed, to somebody who had nothing to sign."""
    REFUSED = "refused"
    CANCELED = "canceled"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    """To the sender: some days are left and some people have not signed."""
    CODE = "code"
    LOGIN = "login"
    """A user's one-time link."""
    ENDPOINT_FAILING = "endpoint_failing"
    """To the users: nothing arrives at one of their systems."""
    ENDPOINT_PAUSED = "endpoint_paused"


@dataclass(frozen=True)
class LetterFile:
    name: str
    url: str = ""
    """Empty: named, not linked."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A sentence whose facts are empty is left out of the mail."""

    key: str
    """Names the mail for ever: a second attempt is recognisably the same mail."""
    kind: LetterKind
    to: str
    """An e-mail address or, for a message to a phone, its number with the country."""
    to_name: str = ""
    language: str = "pt-br"
    title: str = ""
    subject: str = ""
    """As its sender wants it, instead of ours."""
    sender: str = ""
    """Who asks for the signature, as the receiver knows them."""
    reply_to: str = ""
    returns: str = ""
    """Where it comes back to when nobody takes it: a tag of `Links.return_tag`."""
    link: str = ""
    files: tuple[LetterFile, ...] = ()
    message: str = ""
    """The sender's own words; shown as theirs."""
    expires_at: datetime | None = None
    who: tuple[str, ...] = ()
    """Who refused or canceled, or who has not signed yet."""
    reason: str = ""
    days_left: int = 0
    since: datetime | None = None
    failure: str = ""
    """Why nothing arrives: a stable code, or the status that was answered."""
    code: str = ""
    minutes: int = 0
    branding: Branding = field(default_factory=Branding)
