"""What is looked for in documents of one kind, as data: fields, and the rules by which each is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OWN_NUMBERS = 1000
"""Types that customers make are counted from here; those below are shipped."""


class Kind(StrEnum):
    """What a value is: how it is normalised, and what makes it valid."""

    TEXT = "text"
    NAME = "name"
    """Of a person or company: letters, and no line of a form."""
    CPF = "cpf"
    CNPJ = "cnpj"
    TAX_ID = "tax_id"
    """Either."""
    DATE = "date"
    MONEY = "money"
    """Reais, as a text with two decimals: `1234.56`."""
    DECIMAL = "decimal"
    """A quantity or a price, with as many decimals as are printed: `2.5000`."""
    NUMBER = "number"
    """Digits only."""
    INTEGER = "integer"
    """Digits without zeros before them."""
    CEP = "cep"
    UF = "uf"
    ACCESS_KEY = "access_key"
    """44 digits of a fiscal document, or 50 of an NFS-e, the last of which checks the others."""
    PAYMENT_LINE = "payment_line"
    """47 digits of a boleto, four of which check the others."""
    DRIVER_NUMBER = "driver_number"
    """The registration number of a CNH: eleven digits, the last two of which check the others."""
    TABLE = "table"


class Where(StrEnum):
    """Where a value stands, seen from the text that announces it."""

    RIGHT = "right"
    """On the same line, up to the next wide gap."""
    BELOW = "below"
    """On the next lines, in the same column."""
    AROUND = "around"
    """To the right, or else below."""


class Part(StrEnum):
    """What another field's value says besides."""

    KEY_UF = "key_uf"
    KEY_MONTH = "key_month"
    KEY_ISSUER = "key_issuer"
    KEY_SERIES = "key_series"
    KEY_NUMBER = "key_number"
    LINE_BANK = "line_bank"
    LINE_DUE_ON = "line_due_on"
    LINE_AMOUNT = "line_amount"
    LINE_BAR_CODE = "line_bar_code"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the page, in percent from its top left corner."""

    left: float = 0.0
    top: float = 0.0
    right: float = 100.0
    bottom: float = 100.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One way to find a value. What is given narrows it: all of it must hold."""

    anchor: tuple[str, ...] = ()
    """Texts that announce it, any of them; letter case, accents and single misread letters don't matter."""
    where: Where = Where.AROUND
    section: tuple[str, ...] = ()
    """Titles of the part of a form that it stands in: down to the next title that a rule of the type has."""
    pattern: str = ""
    """A regular expression; of it the group `value`, or the first, or all of it, is the value."""
    code: tuple[str, ...] = ()
    """It stands in a bar code of one of these kinds."""
    region: Region | None = None
    page: int = 0
    """Only there; -1 is the last page that was read, 0 any."""
    of: str = ""
    """The name of a field found before, which says this too: its `part`."""
    part: Part | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """Of a table."""

    name: str
    headers: tuple[str, ...]
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    name: str
    """Its property in the data."""
    title: str
    kind: Kind = Kind.TEXT
    required: bool = False
    """Where it is missing, the console says so; the document is processed all the same."""
    choices: tuple[str, ...] = ()
    """If given, no other text is a value."""
    rules: tuple[Rule, ...] = ()
    """Tried in this order; the first valid value counts."""
    columns: tuple[Column, ...] = ()
    """Of a table alone."""


@dataclass(frozen=True, kw_only=True)
class DocumentType:
    number: int
    version: int = 1
    """Counts up with each change; every document says which one it was processed by."""
    name: str
    description: str = ""
    fields: tuple[Field, ...] = ()
    asks_model: bool = False
    """A language model is asked for what the rules did not find, where the installation has one."""
    retired: bool = False
    """No longer offered; documents of it stay as they are."""

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)
