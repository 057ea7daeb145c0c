"""What people and systems do with envelopes: each action changes one envelope and announces what happened."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lacre.accounts.actions import require_standing
from lacre.kit.ids import DocumentId, SignerId
from lacre.kit.jobs import Job
from lacre.kit.json import Json
from lacre.kit.tax_ids import clean_tax_id
from lacre.signing import errors, events
from lacre.signing.announcing import Actor, announce, apply
from lacre.signing.conditions import check_act
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.evidence import Act, Origin
from lacre.signing.identifying import as_signer, open_by_link, unproved_if_moved
from lacre.signing.layout import Field
from lacre.signing.rebuilding import is_rebuilding
from lacre.signing.repositories import SigningWork
from lacre.signing.schedule import NOTIFY, SEAL, VOID, tell, tell_released, watch_limit, watch_reminders
from lacre.signing.signer import REMINDER_PAUSE, Channel, Signer


def create(work: SigningWork, envelope: Envelope, *, by: Actor, now: datetime) -> None:
    """Keeps a new draft; raises `AccountSuspended`."""
    require_standing(work, envelope.account_id)
    if envelope.options.created_by:
        groups = tuple(work.groups.of_person(envelope.account_id, envelope.options.created_by))
        envelope.options = replace(envelope.options, sender_groups=groups)
    work.envelopes.add(envelope)
    work.folders.keep(envelope.account_id, envelope.options.folder)
    announce(work, envelope, [Happened(type=events.ENVELOPE_CREATED)], by=by, now=now)


def send(work: SigningWork, envelope: Envelope, *, by: Actor, now: datetime) -> None:
    """Opens the envelope to its signers and invites those whose turn it is."""
    apply(work, envelope, envelope.send(now=now), by=by, now=now)
    watch_limit(work, envelope)
    watch_reminders(work, envelope, now)
    invite(work, envelope, now=now)


def invite(work: SigningWork, envelope: Envelope, *, now: datetime, kind: str = "invitation") -> None:
    """Asks the worker to notify every signer whose turn it is and who was not yet; none of a draft."""
    for signer in envelope.asked if envelope.open else ():
        if not signer.notified:
            notify(work, envelope, signer, now=now, kind=kind)


def notify(work: SigningWork, envelope: Envelope, signer: Signer, *, now: datetime, kind: str) -> None:
    """Queues one message to one signer over each of their channels; silent envelopes send no mail."""
    _notify_by(work, envelope, signer, signer.options.notify_by, now=now, kind=kind)


def _notify_by(
    work: SigningWork,
    envelope: Envelope,
    signer: Signer,
    channels: Sequence[Channel],
    *,
    now: datetime,
    kind: str,
) -> None:
    for channel in channels:
        if envelope.options.silent and channel is Channel.EMAIL:
            continue
        payload: dict[str, Json] = {"signer_id": signer.id, "channel": channel, "kind": kind}
        work.jobs.add(
            Job(kind=NOTIFY, key=envelope.id, due_at=now, payload=payload, account_id=envelope.account_id)
        )


def remind(
    work: SigningWork,
    envelope: Envelope,
    signer_id: SignerId,
    *,
    now: datetime,
    kind: str = "reminder",
    anew: bool = False,
) -> None:
    """A reminder that a person asks for; at most one in 30 minutes; `anew`: where no link has gone yet."""
    signer = envelope.deciding(signer_id)
    if not envelope.their_turn(signer):
        raise errors.NotTheirTurn
    signer.remind(anew=anew, now=now)
    work.envelopes.save(envelope)
    notify(work, envelope, signer, now=now, kind=kind)


def remind_everyone(
    work: SigningWork, envelope: Envelope, *, by: Actor, now: datetime
) -> tuple[list[Signer], list[Signer]]:
    """All whose turn it is, by whatever way leads to them; once in 30 minutes. Who could be, and who not."""
    envelope.require_open()
    last = envelope.all_reminded_at
    if last is not None and now - last < REMINDER_PAUSE:
        raise errors.NotNotifiedYet(math.ceil((last + REMINDER_PAUSE - now).total_seconds() / 60))
    waiting = envelope.asked
    reached = [one for one in waiting if _ways_to(envelope, one)]
    for one in reached:
        _notify_by(work, envelope, one, _ways_to(envelope, one), now=now, kind="reminder")
    if reached:
        envelope.all_reminded_at = now
        apply(work, envelope, [], by=by, now=now)
    return reached, [one for one in waiting if one not in reached]


def _ways_to(envelope: Envelope, signer: Signer) -> list[Channel]:
    silent = envelope.options.silent
    return [channel for channel in signer.reached_by if not (silent and channel is Channel.EMAIL)]


def view(work: SigningWork, link: str, *, origin: Origin, now: datetime) -> tuple[Envelope, Signer]:
    """A signer opened their link; a closed envelope is shown too, but no longer counts views."""
    envelope, signer_id = work.envelopes.by_link(link)
    signer = envelope.signer(signer_id)
    in_time = envelope.expires_at is None or now < envelope.expires_at
    if envelope.open and in_time and envelope.deleted_at is None and signer.waits:
        happened = envelope.view(signer_id, now=now)
        apply(work, envelope, happened, by=as_signer(signer, origin), now=now)
    return envelope, signer


def confirm_reading(work: SigningWork, link: str, *, origin: Origin, now: datetime) -> Envelope:
    envelope, signer = open_by_link(work, link)
    happened = envelope.confirm_reading(signer.id, now=now)
    apply(work, envelope, happened, by=as_signer(signer, origin), now=now)
    return envelope


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a signer may correct about themself before signing; `None` leaves it as it is."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    tax_id: str | None = None
    birth_date: str | None = None
    """YYYY-MM-DD."""
    answers: Mapping[str, str] | None = None
    """To the questions, by their keys."""


def introduce(
    work: SigningWork, link: str, particulars: Particulars, *, origin: Origin, now: datetime
) -> Envelope:
    """Keeps what a signer says about themself before they sign, such as where their code is to go."""
    envelope, signer = open_by_link(work, link)
    envelope.require_open()
    _introduce(signer, particulars)
    apply(work, envelope, [], by=as_signer(signer, origin), now=now)
    return envelope


def sign(
    work: SigningWork,
    link: str,
    act: Act,
    *,
    particulars: Particulars,
    now: datetime,
    by: Actor | None = None,
) -> Envelope:
    """Keeps the act; its seal is a job that commits with it, and so is the invitation of who comes next.

    `by`: who does it for the signer, when it is not the signer who holds the link.
    """
    envelope, signer = open_by_link(work, link)
    _introduce(signer, particulars)
    check_act(envelope, signer, act)
    happened = envelope.sign(act)
    actor = by or as_signer(signer, act.evidence.origin)
    apply(work, envelope, happened, by=actor, now=now, detail=_proof(act))
    work.jobs.add(Job(kind=SEAL, key=envelope.id, due_at=now, account_id=envelope.account_id))
    released = [one.signer_id for one in happened if one.type == events.SIGNER_RELEASED and one.signer_id]
    if released:
        tell_released(work, envelope, released, now)
    invite(work, envelope, now=now, kind="turn")
    return envelope


def try_out(envelope: Envelope, act: Act, particulars: Particulars) -> None:
    """The same to a copy that nobody keeps; raises what would be refused."""
    signer = envelope.signer(act.signer_id)
    _introduce(signer, particulars)
    check_act(envelope, signer, act)
    envelope.sign(act)


def refuse(
    work: SigningWork, link: str, reason: str, *, origin: Origin, now: datetime, by: Actor | None = None
) -> Envelope:
    """`by`: who does it for the signer, when it is not the signer who holds the link."""
    envelope, signer = open_by_link(work, link)
    happened = envelope.refuse(signer.id, reason, now=now)
    apply(work, envelope, happened, by=by or as_signer(signer, origin), now=now)
    tell(work, envelope, "refused", now)
    work.jobs.add(Job(kind=VOID, key=envelope.id, due_at=now, account_id=envelope.account_id))
    return envelope


def cancel(
    work: SigningWork,
    envelope: Envelope,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    tell_signers: bool = True,
) -> None:
    apply(work, envelope, envelope.cancel(reason, now=now), by=by, now=now)
    tell(work, envelope, "canceled", now, signers=tell_signers)
    work.jobs.add(Job(kind=VOID, key=envelope.id, due_at=now, account_id=envelope.account_id))


def delete(work: SigningWork, envelope: Envelope, *, by: Actor, now: datetime) -> None:
    apply(work, envelope, envelope.delete(now=now), by=by, now=now)


def resend(
    work: SigningWork,
    envelope: Envelope,
    *,
    expires_at: datetime | None,
    renew_links: bool,
    changed: Sequence[Signer] = (),
    to: Collection[SignerId] | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """`changed`: signers as they are from now on, reached at other addresses perhaps.

    `to`: who is written to and gets a new link; None: everybody who still has to sign.
    """
    reached = [one.id for one in envelope.signers if to is None or one.id in to]
    happened = envelope.resend(now=now, expires_at=expires_at, renew=reached if renew_links else ())
    apply(work, envelope, happened, by=by, now=now)
    for one in changed:
        renewed = replace(one, link_generation=envelope.signer(one.id).link_generation)
        change_signer(work, envelope, renewed, by=by, now=now)
    watch_limit(work, envelope)
    for signer in envelope.asked:
        if signer.id in reached:
            notify(work, envelope, signer, now=now, kind="invitation")


def change_limit(
    work: SigningWork, envelope: Envelope, expires_at: datetime | None, *, by: Actor, now: datetime
) -> None:
    apply(work, envelope, envelope.change_limit(expires_at, now=now), by=by, now=now)
    if envelope.open:
        watch_limit(work, envelope)


def add_signer(
    work: SigningWork,
    envelope: Envelope,
    signer: Signer,
    fields: Sequence[Field],
    *,
    by: Actor,
    now: datetime,
) -> None:
    apply(work, envelope, envelope.add_signer(signer, fields), by=by, now=now)
    _rebuild_if_begun(work, envelope, now)
    invite(work, envelope, now=now)


def change_signer(
    work: SigningWork,
    envelope: Envelope,
    changed: Signer,
    fields: Sequence[Field] | None = None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    changed = unproved_if_moved(work, envelope.signer(changed.id), changed)
    before = {one.id for one in envelope.asked}
    apply(work, envelope, envelope.change_signer(changed, fields), by=by, now=now)
    _rebuild_if_begun(work, envelope, now)
    for signer in envelope.asked if envelope.open else ():
        if signer.id not in before and not signer.notified:
            notify(work, envelope, signer, now=now, kind="turn")


def remove_signer(
    work: SigningWork, envelope: Envelope, signer_id: SignerId, *, by: Actor, now: datetime
) -> None:
    """When only those who signed are left, the seal job completes the envelope."""
    apply(work, envelope, envelope.remove_signer(signer_id, now=now), by=by, now=now)
    _rebuild_if_begun(work, envelope, now)
    invite(work, envelope, now=now, kind="turn")


def rename(
    work: SigningWork,
    envelope: Envelope,
    *,
    title: str = "",
    folder: str = "",
    names: Mapping[DocumentId, str] | None = None,
    by: Actor,
    now: datetime,
) -> None:
    apply(work, envelope, envelope.rename(title, folder, names or {}), by=by, now=now)
    work.folders.keep(envelope.account_id, envelope.options.folder)


def lay_out(
    work: SigningWork,
    envelope: Envelope,
    document_id: DocumentId,
    fields: Sequence[Field],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Puts a document's signatures and initials elsewhere; files that were begun are built again."""
    apply(work, envelope, envelope.lay_out(document_id, fields), by=by, now=now)
    _rebuild_if_begun(work, envelope, now)


