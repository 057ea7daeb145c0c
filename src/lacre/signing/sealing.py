"""The seal of an envelope: one step at a time, each done outside of a transaction and recorded in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from lacre.documents.files import Files
from lacre.documents.links import Links
from lacre.kit.ids import Digest, DocumentId, EnvelopeId, SignerId
from lacre.kit.jobs import Job
from lacre.signing import events
from lacre.signing.announcing import SYSTEM, Actor, apply
from lacre.signing.audit import AuditEntry
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, EnvelopeStatus, Happened
from lacre.signing.evidence import Act
from lacre.signing.ports import ActToSeal, Appearances, RecordPages, Sealed, Sealer, SealFailed, Typesetter
from lacre.signing.rebuilding import is_rebuilding
from lacre.signing.record import RecordDocument, RecordSigner, SealAuthority
from lacre.signing.recording import block, contents
from lacre.signing.repositories import SigningWork
from lacre.signing.schedule import COPY, UPGRADE
from lacre.signing.structure import counter_name, fills_of, let_off_fills, seal_name, structure_of, values_of

Log = Sequence[tuple[AuditEntry, str]]
OpenWork = Callable[[], AbstractContextManager[SigningWork]]


@dataclass(frozen=True, kw_only=True)
class SealStep:
    """What the files need next: the acts from `begins` up to `ends`."""

    begins: int
    """0: the files are begun from the originals."""
    ends: int
    rebuilds: bool
    completes: bool


@dataclass(frozen=True, kw_only=True)
class SealTools:
    files: Files
    sealer: Sealer
    typesetter: Typesetter
    links: Links
    authority: SealAuthority
    clock: Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class SealedDocument:
    document_id: DocumentId
    sealed: Sealed


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step's files, kept but named by no row yet."""

    documents: tuple[SealedDocument, ...]
    record: Digest | None


def next_step(envelope: Envelope) -> SealStep | None:
    """`None` once the files hold every act and the envelope, if all signed, is complete."""
    first = envelope.documents[0]
    acts = len(envelope.acts)
    stale = is_rebuilding(envelope)
    if stale:
        begins, ends = 0, first.sealed_acts
    elif first.sealed_acts < acts:
        begins, ends = first.sealed_acts, first.sealed_acts + 1
    else:
        return None
    completes = ends == acts and envelope.everyone_signed and _unfinished(envelope)
    return SealStep(begins=begins, ends=ends, rebuilds=stale, completes=completes)


def seal(open_work: OpenWork, tools: SealTools, envelope_id: EnvelopeId) -> SealFailed | None:
    """Brings the files up to every act so far. Safe to stop anywhere and to do again."""
    while True:
        with open_work() as work:
            envelope = work.envelopes.for_job(envelope_id)
            log = work.audit.entries(envelope_id)
        step = next_step(envelope)
        if step is None:
            return None
        done = _perform(step, envelope, tools, partial(_record_file, tools=tools, log=log))
        if isinstance(done, SealFailed):
            return done
        with open_work() as work:
            _record(work, envelope_id, step, done, envelope=envelope, now=tools.clock())


def upgrade(open_work: OpenWork, tools: SealTools, envelope_id: EnvelopeId) -> SealFailed | None:
    """Adds to the files what could not be had when they were sealed, and names them anew in the record."""
    with open_work() as work:
        envelope = work.envelopes.for_job(envelope_id)
        log = work.audit.entries(envelope_id)
    done: list[SealedDocument] = []
    for document in envelope.documents:
        if document.sealed is not None and document.level != document.wanted_level:
            outcome = _upgraded(document.sealed, tools)
            if isinstance(outcome, SealFailed):
                return outcome
            done.append(SealedDocument(document_id=document.id, sealed=outcome))
    record = _record_file(envelope, done, tools=tools, log=log) if done and envelope.record else None
    with open_work() as work:
        _record_upgrade(work, envelope, done, record, now=tools.clock())
    return None


def _unfinished(envelope: Envelope) -> bool:
    return envelope.status is EnvelopeStatus.PENDING


