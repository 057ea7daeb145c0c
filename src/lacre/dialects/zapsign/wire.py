"""What ZapSign's clients send, as types; no behaviour. `null` and `""` mean "not given", as in their SDKs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

EMAIL = r"^[^@\s]+@[^@\s]+$"
MOST_SIGNERS = 500
"""Theirs names no bound; a request of megabytes could hold a hundred thousand of them."""


class Said(BaseModel):
    """Unknown and read-only properties are ignored: the SDKs send `token`, `sign_url`, `status` … too."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_what_is_empty(cls, said: object) -> object:
        if not isinstance(said, Mapping):
            return said
        return {name: value for name, value in said.items() if not _is_empty(value)}


def _is_empty(said: object) -> bool:
    return said is None or (isinstance(said, str) and not said.strip())


def _as_list(said: object) -> object:
    """Some clients send one text with commas where a list is meant."""
    if isinstance(said, str):
        return [part for part in said.replace(";", ",").replace(",", " ").split() if part]
    return [one for one in said if not _is_empty(one)] if isinstance(said, list) else said


def _as_day(said: object) -> object:
    if isinstance(said, bool | list | dict):
        raise ValueError("no day")
    return said


Limit = Annotated[int | float | str | None, BeforeValidator(_as_day)]
"""A day, an instant or milliseconds."""
Trimmed = Annotated[str, StringConstraints(strip_whitespace=True)]
"""What comes out of other systems' columns has blanks around it; theirs takes them off."""
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=320, pattern=EMAIL)]
Emails = Annotated[list[Email], BeforeValidator(_as_list)]


class SignerSaid(Said):
    """What may be said of a signer, when one is created and when one is changed."""

    name: Trimmed = Field("", max_length=255)
    email: Trimmed = Field("", max_length=320)
    phone_country: Trimmed = Field("", max_length=8)
    phone_number: Trimmed = Field("", max_length=32)
    auth_mode: str = "assinaturaTela"
    signature_placement: str = Field("", max_length=255)
    rubrica_placement: str = Field("", max_length=255)
    require_cpf: bool = False
    require_rg: bool = False
    validate_cpf: bool = False
    cpf: str = Field("", max_length=20)
    cnpj: str = Field("", max_length=20)
    send_automatic_email: bool = False
    send_automatic_whatsapp: bool = False
    send_automatic_whatsapp_signed_file: bool | None = None
    order_group: int | None = None
    custom_message: str = ""
    lock_name: bool = False
    lock_email: bool = False
    lock_phone: bool = False
    blank_email: bool = False
    blank_phone: bool = False
    hide_email: bool = False
    hide_phone: bool = False
    require_selfie_photo: bool = False
    require_document_photo: bool = False
    selfie_validation_type: str = "none"
    document_photo_url: str = ""
    document_verse_photo_url: str = ""
    qualification: str = Field("", max_length=255)
    external_id: str = Field("", max_length=255)
    redirect_link: str = Field("", max_length=2000)


class NewSigner(SignerSaid):
    name: Trimmed = Field(max_length=255)


class SignatureGroup(Said):
    order_group: int
    title: str = Field("", max_length=255)
    minimum_signatures_required: int | None = None


class Meta(Said):
    key: str = ""
    value: str = ""


class Sourced(Said):
    """A document's name and where its file comes from."""

    name: Trimmed = Field(max_length=255)
    url_pdf: str = ""
    base64_pdf: str = ""
    url_docx: str = ""
    base64_docx: str = ""
    markdown_text: str = Field("", max_length=200_000)
    lang: str = "pt-br"


class NewDocument(Sourced):
    """`POST docs/`."""

    signers: list[NewSigner] = Field(default_factory=list, max_length=MOST_SIGNERS)
    sandbox: bool = False
    disable_signer_emails: bool = False
    signed_file_only_finished: bool = False
    brand_logo: str = Field("", max_length=2000)
    brand_primary_color: str = Field("", max_length=64)
    brand_name: str = Field("", max_length=100)
    external_id: str = Field("", max_length=255)
    folder_path: str = Field("/", max_length=300)
    folder_token: str = ""
    created_by: Trimmed = ""
    date_limit_to_sign: Limit = None
    signature_order_active: bool = False
    signature_groups: list[SignatureGroup] = Field(default_factory=list, max_length=MOST_SIGNERS)
    observers: Emails = Field(default_factory=list, max_length=20)
    reminder_every_n_days: int = Field(0, ge=0, le=365)
    allow_refuse_signature: bool = False
    disable_signers_get_original_file: bool = False
    metadata: list[Meta] = Field(
        default_factory=list, validation_alias=AliasChoices("metadata", "Metadata"), max_length=100
    )
    has_simplified_signature: bool = False
    simplified_signature_position: str = ""
    send_automatic: bool = False
    """To everybody who has an e-mail."""
    one_click_active: bool = False
    require_signature: bool = False


