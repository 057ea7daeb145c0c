"""A document as it is asked for, made an envelope of ours: all but its file."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from lacre.dialects.uploads import AtUrl, InBase64, InMarkdown, InSpooledBase64, Upload
from lacre.dialects.zapsign import errors, signer, words
from lacre.dialects.zapsign.dates import NotADay, limit_of
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.signer import OURS
from lacre.dialects.zapsign.wire import NewDocument, Sourced
from lacre.kit.ids import EnvelopeId, FolderId, SignerId, as_uuid
from lacre.kit.json import Json
from lacre.signing.envelope import Envelope
from lacre.signing.folder import path_of
from lacre.signing.options import Branding, EnvelopeOptions
from lacre.signing.signer import Signer


def draft(call: Call, said: NewDocument, envelope_id: EnvelopeId) -> Envelope:
    """Without its document and its number, which come last."""
    return Envelope(
        id=envelope_id,
        account_id=call.account_id,
        number=0,
        title=said.name,
        language=words.language(said.lang),
        created_at=call.now,
        updated_at=call.now,
        documents=[],
        signers=_signers(call, said),
        options=_options(said, folder_said(call, said.folder_token, said.folder_path)),
        dialect_data={OURS: _kept(said)},
        expires_at=limit(said.date_limit_to_sign),
    )


SOURCES = ("url_pdf", "base64_pdf", "url_docx", "base64_docx", "markdown_text")


def source_of(call: Call, said: Sourced) -> Upload:
    """The one file that was given, however it was; Markdown is set as a PDF."""
    if sum(bool(getattr(said, name).strip()) for name in SOURCES) > 1:
        raise Declined(400, f"{_SOURCE} Somente um deles.")
    in_base64 = said.base64_pdf or said.base64_docx
    if in_base64:
        spooled = call.texts.get(in_base64)
        return InSpooledBase64(spooled) if spooled else InBase64(in_base64)
    url = said.url_pdf or said.url_docx
    if url:
        return AtUrl(url)
    if said.markdown_text.strip():
        return InMarkdown(said.markdown_text, title=said.name, language=words.language(said.lang))
    raise Declined(400, _SOURCE)


_SOURCE = "Informe url_pdf, base64_pdf, url_docx, base64_docx ou markdown_text."


def folder_said(call: Call, token: str, path: str) -> str:
    """The token wins; empty when neither is given."""
    if not token:
        return path_of(path) if path else ""
    with call.services.open_work() as work:
        return work.folders.path(call.account_id, FolderId(as_uuid(token) or ""))


def limit(said: float | str | None) -> datetime | None:
    try:
        return limit_of(said)
    except NotADay:
        raise Declined(400, "O date_limit_to_sign não é uma data válida.") from None


def _signers(call: Call, said: NewDocument) -> list[Signer]:
    if not said.signers:
        raise errors.missing("signers")
    groups = signer.groups_of(said.signers, ordered=said.signature_order_active)
    signers = [
        signer.signer_of(one, SignerId(call.services.tokens.uuid()), group=group)
        for one, group in zip(said.signers, groups, strict=True)
    ]
    if said.send_automatic:
        signers = [signer.told_by_mail(one) for one in signers]
    if said.one_click_active:
        signers = [signer.with_one_click(one, draw=said.require_signature) for one in signers]
    return [signer.simplified(one) for one in signers] if said.has_simplified_signature else signers


def _quorums(said: NewDocument) -> dict[int, int]:
    """How many of each group have to sign; a group that says nothing of it is signed by all."""
    sizes = Counter(one.order_group for one in said.signers)
    given = {one.order_group: one.minimum_signatures_required for one in said.signature_groups}
    for group, least in given.items():
        if least is not None and not 1 <= least <= sizes[group]:
            raise Declined(400, {"message": _NO_QUORUM.format(group=group, size=sizes[group])})
    return {group: least for group, least in given.items() if least is not None}


_NO_QUORUM = (
    "O minimum_signatures_required do grupo {group} não pode ser zero nem maior do que a quantidade"
    " de signatários do grupo ({size})."
)


def _options(said: NewDocument, folder: str) -> EnvelopeOptions:
    return EnvelopeOptions(
        sequential=said.signature_order_active,
        quorums=_quorums(said),
        allow_refusal=said.allow_refuse_signature,
        silent=said.disable_signer_emails,
        reminder_days=said.reminder_every_n_days,
        observers=tuple(said.observers),
        margin=words.edge(said.simplified_signature_position) if said.has_simplified_signature else None,
        branding=Branding(name=said.brand_name, logo_url=said.brand_logo, color=said.brand_primary_color),
        hide_original=said.disable_signers_get_original_file,
        sealed_only_when_complete=said.signed_file_only_finished,
        folder=folder,
        external_id=said.external_id,
    )


def _kept(said: NewDocument) -> dict[str, Json]:
    """What is echoed, or will be understood one day."""
    return {
        "sandbox": said.sandbox,
        "metadata": [{"key": one.key, "value": one.value} for one in said.metadata],
        "has_simplified_signature": said.has_simplified_signature,
        "simplified_signature_position": said.simplified_signature_position,
        **({"require_signature": said.require_signature} if said.one_click_active else {}),
    }
