"""From an envelope and its audit log to what the signature record says."""

from __future__ import annotations

from collections.abc import Sequence

from lacre.kit.ids import with_prefix
from lacre.signing import events
from lacre.signing.announcing import SYSTEM
from lacre.signing.audit import AuditEntry
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import act_of
from lacre.signing.record import RecordContents, RecordDocument, RecordEvent, RecordSigner, SealAuthority
from lacre.signing.signer import Signer, SignerStatus
from lacre.signing.structure import Images, ink_of, seal_name


def contents(
    envelope: Envelope,
    *,
    verify_url: str,
    authority: SealAuthority,
    images: Images,
    log: Sequence[tuple[AuditEntry, str]] = (),
    documents: Sequence[RecordDocument] | None = None,
) -> RecordContents:
    """`documents` narrows it to some, or gives their final digests; by default all, as they came."""
    return RecordContents(
        title=envelope.title,
        shown_id=with_prefix("env", envelope.id),
        documents=tuple(documents if documents is not None else originals(envelope)),
        signers=tuple(block(envelope, signer, images) for signer in envelope.active_signers),
        created_at=envelope.created_at,
        created_by=envelope.options.created_by,
        status=envelope.status,
        finished_at=envelope.finished_at,
        verify_url=verify_url,
        events=tuple(_timeline(envelope, log)),
        authority=authority,
        chain_head=log[-1][1] if log else "",
        language=envelope.language,
    )


def originals(envelope: Envelope) -> list[RecordDocument]:
    return [
        RecordDocument(name=one.name, pages=len(one.pages), original=one.original)
        for one in envelope.documents
    ]


def block(envelope: Envelope, signer: Signer, images: Images) -> RecordSigner:
    """One signer's part; what they asked to hide is left out."""
    act = act_of(envelope.acts, signer.id)
    hidden = signer.options
    return RecordSigner(
        seal_name=seal_name(envelope, signer),
        name=signer.name,
        email="" if hidden.hide_email else signer.email,
        phone="" if hidden.hide_phone or not signer.phone else f"+{signer.phone_country} {signer.phone}",
        tax_id=signer.tax_id,
        qualification=signer.qualification,
        status=_status(signer),
        order=_order(envelope, signer),
        said=tuple(
            (one.label, signer.answers[one.key]) for one in hidden.questions if signer.answers.get(one.key)
        ),
        brought=tuple(
            (one.name, signer.attached[one.id].file)
            for one in hidden.attachments
            if one.id in signer.attached
        ),
        refusal=envelope.reason if signer.status is SignerStatus.REFUSED else "",
        evidence=act.evidence if act else None,
        ink=ink_of(act.mark, images) if act else None,
    )


def _order(envelope: Envelope, signer: Signer) -> int:
    """Whose turn it was, from 1; 0 where there was no order."""
    if not envelope.options.sequential:
        return 0
    groups = sorted({one.group for one in envelope.active_signers})
    return groups.index(signer.group) + 1


def _status(signer: Signer) -> str:
    if signer.released_at is not None:
        return "released"
    decided = (SignerStatus.SIGNED, SignerStatus.REFUSED)
    return signer.status if signer.status in decided else "pending"


def _timeline(envelope: Envelope, log: Sequence[tuple[AuditEntry, str]]) -> list[RecordEvent]:
    """Ends with the completion, of which the record is a part and which so is not in the log yet."""
    lines = [_line(envelope, entry) for entry, _ in log]
    told = any(line.what == events.ENVELOPE_COMPLETED for line in lines)
    if log and envelope.finished_at is not None and not told:
        last = RecordEvent(at=envelope.finished_at, who=SYSTEM, what=events.ENVELOPE_COMPLETED)
        lines.append(last)
    return lines


def _line(envelope: Envelope, entry: AuditEntry) -> RecordEvent:
    return RecordEvent(
        at=entry.at,
        who=_who(envelope, entry),
        what=entry.what,
        detail=_detail(entry),
        kept=entry.message_kept,
    )


def _who(envelope: Envelope, entry: AuditEntry) -> str:
    """A signer's name instead of their id; and whom it happened to, when the system did it."""
    named = str(entry.detail.get("signer_id") or entry.actor.removeprefix("signer:"))
    for signer in envelope.signers:
        if signer.id == named:
            return signer.name
    if entry.actor.startswith("key:"):
        return envelope.options.created_by or "API"
    return entry.actor


def _detail(entry: AuditEntry) -> str:
    parts = [entry.detail.get(name) for name in ("reason", "channel", "ip")]
    return " · ".join(str(part) for part in parts if part)
