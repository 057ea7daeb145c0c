"""A signer: what is said of one, made ours; and ours, as clients of ZapSign see one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lacre.dialects.zapsign import errors, words
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.wire import EMAIL, NewSigner, SignerSaid
from lacre.documents.links import Links, Variant
from lacre.kit.ids import DocumentId, SignerId
from lacre.kit.json import Json
from lacre.kit.tax_ids import clean_tax_id, is_cnpj
from lacre.kit.times import rfc3339
from lacre.signing.asking import AnswerKind, Question
from lacre.signing.evidence import Act, Mark
from lacre.signing.signer import Channel, Photo, Signer, SignerOptions

OURS = "zapsign"
"""Where in `dialect_data` we keep what only we understand."""
_ECHOED = ("send_automatic_whatsapp", "send_automatic_whatsapp_signed_file", "order_group")
_SAME_OPTIONS = ("lock_name", "lock_email", "lock_phone", "hide_email", "hide_phone")
_OWN_NAMES = {
    "require_cpf": "ask_tax_id",
    "validate_cpf": "check_tax_id",
    "custom_message": "message",
    "redirect_link": "redirect_url",
    "signature_placement": "signature_anchor",
    "rubrica_placement": "initials_anchor",
    "require_selfie_photo": "selfie",
    "require_document_photo": "document_photo",
}
_NOTIFYING = {"send_automatic_email": Channel.EMAIL, "send_automatic_whatsapp": Channel.WHATSAPP}
_OPTIONS = {name: name for name in _SAME_OPTIONS} | _OWN_NAMES
_TURNED = {"blank_email": "ask_email", "blank_phone": "ask_phone"}
_EMAIL = re.compile(EMAIL)
_RG = Question(key="rg", label="RG", kind=AnswerKind.ID_CARD)
_PROPERTIES = {
    "name": "name",
    "email": "email",
    "phone_country": "phone_country",
    "phone_number": "phone",
    "qualification": "qualification",
    "external_id": "external_id",
}


def signer_of(said: NewSigner, signer_id: SignerId, *, group: int) -> Signer:
    return changed(Signer(id=signer_id, name=said.name, group=group), said)


def changed(signer: Signer, said: SignerSaid) -> Signer:
    """The signer with what was said; what was not said stays as it is."""
    _check_can_be_honoured(said)
    given = said.model_dump(include=said.model_fields_set)
    properties = {ours: given[name] for name, ours in _PROPERTIES.items() if name in given}
    tax_id = given.get("cpf") or given.get("cnpj")
    after = replace(
        signer,
        **properties,
        tax_id=clean_tax_id(str(tax_id)) if tax_id else signer.tax_id,
        options=_options(signer.options, given),
        dialect_data={**signer.dialect_data, OURS: _kept(signer, given)},
    )
    _check_reachable(after)
    if signer.options.one_click:
        return with_one_click(after, draw=signer.options.draw)
    return simplified(after) if kept(after).get(_SIMPLIFIED) else after


def told_by_mail(signer: Signer) -> Signer:
    """Besides what was said of them; whoever has no e-mail is told by nobody."""
    if not signer.email:
        return signer
    ways = set(signer.options.notify_by) | {Channel.EMAIL}
    notify_by = tuple(channel for channel in Channel if channel in ways)
    return replace(signer, options=replace(signer.options, notify_by=notify_by))


def with_one_click(signer: Signer, *, draw: bool) -> Signer:
    """A tick and a press of a button, and a drawn signature if that is asked for; nothing else may be."""
    if not signer.email and not signer.phone:
        raise Declined(400, "No OneClick, cada signatário deve ter e-mail ou telefone.")
    options = replace(signer.options, one_click=False)
    mode = words.auth_mode(options)
    if mode != words.DEFAULT_MODE:
        raise Declined(400, f"O auth_mode '{mode}' não pode ser usado com one_click_active.")
    if options.photos:
        raise Declined(400, "Fotos não podem ser pedidas com one_click_active.")
    return replace(signer, options=replace(options, one_click=True, draw=draw))


def simplified(signer: Signer) -> Signer:
    """Their signature is a text in the margin, whatever they are told to do: nothing is drawn."""
    flagged = {**signer.dialect_data, OURS: {**kept(signer), _SIMPLIFIED: True}}
    return replace(signer, options=replace(signer.options, draw=False), dialect_data=flagged)


_SIMPLIFIED = "simplified"


def groups_of(signers: Sequence[NewSigner], *, ordered: bool) -> list[int]:
    """Who signs when: groups if any are given, else the order of the list."""
    given = [signer.order_group for signer in signers]
    if all(group is None for group in given):
        return list(range(len(signers)))
    if any(group is None for group in given):
        if not ordered:
            return list(range(len(signers)))
        raise _no_order("Há signatários neste documento que não foram incluídos em nenhum grupo.")
    groups = [group for group in given if group is not None]
    if not ordered:
        return groups
    _check_contiguous(sorted(set(groups)))
    return groups


def shown(signer: Signer, *, links: Links, now: datetime, act: Act | None = None) -> dict[str, Json]:
    """The Signer object, in the order of the documents' examples; `act`: what they did, if they signed."""
    token = links.signer_token(signer.id, signer.link_generation)
    return {
        "external_id": signer.external_id,
        "sign_url": links.signing_url(token, one_click=signer.options.one_click),
        "token": token,
        "status": words.SIGNER_STATUSES[signer.status],
        "name": signer.name,
        **_contact(signer),
        "times_viewed": signer.times_viewed,
        "last_view_at": instant(signer.last_viewed_at),
        "signed_at": instant(signer.signed_at),
        "auth_mode": words.auth_mode(signer.options),
        "qualification": signer.qualification,
        "require_selfie_photo": signer.options.selfie,
        "require_document_photo": signer.options.document_photo,
        "geo_latitude": signer.latitude,
        "geo_longitude": signer.longitude,
        "redirect_link": signer.options.redirect_url,
        "signature_image": _mark_url(act.mark, links=links, now=now) if act else None,
        "visto_image": _mark_url(act.initials, links=links, now=now) if act else None,
        **_photos(signer, links=links, now=now),
        **_sending(signer),
        **_tax_ids(signer),
        "send_automatic_whatsapp_signed_file": kept(signer).get("send_automatic_whatsapp_signed_file"),
        "liveness_photo_url": "",
        "selfie_validation_type": words.NO_VALIDATION,
        "ip": signer.ip or None,
    }


