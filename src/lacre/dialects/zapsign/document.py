"""A document as clients of ZapSign see it, whole, short or in a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lacre.dialects.zapsign import words
from lacre.dialects.zapsign.signer import OURS, instant
from lacre.dialects.zapsign.signer import shown as shown_signer
from lacre.documents.links import Links, Variant
from lacre.kit.ids import DocumentId
from lacre.kit.json import Json
from lacre.kit.times import rfc3339
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import act_of
from lacre.signing.folder import id_of
from lacre.signing.ports import SealLevel
from lacre.signing.signer import Signer


def shown(envelope: Envelope, *, links: Links, now: datetime) -> dict[str, Json]:
    """The Document object, in the order of the documents' examples; its links work for 60 minutes."""
    main = main_of(envelope)
    extra = [one for one in envelope.documents if one is not main]
    return {
        **_identity(envelope),
        "original_file": links.file_url(main.id, Variant.ORIGINAL, now=now),
        "signed_file": _signed_file(envelope, main, links=links, now=now),
        "extra_docs": [shown_extra(envelope, one, links=links, now=now) for one in extra],
        **_state(envelope),
        "signers": [
            shown_signer(signer, links=links, now=now, act=act_of(envelope.acts, signer.id))
            for signer in envelope.active_signers
        ],
        "answers": [{"variable": name, "value": value} for name, value in envelope.answers.items()],
        "auto_reminder": envelope.options.reminder_days,
        "signature_report": _report(envelope, main, links=links, now=now),
        "tsa_country": None,
        "use_timestamp": any(one.wanted_level in _TIMESTAMPED for one in envelope.documents),
        "metadata": kept(envelope).get("metadata", []),
    }


def shown_extra(envelope: Envelope, document: Document, *, links: Links, now: datetime) -> dict[str, Json]:
    return {
        "open_id": _open_id(envelope, document),
        "token": document.id,
        "name": document.name,
        "original_file": links.file_url(document.id, Variant.ORIGINAL, now=now),
        "signed_file": _signed_file(envelope, document, links=links, now=now),
    }


def listed(envelope: Envelope, *, links: Links, now: datetime) -> dict[str, Json]:
    """One line of the list: no signers."""
    main = main_of(envelope)
    return {
        "open_id": envelope.number,
        "token": envelope.id,
        "status": words.document_status(envelope),
        "name": envelope.title,
        "original_file": links.file_url(main.id, Variant.ORIGINAL, now=now),
        "signed_file": _signed_file(envelope, main, links=links, now=now),
        "created_at": rfc3339(envelope.created_at),
        "last_update_at": rfc3339(envelope.updated_at),
        "created_through": envelope.options.created_through,
        "deleted": envelope.deleted_at is not None,
        "external_id": envelope.options.external_id,
        "folder_path": words.folder_path(envelope.options.folder),
    }


def listed_signer(envelope: Envelope, signer: Signer, *, links: Links) -> dict[str, Json]:
    """A signer in the list with `include_signers`: other names, and `null` for what is empty."""
    phone = f"{signer.phone_country}{signer.phone}" if signer.phone else None
    overruled = words.OVERRULING_STATUSES.get(envelope.status) if signer.waits else None
    return {
        "name": signer.name or None,
        "email": signer.email or None,
        "phone": phone,
        "status": overruled or words.LISTED_SIGNER_STATUSES[signer.status],
        "auth_mode": words.auth_mode(signer.options),
        "signing_url": links.signing_url(
            links.signer_token(signer.id, signer.link_generation), one_click=signer.options.one_click
        ),
        "has_certificate": signer.options.certificate,
        "order": signer.group + 1 if envelope.options.sequential else None,
        "last_view_at": instant(signer.last_viewed_at),
        "signed_at": instant(signer.signed_at),
    }


def kept(envelope: Envelope) -> dict[str, Json]:
    mine = envelope.dialect_data.get(OURS)
    return dict(mine) if isinstance(mine, Mapping) else {}


def main_of(envelope: Envelope) -> Document:
    """The document that came first, wherever it is shown now; its token is the envelope's own."""
    named = kept(envelope).get("main")
    return next((one for one in envelope.documents if one.id == named), envelope.documents[0])


def pinned(envelope: Envelope) -> dict[str, Json]:
    """The envelope's `dialect_data` with its main document, before the order of showing changes."""
    return {**envelope.dialect_data, OURS: {**kept(envelope), "main": main_of(envelope).id}}


def numbered(envelope: Envelope, document_id: DocumentId, number: int) -> dict[str, Json]:
    """The envelope's `dialect_data` with the number of one more document."""
    mine = kept(envelope)
    numbers = mine.get("open_ids")
    mine["open_ids"] = {**(numbers if isinstance(numbers, Mapping) else {}), document_id: number}
    return {**envelope.dialect_data, OURS: mine}


_TIMESTAMPED = (SealLevel.B_T, SealLevel.B_LT)


def _identity(envelope: Envelope) -> dict[str, Json]:
    mine = kept(envelope)
    return {
        "sandbox": bool(mine.get("sandbox", False)),
        "external_id": envelope.options.external_id,
        "open_id": envelope.number,
        "token": envelope.id,
        "name": envelope.title,
        "folder_path": words.folder_path(envelope.options.folder),
        "folder_token": id_of(envelope.account_id, envelope.options.folder),
        "status": words.document_status(envelope),
        "rejected_reason": envelope.reason or None,
        "lang": envelope.language,
    }


def _state(envelope: Envelope) -> dict[str, Json]:
    options = envelope.options
    return {
        "created_through": options.created_through,
        "deleted": envelope.deleted_at is not None,
        "deleted_at": instant(envelope.deleted_at),
        "signed_file_only_finished": options.sealed_only_when_complete,
        "disable_signer_emails": options.silent,
        "brand_logo": options.branding.logo_url,
        "brand_primary_color": options.branding.color,
        "created_at": rfc3339(envelope.created_at),
        "last_update_at": rfc3339(envelope.updated_at),
        "created_by": {"email": options.created_by},
        "template": {"token": envelope.template_id} if envelope.template_id else None,
        **_one_click(envelope),
    }


def one_click_of(envelope: Envelope) -> bool | None:
    """Whether a signature is drawn too; `None` when this is no document of one click."""
    mine = kept(envelope)
    return bool(mine["require_signature"]) if "require_signature" in mine else None


def _one_click(envelope: Envelope) -> dict[str, Json]:
    """Said of such documents alone."""
    mine = kept(envelope)
    if "require_signature" not in mine:
        return {}
    return {"one_click_active": True, "require_signature": mine["require_signature"]}


def _open_id(envelope: Envelope, document: Document) -> Json:
    numbers = kept(envelope).get("open_ids")
    return numbers.get(document.id, envelope.number) if isinstance(numbers, Mapping) else envelope.number


def _signed_file(envelope: Envelope, document: Document, *, links: Links, now: datetime) -> str | None:
    """Grows as people sign, unless only the finished file may be seen; of a refused one, what says so."""
    if document.voided is not None:
        return links.file_url(document.id, Variant.VOIDED, now=now)
    finished = words.document_status(envelope) == "signed"
    hidden = envelope.options.sealed_only_when_complete and not finished
    if document.sealed is None or hidden:
        return None
    return links.file_url(document.id, Variant.SEALED, now=now)


def _report(envelope: Envelope, document: Document, *, links: Links, now: datetime) -> str | None:
    return links.file_url(document.id, Variant.RECORD, now=now) if envelope.record else None
