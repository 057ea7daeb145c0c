"""A template as clients of ZapSign see it, and what they say of one, made ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lacre.dialects.zapsign import words
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.signer import changed
from lacre.dialects.zapsign.signer import shown as shown_signer
from lacre.dialects.zapsign.template_wire import InputSaid, Replacement, TemplateSaid
from lacre.documents.links import Links, Variant
from lacre.kit.ids import DocumentId
from lacre.kit.json import Json
from lacre.kit.times import rfc3339
from lacre.signing.inputs import Input, InputKind
from lacre.signing.template import Template
from lacre.signing.variables import variable_name

PAGE = 20
KINDS: Mapping[str, InputKind] = {
    "input": InputKind.TEXT,
    "email": InputKind.EMAIL,
    "phone_br": InputKind.PHONE,
    "signer_fullname": InputKind.NAME,
    "radio": InputKind.CHOICE,
    # so spelt there
    "dopdown-list": InputKind.LIST,
    "checklist": InputKind.CHECKLIST,
    "date": InputKind.DATE,
    "ext-date": InputKind.DATE_IN_WORDS,
    "date-signature": InputKind.SIGNING_DATE,
    "cpf": InputKind.CPF,
    "cnpj": InputKind.CNPJ,
    "dinheiro": InputKind.MONEY,
}
_ALSO = {"text": "input", "dropdown-list": "dopdown-list", "checkbox": "checklist", "": "input"}
"""How it might be spelt by whoever corrects it."""
_NAMES: Mapping[InputKind, str] = {kind: name for name, kind in KINDS.items()}
_OF_SIGNER = (
    "name", "auth_mode", "email", "phone_country", "phone_number", "lock_name", "lock_email", "lock_phone",
    "hide_email", "hide_phone", "blank_email", "blank_phone", "require_selfie_photo",
    "require_document_photo", "selfie_validation_type", "qualification",
)  # fmt: skip


def shown(template: Template, *, links: Links, now: datetime) -> dict[str, Json]:
    """The Template object, in the order of the documents' examples."""
    signer = shown_signer(template.signer, links=links, now=now)
    return {
        **listed(template, links=links, now=now),
        "signers": [{name: signer[name] for name in _OF_SIGNER}],
        "inputs": [_input(one) for one in template.inputs],
        "extra_templates": [],
        "notify_extra_emails": ",".join(template.options.observers),
        "custom_intro": template.intro,
        "youtube_video_code": template.video,
    }


def listed(template: Template, *, links: Links, now: datetime) -> dict[str, Json]:
    """One line of the list: neither signers nor inputs."""
    return {
        "token": template.id,
        "template_type": "docx",
        "name": template.name,
        "active": template.active,
        "template_file": links.file_url(DocumentId(template.id), Variant.TEMPLATE, now=now),
        "created_at": rfc3339(template.created_at),
        "last_update_at": rfc3339(template.updated_at),
        "redirect_link": template.signer.options.redirect_url,
        "folder_path": template.options.folder,
        "lang": template.language,
    }


def listed_item(template: Template, *, links: Links, now: datetime) -> dict[str, Json]:
    return {**listed(template, links=links, now=now), "extra_templates": []}


def change(template: Template, said: TemplateSaid, folder: str, *, now: datetime) -> None:
    """What was not said stays as it is; the file never changes."""
    given = said.model_fields_set
    template.name = said.name or template.name
    template.language = words.LANGUAGES.get(said.lang.lower(), template.language)
    template.active = said.active if "active" in given else template.active
    if "observers" in given:
        template.options = replace(template.options, observers=tuple(said.observers))
    if folder:
        template.options = replace(template.options, folder=folder)
    if said.first_signer is not None:
        template.signer = changed(template.signer, said.first_signer)
    if said.redirect_link:
        _redirect(template, said.redirect_link)
    template.updated_at = now


def inputs_said(said: Sequence[InputSaid]) -> list[Input]:
    return [
        Input(
            variable=variable_name(one.variable),
            kind=_kind(one.input_type),
            label=one.label,
            help=one.help_text,
            options=tuple(one.options),
            required=one.required,
            order=one.order,
        )
        for one in said
    ]


def answers_said(data: Sequence[Replacement]) -> dict[str, str]:
    """By variable without its braces; the last of several wins."""
    return {variable_name(one.de): one.para for one in data}


def _redirect(template: Template, url: str) -> None:
    if not url.lower().startswith(("http://", "https://")):
        raise Declined(400, "O redirect_link deve começar com http:// ou https://.")
    template.signer = replace(template.signer, options=replace(template.signer.options, redirect_url=url))


def _kind(said: str) -> InputKind:
    name = said.strip().lower()
    kind = KINDS.get(_ALSO.get(name, name))
    if kind is None:
        raise Declined(400, f"O input_type '{said}' não existe.")
    return kind


def _input(one: Input) -> dict[str, Json]:
    return {
        "variable": f"{{{{{one.variable}}}}}",
        "input_type": _NAMES[one.kind],
        "label": one.label,
        "help_text": one.help,
        "options": "; ".join(one.options),
        "required": one.required,
        "order": one.order,
    }
