"""Letters to signers, observers and senders: written and sent by a job, and kept, sent or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lacre.documents.links import Variant
from lacre.kit.ids import EnvelopeId, SignerId
from lacre.kit.jobs import HeldJob
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.signing import notifying
from lacre.signing.envelope import Envelope
from lacre.signing.letter import Letter, LetterFile, LetterKind
from lacre.signing.ports import MailFailed
from lacre.signing.posting import letter_about, passcode_letter
from lacre.signing.signer import Channel, Role, Signer
from lacre.worker.jobs import Failed

MOST_TRIES = 12
"""Then the sender is told that the mail did not arrive: the person waits, and may be reached otherwise."""
COPY_LIFE = timedelta(days=30)
"""How long a link to a finished file in a mail works: people read mail late."""
_SIGNER_LETTERS = {
    "invitation": LetterKind.INVITATION,
    "turn": LetterKind.TURN,
    "reminder": LetterKind.REMINDER,
    "expiring": LetterKind.REMINDER,
}
_WITH_PASSCODE = frozenset({"invitation", "turn"})


def notify(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """One letter to one signer by one channel, unless they decided meanwhile."""
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
    channel, kind = Channel(str(job.payload["channel"])), str(job.payload["kind"])
    signer = _still_waiting(envelope, SignerId(str(job.payload["signer_id"])), channel)
    if signer is None:
        return None
    letter = _to_signer(services, envelope, signer, channel, kind=kind, key=job.id)
    outcome = services.post.send(letter, channel)
    if isinstance(outcome, MailFailed) and outcome.retry and job.attempts < MOST_TRIES:
        return Failed(problem=outcome.reason)
    with services.open_work() as work:
        envelope = work.envelopes.for_job(envelope.id)
        kept = services.post.kept(envelope, letter, outcome, channel, signer_id=signer.id, now=now)
        work.mails.keep(kept)
        detail: dict[str, Json] = {"channel": channel, "kind": kind, "address": letter.to}
        if isinstance(outcome, MailFailed):
            detail |= {"reason": outcome.reason, "status_code": outcome.code}
        stayed = not services.post.leaves(channel)
        notifying.notified(work, envelope, signer.id, detail=detail, kept=stayed, now=now)
    if kind in _WITH_PASSCODE and not isinstance(outcome, MailFailed):
        _send_passcode(services, envelope, signer, key=job.id, now=now)
    return None


def _send_passcode(
    services: Services, envelope: Envelope, signer: Signer, *, key: str, now: datetime
) -> None:
    """By the channel that their sender chose, if by one; that it did not arrive is told as any failure."""
    passcode = signer.options.passcode
    if passcode is None or passcode.channel is None:
        return
    letter = passcode_letter(envelope, signer, services.tokens.reveal(passcode.hidden), f"{key}-code")
    failed = services.post.send(letter, passcode.channel)
    stayed = not services.post.leaves(passcode.channel)
    shown = letter if stayed else replace(letter, code="••••")
    detail = notifying.code_detail(passcode.channel, letter.to, failed)
    with services.open_work() as work:
        fresh = work.envelopes.for_job(envelope.id)
        kept = services.post.kept(fresh, shown, failed, passcode.channel, signer_id=signer.id, now=now)
        work.mails.keep(kept)
        notifying.notified(work, fresh, signer.id, detail=detail, kept=stayed, now=now)


def copy(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """Tells everybody that it is complete, with the files."""
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
    failed = _send_all(services, envelope, _copies(services, envelope, job, now), now=now)
    for channel in (Channel.SMS, Channel.WHATSAPP):
        letters = _phone_copies(services, envelope, job, channel, now)
        failed = _send_all(services, envelope, letters, channel, now=now) or failed
    return failed


def tell(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """Tells the sender, and for a cancellation those who were asked to sign, how it ended."""
    with services.open_work() as work:
        envelope = work.envelopes.for_job(EnvelopeId(job.key))
    if job.payload["kind"] == LetterKind.RELEASED:
        return _tell_released(services, envelope, job, now)
    return _send_all(services, envelope, _endings(envelope, job), now=now)


def _tell_released(services: Services, envelope: Envelope, job: HeldJob, now: datetime) -> Failed | None:
    """By each way by which they were asked."""
    named = job.payload["signer_ids"]
    wanted = [one for one in envelope.active_signers if isinstance(named, Sequence) and one.id in named]
    failed: Failed | None = None
    for channel in Channel:
        letters = [
            replace(
                letter_about(envelope, LetterKind.RELEASED, f"{job.id}-{channel}-{number}"),
                to=one.address_at(channel),
                to_name=one.name,
            )
            for number, one in enumerate(wanted)
            if channel in one.notified and one.address_at(channel)
        ]
        failed = _send_all(services, envelope, letters, channel, now=now) or failed
    return failed


def _still_waiting(envelope: Envelope, signer_id: SignerId, channel: Channel) -> Signer | None:
    if not envelope.open or envelope.deleted_at is not None:
        return None
    try:
        signer = envelope.signer(signer_id)
    except NotFound:
        return None
    reached = bool(signer.address_at(channel))
    return signer if signer.waits and reached and envelope.their_turn(signer) else None


def _to_signer(
    services: Services, envelope: Envelope, signer: Signer, channel: Channel, *, kind: str, key: str
) -> Letter:
    token = services.links.signer_token(signer.id, signer.link_generation)
    return replace(
        letter_about(envelope, _SIGNER_LETTERS[kind], key),
        to=signer.address_at(channel),
        to_name=signer.name,
        returns=services.links.return_tag(signer.id, signer.email) if channel is Channel.EMAIL else "",
        link=services.links.signing_url(token, one_click=signer.options.one_click),
        message=signer.options.message,
        subject=signer.options.subject,
        files=tuple(LetterFile(document.name) for document in envelope.documents),
        expires_at=envelope.expires_at,
    )


def _copies(services: Services, envelope: Envelope, job: HeldJob, now: datetime) -> list[Letter]:
    files = tuple(
        LetterFile(
            document.name, services.links.file_url(document.id, Variant.SEALED, now=now, life=COPY_LIFE)
        )
        for document in envelope.documents
    )
    people = [] if envelope.options.silent else _readers(envelope)
    addresses = {email: name for email, name in people if email}
    return [
        replace(
            letter_about(envelope, LetterKind.COMPLETED, f"{job.id}-{number}"),
            to=email,
            to_name=name,
            files=files,
        )
        for number, (email, name) in enumerate(addresses.items())
    ]


def _phone_copies(
    services: Services, envelope: Envelope, job: HeldJob, channel: Channel, now: datetime
) -> list[Letter]:
    """To those whose sender wants it so; several files are fetched where they were signed."""
    wanted = [one for one in envelope.active_signers if channel in one.options.copy_by and one.whole_phone]
    return [
        replace(
            letter_about(envelope, LetterKind.COMPLETED, f"{job.id}-{channel}-{number}"),
            to=signer.whole_phone,
            to_name=signer.name,
            link=_way_to_the_files(services, envelope, signer, now),
        )
        for number, signer in enumerate(wanted)
    ]


def _way_to_the_files(services: Services, envelope: Envelope, signer: Signer, now: datetime) -> str:
    links = services.links
    if len(envelope.documents) == 1:
        return links.file_url(envelope.documents[0].id, Variant.SEALED, now=now, life=COPY_LIFE)
    return links.signing_url(links.signer_token(signer.id, signer.link_generation))


def _readers(envelope: Envelope) -> list[tuple[str, str]]:
    """Who gets a copy: the signers, the observers, and who sent it; each once."""
    observers = [signer for signer in envelope.signers if signer.role is Role.OBSERVER]
    people = [(one.email, one.name) for one in (*envelope.active_signers, *observers)]
    people += [(email, "") for email in envelope.options.observers]
    return [*people, (envelope.options.created_by, "")]


def _endings(envelope: Envelope, job: HeldJob) -> list[Letter]:
    kind = LetterKind(str(job.payload["kind"]))
    who = tuple(signer.name for signer in envelope.active_signers if signer.refused_at is not None)
    about = replace(letter_about(envelope, kind, job.id), reason=envelope.reason, who=who)
    letters = [replace(about, to=envelope.options.created_by)] if envelope.options.created_by else []
    if kind is LetterKind.CANCELED and not envelope.options.silent and job.payload.get("signers", True):
        told = [signer for signer in envelope.active_signers if signer.notified and signer.email]
        letters += [
            replace(about, key=f"{job.id}-{number}", to=signer.email, to_name=signer.name)
            for number, signer in enumerate(told)
        ]
    return letters


def _send_all(
    services: Services,
    envelope: Envelope,
    letters: Sequence[Letter],
    channel: Channel = Channel.EMAIL,
    *,
    now: datetime,
) -> Failed | None:
    """Each letter once: those that were taken are kept, and so not sent again by a second try."""
    with services.open_work() as work:
        done = {mail.facts.get("key") for mail in work.mails.of_envelope(envelope.account_id, envelope.id)}
    problem: Failed | None = None
    for letter in letters:
        if letter.key in done:
            continue
        outcome = services.post.send(letter, channel)
        if isinstance(outcome, MailFailed) and outcome.retry:
            problem = Failed(problem=outcome.reason)
            continue
        with services.open_work() as work:
            work.mails.keep(services.post.kept(envelope, letter, outcome, channel, signer_id=None, now=now))
    return problem
