"""Envelopes and signers as they are said, made ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lacre.dialects.native.call import Call
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.shown import OURS
from lacre.dialects.native.wire.envelopes import NewEnvelope
from lacre.dialects.native.wire.signers import NewSigner, SaidOptions, SaidSigner
from lacre.kit.ids import EnvelopeId, SignerId
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.errors import GroupsNotContiguous
from lacre.signing.options import Branding, EnvelopeOptions
from lacre.signing.signer import Channel, Signer, SignerOptions

_PROPERTIES = (
    "name",
    "email",
    "phone_country",
    "phone",
    "tax_id",
    "role",
    "qualification",
    "external_id",
)


def envelope_of(call: Call, said: NewEnvelope, documents: list[Document], signers: list[Signer]) -> Envelope:
    """Without its fields and its number, which come last."""
    return Envelope(
        id=EnvelopeId(call.services.tokens.uuid()),
        account_id=call.account_id,
        number=0,
        title=said.title,
        language=said.language or call.services.settings.lang,
        created_at=call.now,
        updated_at=call.now,
        documents=documents,
        signers=signers,
        options=_options(said),
        dialect_data={OURS: {"metadata": said.metadata}},
        expires_at=said.expires_at,
    )


def signers_of(call: Call, said: NewEnvelope) -> list[Signer]:
    groups = _groups(said)
    return [
        new_signer(call, one, group=group, pointer=f"#/signers/{place}")
        for place, (one, group) in enumerate(zip(said.signers, groups, strict=True))
    ]


def new_signer(call: Call, said: NewSigner, *, group: int, pointer: str) -> Signer:
    blank = Signer(id=SignerId(call.services.tokens.uuid()), name=said.name, group=group)
    made = changed(blank, said, pointer=pointer)
    if "notify_by" in said.options.model_fields_set or not made.email:
        return made
    return replace(made, options=replace(made.options, notify_by=(Channel.EMAIL,)))


def changed(signer: Signer, said: SaidSigner, *, pointer: str = "#") -> Signer:
    """The signer with what was said; what was not said stays as it is. Its group is left alone."""
    given = said.model_dump(include=said.model_fields_set & set(_PROPERTIES))
    after = replace(signer, **given, options=_changed_options(signer.options, said.options))
    if not after.name:
        raise Declined("validation_failed", "A signer has a name.", pointer=f"{pointer}/name")
    _check_reachable(after, pointer)
    return after


def next_group(envelope: Envelope, said: NewSigner) -> int:
    """After everybody, unless a group is named."""
    if "group" in said.model_fields_set or not envelope.options.sequential:
        return said.group - 1
    return max((one.group for one in envelope.active_signers), default=-1) + 1


def is_sequential(said: NewEnvelope) -> bool:
    if said.sequential is not None:
        return said.sequential
    return any("group" in one.model_fields_set for one in said.signers)


def _groups(said: NewEnvelope) -> list[int]:
    """As they are given, else the order of the list."""
    if not any("group" in one.model_fields_set for one in said.signers):
        return list(range(len(said.signers))) if is_sequential(said) else [0] * len(said.signers)
    groups = [one.group - 1 for one in said.signers]
    if is_sequential(said):
        _check_contiguous(groups)
    return groups


def _check_contiguous(groups: Sequence[int]) -> None:
    distinct = sorted(set(groups))
    if distinct != list(range(len(distinct))):
        raise GroupsNotContiguous([group + 1 for group in distinct])


def _options(said: NewEnvelope) -> EnvelopeOptions:
    branding = said.branding
    return EnvelopeOptions(
        sequential=is_sequential(said),
        allow_refusal=said.allow_refusal,
        silent=said.silent,
        reminder_days=said.reminder_days,
        observers=tuple(said.observers),
        branding=Branding(name=branding.name, logo_url=branding.logo_url, color=branding.color),
        hide_original=said.hide_original,
        sealed_only_when_complete=said.sealed_only_when_complete,
        folder=said.folder,
        external_id=said.external_id,
    )


def _changed_options(options: SignerOptions, said: SaidOptions) -> SignerOptions:
    given = {name: getattr(said, name) for name in said.model_fields_set}
    return replace(options, **given)


def _check_reachable(signer: Signer, pointer: str) -> None:
    options = signer.options
    codes = [options.email_code, options.sms_code, options.whatsapp_code]
    if sum(codes) > 1:
        raise Declined("several_codes", "One code is asked for at most.", pointer=f"{pointer}/options")
    channels = {*options.notify_by, *([options.code_channel] if options.code_channel else [])}
    for channel in Channel:
        if channel in channels and not signer.address_at(channel):
            what = "email" if channel is Channel.EMAIL else "phone"
            said = f"This signer is to be reached by {_SPOKEN[channel]}: say where."
            raise Declined(f"{what}_missing", said, pointer=f"{pointer}/{what}")


_SPOKEN = {Channel.EMAIL: "e-mail", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
