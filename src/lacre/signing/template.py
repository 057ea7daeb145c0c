"""A text document with variables, the form that asks for them, and what envelopes made of it are like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from lacre.kit.ids import AccountId, Digest, EnvelopeId, SignerId, TemplateId
from lacre.kit.json import Json
from lacre.signing import errors
from lacre.signing.envelope import Envelope
from lacre.signing.inputs import CHOSEN, Input
from lacre.signing.options import EnvelopeOptions
from lacre.signing.signer import Signer
from lacre.signing.variables import variable_name

NOBODY = SignerId("")


@dataclass(kw_only=True)
class Template:
    id: TemplateId
    account_id: AccountId
    name: str
    language: str
    source: Digest
    """The DOCX; it never changes."""
    created_at: datetime
    updated_at: datetime
    inputs: list[Input] = field(default_factory=list)
    signer: Signer = field(default_factory=lambda: Signer(id=NOBODY, name=""))
    """What is asked of each document's first signer, whoever that is."""
    options: EnvelopeOptions = field(default_factory=EnvelopeOptions)
    intro: str = ""
    """Said above the form."""
    video: str = ""
    """Its id at the site that shows it."""
    active: bool = True
    deleted_at: datetime | None = None
    dialect_data: Mapping[str, Json] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        return self.active and self.deleted_at is None

    def require_usable(self) -> None:
        if not self.usable:
            raise errors.TemplateClosed

    @property
    def form(self) -> list[Input]:
        """What people are asked, in order."""
        return sorted((one for one in self.inputs if one.asked), key=lambda one: one.order)

    def ask(self, inputs: Sequence[Input]) -> None:
        """Says how these of its variables are asked for, at their old place where none is said (0).

        The others stay as they are.
        """
        known = {one.variable: one for one in self.inputs}
        for one in inputs:
            if one.variable not in known:
                raise errors.VariableUnknown(one.variable)
            if one.kind in CHOSEN and not one.options:
                raise errors.OptionsMissing(one.variable)
            known[one.variable] = replace(one, order=one.order or known[one.variable].order)
        self.inputs = sorted(known.values(), key=lambda one: one.order)

    def delete(self, *, now: datetime) -> None:
        self.deleted_at = self.deleted_at or now

    def first_signer(self, signer_id: SignerId, name: str) -> Signer:
        return replace(self.signer, id=signer_id, name=name, status=self.signer.status)

    def begin(
        self, envelope_id: EnvelopeId, signer: Signer, answers: Mapping[str, str], *, now: datetime
    ) -> Envelope:
        """An envelope of it, without its document and its number, which come last."""
        return Envelope(
            id=envelope_id,
            account_id=self.account_id,
            number=0,
            title=self.name,
            language=self.language,
            created_at=now,
            updated_at=now,
            documents=[],
            signers=[signer],
            options=self.options,
            template_id=self.id,
            answers=dict(answers),
        )


def inputs_of(variables: Sequence[str]) -> list[Input]:
    """Plain questions for a document's variables, in reading order; names that differ in case are one."""
    first: dict[str, str] = {}
    for written in variables:
        name = variable_name(written)
        first.setdefault(name.casefold(), name)
    return [Input(variable=name, label=name, order=place) for place, name in enumerate(first.values(), 1)]
