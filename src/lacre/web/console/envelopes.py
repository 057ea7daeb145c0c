"""Documents: their list, each one's page, and what its sender does with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from starlette.routing import BaseRoute

from lacre.kit.ids import EnvelopeId, SignerId
from lacre.kit.refusal import NotFound
from lacre.kit.times import end_of_day
from lacre.signing import actions, identifying, readdressing
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.repositories import EnvelopeFilter, KeptMail
from lacre.web.console import mails, notes
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.envelope_view import Row, view_of
from lacre.web.console.listing import Listing, page_number
from lacre.web.console.said import Said, several
from lacre.web.console.sending import plausible_email
from lacre.web.console.words import TELLS_STATE
from lacre.webhooks import actions as webhooks

STATUSES = tuple(EnvelopeStatus)


@dataclass(frozen=True)
class Envelopes:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = "/app/envelopes/{id}"
        return [
            self.door.page("/app/", index),
            self.door.page(one, show),
            self.door.act(f"{one}/reprocess", reprocess),
            self.door.act(f"{one}/reseal", reseal),
            self.door.act(f"{one}/remind", remind),
            self.door.act(f"{one}/unlock", unlock),
            self.door.act(f"{one}/readdress", readdress),
            self.door.act(f"{one}/resend", resend),
            self.door.act(f"{one}/cancel", cancel),
            self.door.page(one + "/mails/{number:int}", mail),
            self.door.page(one + "/mails/{number:int}/body", mail_body),
        ]


def index(visit: Visit) -> Answer:
    text, status = visit.asked("q"), visit.asked("status")
    listing = Listing(
        path="/app/", asked={"q": text, "status": status}, page=page_number(visit.asked("page"))
    )
    which = EnvelopeFilter(text=text, created_by=visit.visitor.user.sees_only)
    narrowed = replace(which, statuses=_statuses(status))
    find = visit.work.envelopes
    rows = find.listed(visit.account_id, narrowed, offset=listing.offset, limit=listing.per_page)
    counted = find.totals(visit.account_id, which)
    totals = {one.value: counted.get(one, 0) for one in STATUSES}
    everything = sum(totals.values())
    return Page(
        "console/documents.html",
        {
            "rows": [Row(envelope=one) for one in rows],
            "listing": replace(listing, total=totals.get(status, everything)),
            "totals": totals,
            "everything": everything,
            "text": text,
            "state": status,
        },
    )


def show(visit: Visit) -> Answer:
    return _page(visit, seen(visit, visit.named()))


def reprocess(visit: Visit) -> Answer:
    """Past events told again to whoever listens today."""
    envelope = _mine(visit)
    wordings, now = visit.services.wordings, visit.now
    if visit.typed("which") == "all":
        count = webhooks.replay_subject(visit.work, visit.account_id, envelope.id, wordings=wordings, now=now)
    else:
        count = webhooks.replay_last(
            visit.work, visit.account_id, envelope.id, types=TELLS_STATE, wordings=wordings, now=now
        )
    nobody = Said(words=notes.NOBODY_LISTENS, tone="bad")
    return Goto(_path(envelope), several(notes.WEBHOOKS_AGAIN, count) if count else nobody)


def reseal(visit: Visit) -> Answer:
    """Signed files made again from the originals and the evidence."""
    envelope = _mine(visit)
    if not envelope.acts:
        return Goto(_path(envelope), Said(words=notes.NOBODY_SIGNED, tone="bad"))
    actions.reseal(visit.work, envelope, by=visit.by, now=visit.now)
    return Goto(_path(envelope), several(notes.SEALED_AGAIN, len(envelope.documents)))


def remind(visit: Visit) -> Answer:
    envelope = _mine(visit)
    signer = envelope.signer(SignerId(visit.typed("signer")))
    actions.remind(visit.work, envelope, signer.id, now=visit.now)
    words = notes.REMINDED if visit.services.mailer else notes.REMINDER_KEPT
    return Goto(
        _path(envelope), Said(words=words, arguments=(signer.email or signer.whole_phone or signer.name,))
    )


def unlock(visit: Visit) -> Answer:
    """A signer who failed too often to say who they are may try again."""
    envelope = _mine(visit)
    signer = envelope.signer(SignerId(visit.typed("signer")))
    identifying.let_try_again(visit.work, envelope, signer.id, by=visit.by, now=visit.now)
    return Goto(_path(envelope), Said(words=notes.UNLOCKED, arguments=(signer.name,)))


def readdress(visit: Visit) -> Answer:
    """To a signer whom a message did not reach: the address put right, and the link sent to it."""
    envelope = _mine(visit)
    signer = envelope.signer(SignerId(visit.typed("signer")))
    email = visit.typed("email", 320)
    if not plausible_email(email):
        typed = {f"email-{signer.id}": email}
        return _page(visit, envelope, typed=typed, errors=dict.fromkeys(typed, notes.EMAIL_WRONG))
    changed = replace(signer, email=email)
    if not readdressing.readdress(visit.work, envelope, changed, by=visit.by, now=visit.now):
        actions.notify(visit.work, envelope, changed, now=visit.now, kind="invitation")
    return Goto(_path(envelope), Said(words=notes.READDRESSED, arguments=(email,)))


def resend(visit: Visit) -> Answer:
    """A new limit, new links if asked, and the invitation once more."""
    envelope = _mine(visit)
    limit, wrong = _limit(visit, envelope)
    if wrong:
        return _page(visit, envelope, typed={"limit": visit.typed("limit")}, errors={"limit": wrong})
    renew = visit.typed("renew") == "on"
    actions.resend(visit.work, envelope, expires_at=limit, renew_links=renew, by=visit.by, now=visit.now)
    count = sum(one.waits for one in envelope.active_signers)
    return Goto(_path(envelope), several(notes.SENT_AGAIN, count))


def cancel(visit: Visit) -> Answer:
    envelope = _mine(visit)
    reason = visit.typed("reason")
    if not reason:
        return _page(visit, envelope, errors={"reason": notes.REASON_MISSING})
    actions.cancel(visit.work, envelope, reason, by=visit.by, now=visit.now)
    return Goto(_path(envelope), Said(words=notes.CANCELED))


def mail(visit: Visit) -> Answer:
    envelope = seen(visit, visit.named())
    return mails.mail_page(visit, _mails(visit), back=_path(envelope), back_words=envelope.title)


def mail_body(visit: Visit) -> Answer:
    return mails.mail_body(visit, _mails(visit))


def _mails(visit: Visit) -> Sequence[KeptMail]:
    return visit.work.mails.of_envelope(visit.account_id, seen(visit, visit.named()).id)


def seen(visit: Visit, envelope_id: str) -> Envelope:
    """Without locking it; another account's is not there."""
    envelope = visit.work.envelopes.for_check(EnvelopeId(envelope_id))
    if envelope.account_id != visit.account_id or not visit.visitor.user.sees(envelope.options.created_by):
        raise NotFound("envelope")
    return envelope


