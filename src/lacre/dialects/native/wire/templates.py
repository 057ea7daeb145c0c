"""Templates as they are said and shown."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from lacre.dialects.native.wire.envelopes import Language
from lacre.dialects.native.wire.values import Instant, Line, MailAddress, Name, Said, Shown, Text, WebAddress
from lacre.signing.inputs import InputKind

Variable = Annotated[str, Field(max_length=200, description="Without its braces.")]


class SaidInput(Said):
    """How a variable is asked for; the kinds `choice`, `list` and `checklist` choose from `options`."""

    variable: Variable
    kind: InputKind = InputKind.TEXT
    label: Line = ""
    help: Text = ""
    options: list[Line] = Field(default_factory=list, max_length=200)
    required: bool = True
    order: int = Field(default=0, ge=0, le=100_000, description="0: where it was.")


class TemplateChange(Said):
    """What is not said stays; the file never changes, and inputs that are not named stay too."""

    name: Name | None = None
    language: Language | None = None
    active: bool | None = Field(default=None, description="An inactive one makes no documents.")
    folder: Line | None = Field(default=None, description="Where documents of the form go.")
    observers: list[MailAddress] | None = Field(default=None, max_length=20)
    intro: Text | None = Field(default=None, description="Stands above the form.")
    inputs: list[SaidInput] = Field(default_factory=list, max_length=500)


class NewTemplate(TemplateChange):
    """A DOCX with `{{variables}}`: either `base64` or `url`."""

    name: Name
    base64: str | None = None
    url: WebAddress | None = None

    @model_validator(mode="after")
    def _says_one_source(self) -> Self:
        if (self.base64 is None) == (self.url is None):
            raise ValueError("say either base64 or url")
        return self


class ShownInput(Shown):
    variable: str
    kind: InputKind
    label: str
    help: str
    options: list[str]
    required: bool
    order: int


class ShownTemplate(Shown):
    id: str
    name: str
    language: str
    active: bool
    folder: str
    observers: list[str]
    intro: str
    inputs: list[ShownInput]
    form_url: str = Field(description="Where anyone fills it in and gets a document of their own to sign.")
    source_url: str = Field(description="The DOCX; works for an hour.")
    created_at: Instant
    updated_at: Instant


class TemplateList(Shown):
    data: list[ShownTemplate]
    next: str | None = None