RecordFile = Callable[[Envelope, Sequence[SealedDocument]], Digest]


def _perform(
    step: SealStep, envelope: Envelope, tools: SealTools, record_file: RecordFile
) -> Done | SealFailed:
    documents: list[SealedDocument] = []
    for document in envelope.documents:
        outcome = _seal_document(step, envelope, document, tools)
        if isinstance(outcome, SealFailed):
            return outcome
        documents.append(SealedDocument(document_id=document.id, sealed=outcome))
    wants_record = step.completes or (step.rebuilds and envelope.record is not None)
    record = record_file(envelope, tuple(documents)) if wants_record else None
    return Done(documents=tuple(documents), record=record)


def _seal_document(
    step: SealStep, envelope: Envelope, document: Document, tools: SealTools
) -> Sealed | SealFailed:
    record = record_pages(envelope, document, tools)
    with tools.files.scratch() as folder:
        working = folder / "working.pdf"
        begins = _last_own(envelope, step)
        begun = begin(envelope, document, record, tools, working, begins=begins)
        if isinstance(begun, SealFailed):
            return begun
        outcome: Sealed | SealFailed = begun
        for act in envelope.acts[begins : step.ends]:
            outcome = _seal_act(envelope, document, act, record, tools, working)
            if isinstance(outcome, SealFailed):
                return outcome
        tools.files.keep(working)
        return outcome


def _last_own(envelope: Envelope, step: SealStep) -> int:
    """The last act of the step that a signer's own key signed: what is before it cannot be made again."""
    own = [place for place in range(step.begins, step.ends) if envelope.acts[place].signed_files]
    return own[-1] if own else step.begins


def begin(
    envelope: Envelope,
    document: Document,
    record: RecordPages | None,
    tools: SealTools,
    working: Path,
    *,
    begins: int,
) -> Sealed | SealFailed:
    """The file as it is before the act at `begins`; one that a signer's own key signed already holds it."""
    own = envelope.acts[begins].signed_files if begins < len(envelope.acts) else {}
    if own:
        tools.files.copy(own[document.id], working)
        return Sealed(level="", wanted="", digest=own[document.id], size=working.stat().st_size)
    if begins > 0 and document.sealed is not None:
        tools.files.copy(document.sealed, working)
        return Sealed(
            level=document.level,
            wanted=document.wanted_level,
            digest=document.sealed,
            size=document.sealed_size,
        )
    with tools.files.local(document.original) as original:
        return tools.sealer.prepare(original, working, structure_of(envelope, document, record))


def _seal_act(
    envelope: Envelope,
    document: Document,
    act: Act,
    record: RecordPages | None,
    tools: SealTools,
    working: Path,
) -> Sealed | SealFailed:
    request = act_to_seal(envelope, document, act, record, tools)
    if act.signed_files:
        # all that the act shows is there, under the signer's own signature
        counter = counter_name(envelope, envelope.signer(act.signer_id))
        request = replace(request, seal_name=counter, appearances=_NOTHING, values={})
    return tools.sealer.seal(working, request)


_NOTHING = Appearances(pdf=b"", pages={})


def act_to_seal(
    envelope: Envelope, document: Document, act: Act, record: RecordPages | None, tools: SealTools
) -> ActToSeal:
    signer = envelope.signer(act.signer_id)
    said = block(envelope, signer, tools.files.read)
    fills = fills_of(envelope, document, act, record=record, block=said, images=tools.files.read)
    if record is not None:
        fills += let_off_fills(envelope, document, record, _let_off(envelope, act, tools))
    return ActToSeal(
        seal_name=seal_name(envelope, signer),
        appearances=tools.typesetter.act(fills, language=envelope.language),
        values=values_of(envelope, document, act),
        signer_name=signer.name,
        reason=signer.qualification or envelope.title,
    )


def _let_off(envelope: Envelope, act: Act, tools: SealTools) -> dict[SignerId, RecordSigner]:
    """Those whose signature this act made needless."""
    left = [one for one in envelope.active_signers if one.released_at == act.evidence.at]
    return {one.id: block(envelope, one, tools.files.read) for one in left}


