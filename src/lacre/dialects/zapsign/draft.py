"""A document as it is asked for, made an envelope of ours: all but its file."""

from __future__ import annotations

from datetime import datetime

from lacre.dialects.uploads import AtUrl, InBase64, InSpooledBase64, Upload
from lacre.dialects.zapsign import errors, signer, words
from lacre.dialects.zapsign.dates import NotADay, limit_of
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.signer import OURS
from lacre.dialects.zapsign.wire import NewDocument
from lacre.kit.ids import EnvelopeId, FolderId, SignerId, as_uuid
from lacre.kit.json import Json
from lacre.signing.envelope import Branding, Envelope, EnvelopeOptions
from lacre.signing.folder import path_of
from lacre.signing.signer import Signer

NOT_YET = "A opção '{}' não está disponível nesta instalação."


def draft(call: Call, said: NewDocument) -> Envelope:
    """Without its document and its number, which come last."""
    return Envelope(
        id=EnvelopeId(call.services.tokens.uuid()),
        account_id=call.account_id,
        number=0,
        title=said.name,
        language=words.LANGUAGES.get(said.lang.lower(), "pt-br"),
        created_at=call.now,
        updated_at=call.now,
        documents=[],
        signers=_signers(call, said),
        options=_options(said, folder_said(call, said.folder_token, said.folder_path)),
        dialect_data={OURS: _kept(said)},
        expires_at=limit(said.date_limit_to_sign),
    )


def upload_of(call: Call, in_base64: str, url: str) -> Upload:
    """From whichever of the two was given."""
    if in_base64 in call.texts:
        return InSpooledBase64(call.texts[in_base64])
    if in_base64:
        return InBase64(in_base64)
    if url:
        return AtUrl(url)
    raise Declined(400, "Informe url_pdf, base64_pdf, url_docx ou base64_docx.")


def check_source(said: NewDocument) -> None:
    if said.markdown_text:
        raise Declined(400, NOT_YET.format("markdown_text") + " Envie um PDF.")


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
    if not said.one_click_active:
        return signers
    return [signer.with_one_click(one, draw=said.require_signature) for one in signers]


def _options(said: NewDocument, folder: str) -> EnvelopeOptions:
    return EnvelopeOptions(
        sequential=said.signature_order_active,
        allow_refusal=said.allow_refuse_signature,
        silent=said.disable_signer_emails,
        reminder_days=said.reminder_every_n_days,
        observers=tuple(said.observers),
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
