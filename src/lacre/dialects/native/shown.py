"""Envelopes, documents and signers as our API and our webhooks show them."""

from __future__ import annotations

from datetime import datetime

from lacre.dialects.native.wire.envelopes import ListedEnvelope, ShownBranding, ShownDocument, ShownEnvelope
from lacre.dialects.native.wire.places import ShownField
from lacre.dialects.native.wire.signers import ShownOptions, ShownSigner
from lacre.documents.links import Links, Variant
from lacre.kit.ids import Digest, with_prefix
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.layout import Field
from lacre.signing.signer import Signer

OURS = "native"
"""Where in `dialect_data` we keep what only we understand."""


def envelope(one: Envelope, *, links: Links, now: datetime) -> ShownEnvelope:
    options = one.options
    return ShownEnvelope(
        **listed(one).model_dump(),
        language=one.language,
        sequential=options.sequential,
        allow_refusal=options.allow_refusal,
        silent=options.silent,
        reminder_days=options.reminder_days,
        observers=list(options.observers),
        branding=ShownBranding(**vars(options.branding)),
        hide_original=options.hide_original,
        sealed_only_when_complete=options.sealed_only_when_complete,
        created_through=options.created_through,
        metadata=_metadata(one),
        template_id=with_prefix("tpl", one.template_id) if one.template_id else None,
        answers=dict(one.answers),
        verify_url=links.verify_url(one.id),
        documents=documents(one, links=links, now=now),
        signers=[signer(one, each, links=links) for each in present(one)],
    )


def listed(one: Envelope) -> ListedEnvelope:
    return ListedEnvelope(
        id=with_prefix("env", one.id),
        number=one.number,
        title=one.title,
        status=one.status,
        external_id=one.options.external_id,
        folder=one.options.folder,
        created_at=one.created_at,
        updated_at=one.updated_at,
        sent_at=one.sent_at,
        expires_at=one.expires_at,
        finished_at=one.finished_at,
        deleted_at=one.deleted_at,
        reason=one.reason,
    )


def documents(one: Envelope, *, links: Links, now: datetime) -> list[ShownDocument]:
    return [document(one, each, links=links, now=now) for each in one.documents]


def document(one: Envelope, paper: Document, *, links: Links, now: datetime) -> ShownDocument:
    sealed = sealed_to_be_seen(one, paper)
    return ShownDocument(
        id=with_prefix("doc", paper.id),
        name=paper.name,
        size=paper.size,
        pages=len(paper.pages),
        sha256=paper.original,
        came_signed=paper.came_signed,
        signatures=paper.sealed_acts,
        level=paper.level,
        original_url=links.file_url(paper.id, Variant.ORIGINAL, now=now),
        sealed_url=links.file_url(paper.id, Variant.SEALED, now=now) if sealed else None,
        sealed_sha256=sealed,
        record_url=links.file_url(paper.id, Variant.RECORD, now=now) if one.record else None,
    )


def present(one: Envelope) -> list[Signer]:
    """Observers too, and not those who were removed."""
    return [each for each in one.signers if each.removed_at is None]


def signer(one: Envelope, who: Signer, *, links: Links) -> ShownSigner:
    return ShownSigner(
        id=with_prefix("sig", who.id),
        name=who.name,
        email=who.email,
        phone_country=who.phone_country,
        phone=who.phone,
        tax_id=who.tax_id,
        role=who.role,
        qualification=who.qualification,
        group=who.group + 1,
        external_id=who.external_id,
        options=_options(who),
        fields=[_field(each) for each in one.fields_of(who.id)],
        status=who.status,
        their_turn=one.open and who.waits and one.their_turn(who),
        signing_url=_signing_url(who, links),
        times_viewed=who.times_viewed,
        last_viewed_at=who.last_viewed_at,
        read_at=who.read_at,
        signed_at=who.signed_at,
        refused_at=who.refused_at,
        released_at=who.released_at,
        identified_at=who.identified_at,
        failed_attempts=who.failed_attempts,
        last_notified_at=who.last_notified_at,
        removed_at=who.removed_at,
        ip=who.ip,
        latitude=who.latitude,
        longitude=who.longitude,
    )


def sealed_to_be_seen(one: Envelope, paper: Document) -> Digest | None:
    may_be = one.status is EnvelopeStatus.COMPLETED or not one.options.sealed_only_when_complete
    return paper.sealed if may_be else None


def _metadata(one: Envelope) -> dict[str, str]:
    mine = one.dialect_data.get(OURS)
    kept = mine.get("metadata") if isinstance(mine, dict) else None
    return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}


def _options(who: Signer) -> ShownOptions:
    return ShownOptions(**{name: getattr(who.options, name) for name in ShownOptions.model_fields})


def _signing_url(who: Signer, links: Links) -> str | None:
    """Observers have none, and links of those who were removed are dead."""
    if not who.signs:
        return None
    return links.signing_url(links.signer_token(who.id, who.link_generation))


def _field(one: Field) -> ShownField:
    return ShownField(
        id=with_prefix("fld", one.id),
        document_id=with_prefix("doc", one.document_id),
        kind=one.kind,
        label=one.label,
        required=one.required,
        page=one.place.page + 1,
        left=one.place.left,
        bottom=one.place.bottom,
        width=one.place.width,
        height=one.place.height,
    )
