"""What ZapSign's clients send about templates, as types; no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from lacre.dialects.zapsign.wire import Emails, NewDocument, NewSigner, Said, SignerSaid, Sourced


class TemplateSaid(Said):
    """`PUT templates/{token}/`; also what may be said of a new one besides its file."""

    name: str = Field("", max_length=255)
    lang: str = ""
    observers: Emails = Field(default_factory=list, max_length=20)
    first_signer: SignerSaid | None = None
    folder_token: str = ""
    folder_path: str = Field("", max_length=255)
    redirect_link: str = Field("", max_length=2000)
    active: bool = True


class NewTemplate(TemplateSaid, Sourced):
    """`POST templates/create/`; their pages spell the URL both ways."""

    name: str = Field(max_length=255)
    lang: str = "pt-br"
    url_docx: str = Field("", validation_alias=AliasChoices("docx_url", "url_docx"))


def _as_texts(said: object) -> object:
    """Options come as one text, "A; B; C"; a list is understood as well."""
    if isinstance(said, str):
        return [part.strip() for part in said.split(";") if part.strip()]
    return said


class InputSaid(Said):
    variable: str = Field(max_length=400)
    input_type: str = "input"
    label: str = Field("", max_length=500)
    help_text: str = Field("", max_length=2000)
    options: Annotated[list[str], BeforeValidator(_as_texts)] = Field(default_factory=list, max_length=200)
    required: bool = True
    order: int = Field(0, ge=0, le=100_000)


class FormSaid(Said):
    """`POST templates/update-form/`."""

    template_id: str
    custom_intro: str | None = Field(None, max_length=5000)
    youtube_video_code: str | None = Field(None, max_length=200)
    inputs: list[InputSaid] = Field(default_factory=list, max_length=500)


class Replacement(Said):
    """`{"de": "{{NOME}}", "para": "Ana"}`."""

    de: str = Field(max_length=400)
    para: str = Field("", max_length=5000)


def _as_replacements(said: object) -> object:
    """A mapping of variables to values is understood as well."""
    if isinstance(said, Mapping):
        return [{"de": name, "para": value} for name, value in said.items()]
    return said


Replacements = Annotated[list[Replacement], BeforeValidator(_as_replacements)]


class DocumentOfTemplate(NewDocument):
    """`POST models/create-doc/`: the options of any document, and one signer by properties of its own."""

    template_id: str
    name: str = Field("", max_length=255)
    data: Replacements = Field(default_factory=list, max_length=1000)
    signer_name: str = Field(max_length=255)
    signer_email: str = Field("", max_length=320)
    signer_phone_country: str = Field("", max_length=8)
    signer_phone_number: str = Field("", max_length=32)
    signer_has_incomplete_fields: bool = False
    send_automatic_email: bool = False
    send_automatic_whatsapp: bool = False
    send_automatic_whatsapp_signed_file: bool | None = None
    custom_message: str = ""
    signature_placement: str = Field("", max_length=255)
    rubrica_placement: str = Field("", max_length=255)

    def as_signer(self) -> NewSigner:
        """What was said of the signer, under the names that it has elsewhere."""
        given = self.model_dump(include=set(SIGNERS) & self.model_fields_set)
        return NewSigner.model_validate({SIGNERS[name]: value for name, value in given.items()})


SIGNERS: Mapping[str, str] = {
    "signer_name": "name",
    "signer_email": "email",
    "signer_phone_country": "phone_country",
    "signer_phone_number": "phone_number",
    "send_automatic_email": "send_automatic_email",
    "send_automatic_whatsapp": "send_automatic_whatsapp",
    "send_automatic_whatsapp_signed_file": "send_automatic_whatsapp_signed_file",
    "custom_message": "custom_message",
    "signature_placement": "signature_placement",
    "rubrica_placement": "rubrica_placement",
}


class ExtraOfTemplate(Said):
    """`POST models/{doc}/upload-extra-doc/`."""

    template_id: str
    data: Replacements = Field(default_factory=list, max_length=1000)