class ExtraName(Said):
    token: str = ""
    name: str = Field("", max_length=255)


class DocumentChange(Said):
    """`PUT docs/{token}/`."""

    name: str = Field("", max_length=255)
    date_limit_to_sign: Limit = None
    folder_path: str = Field("", max_length=300)
    folder_token: str = ""
    extra_docs: list[ExtraName] = Field(default_factory=list)


class NewExtraDocument(Sourced):
    """`POST docs/{token}/upload-extra-doc/`."""


class DisplayOrder(Said):
    """`PUT docs/{token}/document-display-order/`: every token of the envelope."""

    document_display_order: list[str] = Field(max_length=100)


class Rubrica(Said):
    """A signature or initials at a place: percent of the page, from its bottom left corner."""

    page: int = Field(ge=0, le=100_000)
    relative_position_bottom: float
    relative_position_left: float
    relative_size_x: float
    relative_size_y: float
    type: str = "signature"
    signer_token: str


class Placement(Said):
    rubricas: list[Rubrica] = Field(max_length=5000)


class Cancellation(Said):
    doc_token: str = ""
    rejected_reason: str = Field("", max_length=2000)
    notify_signer: bool = False


class UserRefusal(Said):
    """`POST refuse/by-user/`."""

    doc_token: str
    user_token: str
    signer_token: str
    rejected_reason: str = Field("", max_length=2000)


class Batch(Said):
    """`POST sign/`."""

    user_token: str
    signer_tokens: list[str] = Field(min_length=1, max_length=500)
    cpf: str = Field("", max_length=20)
    selfie_photo: str = ""
    document_photo_url: str = ""
    document_verse_photo_url: str = ""


class Reprocessing(Said):
    send_webhook: bool = False
    resign_doc: bool = False


class Header(Said):
    name: str = Field(max_length=255)
    value: str = Field("", max_length=8000)


def _as_headers(said: object) -> object:
    """A mapping of names to values is understood as well."""
    if isinstance(said, Mapping):
        return [{"name": name, "value": value} for name, value in said.items()]
    return said


Headers = Annotated[list[Header], BeforeValidator(_as_headers)]


class NewWebhook(Said):
    url: str = Field(max_length=2000)
    type: str = ""
    doc_token: str = ""
    template_token: str = ""
    """As their settings page offers; their API has no word for it."""
    headers: Headers = Field(default_factory=list, max_length=50)


class WebhookHeaders(Said):
    id: int
    headers: Headers = Field(default_factory=list, max_length=50)


class WebhookNamed(Said):
    """The id comes as a number or as a text of digits."""

    id: int


class Credentials(Said):
    """`POST auth/token/{organization}`."""

    username: str = Field(max_length=320)
    password: str = Field(max_length=2000)


class Refreshing(Said):
    refresh: str = Field(max_length=8000)


class NewUser(Said):
    email: Trimmed = Field(max_length=255, pattern=EMAIL)
    role: Literal["member", "admin", "self_docs_limited"] = "self_docs_limited"
    first_name: str = Field("", max_length=255)
    last_name: str = Field("", max_length=255)
    phone_country: str = Field("", max_length=8)
    phone_number: str = Field("", max_length=32)


class NewCompany(Said):
    """`POST partner/company/`."""

    country: Literal["br", "mx", "co", "pe", "cl"]
    lang: Literal["pt-br", "es", "en"]
    company_name: str = Field(max_length=200)
    email: Trimmed = Field("", max_length=255, pattern=f"{EMAIL}|^$")
    phone_country: str = Field("", max_length=8)
    phone_number: str = Field("", max_length=32)


class PaymentStatus(Said):
    client_api_token: str = Field(max_length=255)
    payment_status: Literal["adimplente", "inadimplente"]


class ToStamp(Said):
    """A public URL, or the file itself in Base64."""

    url: str
