"""What time does to envelopes: they expire, and those who have not signed are told before."""

from __future__ import annotations

from datetime import datetime

from lacre.signing.actions import notify
from lacre.signing.announcing import SYSTEM, Actor, apply
from lacre.signing.envelope import Envelope
from lacre.signing.repositories import SigningWork
from lacre.signing.schedule import tell, watch_reminders


def expire(work: SigningWork, envelope: Envelope, *, now: datetime) -> None:
    happened = envelope.expire(now=now)
    apply(work, envelope, happened, by=Actor(name=SYSTEM), now=now)
    if happened:
        tell(work, envelope, "expired", now)


def alert(work: SigningWork, envelope: Envelope, days_left: int, *, now: datetime) -> None:
    happened = envelope.alert(days_left)
    apply(work, envelope, happened, by=Actor(name=SYSTEM), now=now)
    for signer in envelope.asked if happened else ():
        notify(work, envelope, signer, now=now, kind="expiring")


def remind_all(work: SigningWork, envelope: Envelope, *, now: datetime) -> None:
    """The reminder every `reminder_days`; three at the most."""
    if not envelope.open or envelope.reminders_given >= 3:
        return
    envelope.reminders_given += 1
    work.envelopes.save(envelope)
    watch_reminders(work, envelope, now)
    for signer in envelope.asked:
        notify(work, envelope, signer, now=now, kind="reminder")