def add_document(
    work: SigningWork,
    envelope: Envelope,
    document: Document,
    fields: Sequence[Field],
    *,
    by: Actor,
    now: datetime,
) -> None:
    apply(work, envelope, envelope.add_document(document, fields), by=by, now=now)


def reorder(
    work: SigningWork, envelope: Envelope, document_ids: Sequence[DocumentId], *, by: Actor, now: datetime
) -> None:
    apply(work, envelope, envelope.reorder(document_ids), by=by, now=now)


def ungroup(work: SigningWork, envelope: Envelope, *, by: Actor, now: datetime) -> None:
    apply(work, envelope, envelope.ungroup(), by=by, now=now)
    invite(work, envelope, now=now, kind="turn")


def reseal(work: SigningWork, envelope: Envelope, *, by: Actor, now: datetime) -> None:
    """Builds the sealed files again from the originals and the evidence.

    Who asks again while that is under way gets what is being built: however often that is, it ends.
    """
    if is_rebuilding(envelope):
        work.envelopes.save(envelope)
    else:
        envelope.structure += 1
        apply(work, envelope, [Happened(type=events.ENVELOPE_CHANGED)], by=by, now=now)
    work.jobs.add(Job(kind=SEAL, key=envelope.id, due_at=now, account_id=envelope.account_id))