def record_pages(envelope: Envelope, document: Document, tools: SealTools) -> RecordPages | None:
    if document.came_signed:
        return None
    alone = RecordDocument(name=document.name, pages=len(document.pages), original=document.original)
    said = contents(
        envelope,
        verify_url=tools.links.verify_url(envelope.id),
        authority=tools.authority,
        images=tools.files.read,
        documents=[alone],
    )
    return tools.typesetter.record_pages(said)


def _record_file(
    envelope: Envelope, sealed: Sequence[SealedDocument], *, tools: SealTools, log: Log
) -> Digest:
    finals = {one.id: one.sealed for one in envelope.documents}
    finals |= {one.document_id: one.sealed.digest for one in sealed}
    said = contents(
        _as_complete(envelope, tools.clock()),
        verify_url=tools.links.verify_url(envelope.id),
        authority=tools.authority,
        images=tools.files.read,
        log=log,
        documents=[_final(one, finals[one.id]) for one in envelope.documents],
    )
    return tools.files.keep_bytes(tools.typesetter.record(said))


def _as_complete(envelope: Envelope, now: datetime) -> Envelope:
    """The record is part of what completes the envelope, and so says that it is complete."""
    finished_at = envelope.finished_at or now
    return replace(envelope, status=EnvelopeStatus.COMPLETED, finished_at=finished_at)


def _final(document: Document, digest: Digest | None) -> RecordDocument:
    return RecordDocument(
        name=document.name, pages=len(document.pages), original=document.original, final=digest
    )


def _record(
    work: SigningWork,
    envelope_id: EnvelopeId,
    step: SealStep,
    done: Done,
    *,
    envelope: Envelope,
    now: datetime,
) -> None:
    """Names the finished files and tells of them; drops the step if the envelope moved on meanwhile."""
    current = work.envelopes.for_job(envelope_id)
    if next_step(current) != step or current.structure != envelope.structure:
        return
    for one in done.documents:
        _take(current, one, step)
    happened = [Happened(type=events.FILES_REBUILT)] if step.rebuilds else current.act_sealed(step.ends)
    if done.record is not None:
        current.record = done.record
    if step.completes and done.record is not None:
        happened += current.complete(done.record, now=now)
        work.jobs.add(Job(kind=COPY, key=envelope_id, due_at=now, account_id=current.account_id))
    if any(one.sealed.level != one.sealed.wanted for one in done.documents):
        work.jobs.add(Job(kind=UPGRADE, key=envelope_id, due_at=now, account_id=current.account_id))
    apply(work, current, happened, by=Actor(name=SYSTEM), now=now)


def _take(envelope: Envelope, one: SealedDocument, step: SealStep) -> None:
    document = next(each for each in envelope.documents if each.id == one.document_id)
    document.sealed, document.sealed_size = one.sealed.digest, one.sealed.size
    document.sealed_acts, document.sealed_structure = step.ends, envelope.structure
    document.level, document.wanted_level = one.sealed.level, one.sealed.wanted


def _upgraded(sealed: Digest, tools: SealTools) -> Sealed | SealFailed:
    with tools.files.scratch() as folder:
        working = folder / "working.pdf"
        tools.files.copy(sealed, working)
        outcome = tools.sealer.upgrade(working)
        if isinstance(outcome, Sealed):
            tools.files.keep(working)
        return outcome


def _record_upgrade(
    work: SigningWork,
    before: Envelope,
    done: Sequence[SealedDocument],
    record: Digest | None,
    *,
    now: datetime,
) -> None:
    current = work.envelopes.for_job(before.id)
    same = [one.sealed for one in current.documents] == [one.sealed for one in before.documents]
    if not same or not done:
        return
    for one in done:
        document = next(each for each in current.documents if each.id == one.document_id)
        document.sealed, document.sealed_size = one.sealed.digest, one.sealed.size
        document.level, document.wanted_level = one.sealed.level, one.sealed.wanted
    current.record = record or current.record
    apply(work, current, [Happened(type=events.ENVELOPE_CHANGED)], by=Actor(name=SYSTEM), now=now)