def _mine(visit: Visit) -> Envelope:
    """To be changed."""
    envelope = visit.work.envelopes.get(visit.account_id, EnvelopeId(visit.named()))
    if not visit.visitor.user.sees(envelope.options.created_by):
        raise NotFound("envelope")
    return envelope


def _page(
    visit: Visit,
    envelope: Envelope,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Page:
    view = view_of(visit.services, visit.work, envelope, visit.now, typed=typed or {}, errors=errors or {})
    return Page("console/document.html", {"view": view}, status=422 if errors else 200)


def _path(envelope: Envelope) -> str:
    return f"/app/envelopes/{envelope.id}"


def _statuses(asked: str) -> tuple[EnvelopeStatus, ...]:
    return tuple(one for one in STATUSES if one.value == asked)


def _limit(visit: Visit, envelope: Envelope) -> tuple[datetime | None, str]:
    """The day that was chosen; without one, the limit that there was, if it is not over."""
    chosen = visit.typed("limit")
    if not chosen:
        kept = envelope.expires_at
        return (kept if kept and kept > visit.now else None), ""
    try:
        limit = end_of_day(date.fromisoformat(chosen))
    except ValueError:
        return None, notes.DAY_MISSING
    return (limit, "") if limit > visit.now else (None, notes.DAY_MISSING)