def detailed(signer: Signer, *, links: Links, now: datetime, act: Act | None) -> dict[str, Json]:
    """What reading one signer shows beyond the Signer object."""
    return {
        **shown(signer, links=links, now=now, act=act),
        "delegator": None,
        "signature_anchor_text": signer.options.signature_anchor,
        "rubrica_anchor_text": signer.options.initials_anchor,
    }


def kept(signer: Signer) -> dict[str, Json]:
    mine = signer.dialect_data.get(OURS)
    return dict(mine) if isinstance(mine, Mapping) else {}


def instant(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None


def _check_can_be_honoured(said: SignerSaid) -> None:
    """What we cannot do yet is refused: a check that is silently left out would be worse."""
    if said.auth_mode.lower() not in words.AUTH_MODES:
        raise Declined(400, f"O auth_mode '{said.auth_mode}' não está disponível nesta instalação.")
    check_validation(said.selfie_validation_type)
    if said.redirect_link and not said.redirect_link.lower().startswith(("http://", "https://")):
        raise Declined(400, "O redirect_link deve começar com http:// ou https://.")


def check_validation(kind: str) -> None:
    """Companies that compare faces answer for theirs, at so many credits each; here nobody does."""
    if kind.lower() != words.NO_VALIDATION:
        text = f"O selfie_validation_type '{kind}' não está disponível nesta instalação."
        raise errors.payment_required(text)


def _check_reachable(signer: Signer) -> None:
    options = signer.options
    if signer.email and not _EMAIL.fullmatch(signer.email):
        raise Declined(400, f"O e-mail '{signer.email}' não é válido.")
    if options.code_channel is not None and not _can_be_sent_a_code(signer, options.code_channel):
        mode, what = words.auth_mode(options), "e-mail" if options.email_code else "telefone"
        raise Declined(400, f"Para autenticar por {mode}, informe o {what} ou deixe que ele seja pedido.")


def _can_be_sent_a_code(signer: Signer, channel: Channel) -> bool:
    """Now, or once they said where."""
    options = signer.options
    asked = options.ask_email if channel is Channel.EMAIL else options.ask_phone
    return bool(signer.address_at(channel)) or asked


def _options(options: SignerOptions, given: dict[str, object]) -> SignerOptions:
    after = dict[str, object]({ours: given[name] for name, ours in _OPTIONS.items() if name in given})
    after |= {ours: not given[name] for name, ours in _TURNED.items() if name in given}
    notify_by = set(options.notify_by)
    for name, channel in _NOTIFYING.items():
        if name in given:
            notify_by = notify_by | {channel} if given[name] else notify_by - {channel}
    # always in one order
    after["notify_by"] = tuple(one for one in Channel if one in notify_by)
    if "send_automatic_whatsapp_signed_file" in given:
        after["copy_by"] = (Channel.WHATSAPP,) if given["send_automatic_whatsapp_signed_file"] else ()
    if "require_rg" in given:
        others = tuple(one for one in options.questions if one.key != _RG.key)
        after["questions"] = (*others, _RG) if given["require_rg"] else others
    changed = replace(options, **after)  # type: ignore[arg-type]
    mode = given.get("auth_mode")
    return words.AUTH_MODES[str(mode).lower()].asked(changed) if mode else changed


def _kept(signer: Signer, given: dict[str, Json]) -> dict[str, Json]:
    return {**kept(signer), **{name: given[name] for name in _ECHOED if name in given}}


def _check_contiguous(groups: list[int]) -> None:
    # their error text counts from 0, their example from 1: both are understood
    if groups[0] not in (0, 1):
        text = "A ordem dos grupos de signatários deve começar por 0. Primeiro grupo encontrado: {}"
        raise _no_order(text.format(groups[0]))
    expected = list(range(groups[0], groups[0] + len(groups)))
    if groups != expected:
        text = "A numeração dos grupos deve ser contínua. Valores esperados: {}, valores fornecidos: {}"
        raise _no_order(text.format(expected, groups))


def _no_order(text: str) -> Declined:
    return Declined(400, {"message": text})


def _contact(signer: Signer) -> dict[str, Json]:
    options = signer.options
    return {
        "lock_name": options.lock_name,
        "email": signer.email,
        "lock_email": options.lock_email,
        "hide_email": options.hide_email,
        "blank_email": not options.ask_email,
        "phone_country": signer.phone_country,
        "phone_number": signer.phone,
        "lock_phone": options.lock_phone,
        "hide_phone": options.hide_phone,
        "blank_phone": not options.ask_phone,
    }


def _mark_url(mark: Mark | None, *, links: Links, now: datetime) -> str | None:
    """What was drawn or uploaded; `null` for a name that was typed: there is no picture of it."""
    if mark is None or mark.image is None:
        return None
    return links.file_url(DocumentId(mark.image), Variant.LOOSE, now=now)


def _photos(signer: Signer, *, links: Links, now: datetime) -> dict[str, Json]:
    """Links to photos work for 60 minutes, as those to files do."""
    urls = {
        kind: links.file_url(DocumentId(taken.id), Variant.PHOTO, now=now)
        for kind, taken in signer.photos.items()
    }
    return {
        "document_photo_url": urls.get(Photo.DOCUMENT, ""),
        "document_verse_photo_url": urls.get(Photo.DOCUMENT_BACK, ""),
        "selfie_photo_url": urls.get(Photo.SELFIE, ""),
        "selfie_photo_url2": "",
    }


def _sending(signer: Signer) -> dict[str, Json]:
    channels, told = signer.options.notify_by, signer.sent
    return {
        "send_via": channels[0].value if channels else "",
        "resend_attempts": {
            channel.value: told.get(channel, 0) for channel in (Channel.WHATSAPP, Channel.EMAIL, Channel.SMS)
        },
    }


def _tax_ids(signer: Signer) -> dict[str, Json]:
    company = is_cnpj(signer.tax_id)
    return {"cpf": "" if company else signer.tax_id, "cnpj": signer.tax_id if company else ""}