def _introduce(signer: Signer, particulars: Particulars) -> None:
    options = signer.options
    if particulars.name and not options.lock_name:
        signer.name = particulars.name
    # where the code goes stays as it was once it is known: it could be proved there and moved then
    coded = options.code_channel if options.code_channel and signer.address_at(options.code_channel) else None
    if particulars.email and not options.lock_email and coded is not Channel.EMAIL:
        signer.email = particulars.email
    if particulars.phone and not options.lock_phone and coded in (None, Channel.EMAIL):
        signer.phone = particulars.phone
    if particulars.tax_id and not signer.tax_id:
        signer.tax_id = clean_tax_id(particulars.tax_id)
    signer.birth_date = particulars.birth_date or signer.birth_date
    if particulars.answers is not None:
        signer.answers = {
            one.key: one.read(particulars.answers.get(one.key, "")) for one in options.questions
        }


def _proof(act: Act) -> dict[str, Json]:
    return {
        "act_id": act.id,
        "seen": list(act.evidence.seen),
        "identified_by": list(act.evidence.identified_by),
        "terms_version": act.evidence.terms_version,
    }


def _rebuild_if_begun(work: SigningWork, envelope: Envelope, now: datetime) -> None:
    if envelope.acts:
        work.jobs.add(Job(kind=SEAL, key=envelope.id, due_at=now, account_id=envelope.account_id))
