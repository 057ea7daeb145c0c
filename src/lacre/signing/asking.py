"""What else a sender asks of a signer: a code that the two agreed on, words about themself, and files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lacre.kit.ids import AttachmentId, Digest
from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf
from lacre.signing import errors


class AnswerKind(StrEnum):
    TEXT = "text"
    DIGITS = "digits"
    CPF = "cpf"
    CNPJ = "cnpj"
    ID_CARD = "id_card"
    """The number of an identity card (RG); each state writes it in its own way."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One line that a signer fills before signing; it stands in the record, on no page."""

    key: str
    """Names it within its signer."""
    label: str
    kind: AnswerKind = AnswerKind.TEXT
    length: int = 0
    """How many signs an answer has; 0: as many as they like."""
    required: bool = True
    known: str = ""
    """What the sender says of it beforehand."""
    check: bool = False
    """`known` is not shown: the signer has to say the same."""

    @property
    def shown(self) -> str:
        """What the line holds before anything is typed."""
        return "" if self.check else self.known

    def read(self, typed: str) -> str:
        """The answer as it is kept; raises `ValueMissing`, `ValueInvalid` and `AnswerDiffers`."""
        said = typed.strip()
        if not said:
            if self.required or self.check:
                raise errors.ValueMissing(self.label)
            return ""
        plain = said if self.kind is AnswerKind.TEXT else clean_tax_id(said)
        if not self._fits(plain):
            raise errors.ValueInvalid(self.label)
        if self.check and _compared(plain) != _compared(self.known):
            raise errors.AnswerDiffers(self.label)
        return plain

    def _fits(self, said: str) -> bool:
        if self.length and len(said) != self.length:
            return False
        match self.kind:
            case AnswerKind.CPF:
                return is_cpf(said)
            case AnswerKind.CNPJ:
                return is_cnpj(said)
            case AnswerKind.DIGITS:
                return said.isascii() and said.isdigit()
            case AnswerKind.ID_CARD:
                digits = sum(sign.isdigit() for sign in said)
                return said.isascii() and said.isalnum() and digits >= FEWEST_DIGITS and len(said) <= 20
            case AnswerKind.TEXT:
                return len(said) <= MOST_SIGNS


FEWEST_DIGITS = 4
"""Of an identity card."""
MOST_SIGNS = 500
"""Of an answer whose length nobody named."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A file that a signer is asked for, or may bring."""

    id: AttachmentId
    name: str
    """What the sender calls it: "Comprovante de residência"."""
    required: bool = True
    shown_to_all: bool = False
    """The other people of the envelope may see it too; else its sender alone."""


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that a signer brought; kept apart from every document."""

    file: Digest
    name: str
    """As it was called on their machine."""
    size: int
    kind: str
    """`application/pdf`, `image/jpeg` or `image/png`."""


def _compared(said: str) -> str:
    """Without what people write now so, now otherwise: case, spaces, dots and dashes."""
    return "".join(sign for sign in said.casefold() if sign.isalnum())
