"""What a form asks for a document's variables: each kind of input, and what is written for what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lacre.kit.ids import Digest, SignerId
from lacre.kit.tax_ids import is_cnpj, is_cpf, show_tax_id
from lacre.signing import errors
from lacre.signing.variables import answer_to

LONGEST_ANSWER = 5_000
BETWEEN = ", "
"""What stands between several ticked options."""


class InputKind(StrEnum):
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    """The signer's full name, which is known."""
    CHOICE = "choice"
    LIST = "list"
    CHECKLIST = "checklist"
    DATE = "date"
    DATE_IN_WORDS = "date_in_words"
    SIGNING_DATE = "signing_date"
    """The day on which the document is made, which is known."""
    CPF = "cpf"
    CNPJ = "cnpj"
    MONEY = "money"


KNOWN = (InputKind.NAME, InputKind.SIGNING_DATE)
"""Nobody is asked for these."""
CHOSEN = (InputKind.CHOICE, InputKind.LIST, InputKind.CHECKLIST)


@dataclass(frozen=True, kw_only=True)
class Input:
    """`variable` without its braces; `options` of the kinds that are chosen from."""

    variable: str
    kind: InputKind = InputKind.TEXT
    label: str = ""
    help: str = ""
    options: tuple[str, ...] = ()
    required: bool = True
    order: int = 0

    @property
    def title(self) -> str:
        return self.label or self.variable

    @property
    def asked(self) -> bool:
        return self.kind not in KNOWN


@dataclass(frozen=True, kw_only=True)
class OpenForm:
    """What a signer has yet to answer before the first document is whole, and what it is made of."""

    signer_id: SignerId
    source: Digest
    inputs: tuple[Input, ...]


def known_answers(
    inputs: Iterable[Input], answers: Mapping[str, str], *, name: str, today: date, language: str
) -> dict[str, str]:
    """The answers, and those that follow from who signs and when; what was answered stays."""
    known = {InputKind.NAME: name, InputKind.SIGNING_DATE: day_written(today, language)}
    found = {one.variable: known[one.kind] for one in inputs if one.kind in known}
    return {**{name: value for name, value in found.items() if not answer_to(name, answers)}, **answers}


def unanswered(inputs: Iterable[Input], answers: Mapping[str, str]) -> list[Input]:
    """In the order of the form."""
    left = [one for one in inputs if one.asked and not answer_to(one.variable, answers)]
    return sorted(left, key=lambda one: one.order)


def read_answer(one: Input, typed: Sequence[str], *, language: str) -> str:
    """What the document will say; several texts are ticked options.

    Raises `AnswerMissing` or `AnswerInvalid`.
    """
    given = [text.strip() for text in typed if text.strip()]
    if not given:
        if one.required:
            raise errors.AnswerMissing(one.title)
        return ""
    if one.kind in CHOSEN:
        return _chosen(one, given)
    written = _READERS.get(one.kind, _text)(given[0], language)
    if written is None or len(written) > LONGEST_ANSWER:
        raise errors.AnswerInvalid(one.title)
    return written


def day_written(day: date, language: str) -> str:
    """`"29/11/2026"`, in English `"2026-11-29"`."""
    return day.isoformat() if language == "en" else day.strftime("%d/%m/%Y")


def day_in_words(day: date, language: str) -> str:
    """`"29 de novembro de 2026"`, `"November 29, 2026"`."""
    month = MONTHS[language if language in MONTHS else "pt-br"].split()[day.month - 1]
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} de {month} de {day.year}"


MONTHS: Mapping[str, str] = {
    "pt-br": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "January February March April May June July August September October November December",
}


def _chosen(one: Input, given: Sequence[str]) -> str:
    several = one.kind is InputKind.CHECKLIST
    if any(text not in one.options for text in given) or (len(given) > 1 and not several):
        raise errors.AnswerInvalid(one.title)
    return BETWEEN.join(option for option in one.options if option in given)


def _text(typed: str, _language: str) -> str:
    return typed.replace("\r\n", "\n").replace("\r", "\n")


def _email(typed: str, _language: str) -> str | None:
    return typed if is_email(typed) else None


def is_email(text: str) -> bool:
    name, _, host = text.rpartition("@")
    plain = len(text) <= 320 and not any(sign.isspace() or sign in '<>,;"' for sign in text)
    return bool(name) and "." in host.strip(".") and plain


def _phone(typed: str, _language: str) -> str | None:
    """Ten digits, or eleven of which the third is a nine; the country's 55 may stand before them."""
    digits = re.sub(r"[^0-9]", "", typed)
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    if re.search(r"[^0-9+()\s.-]", typed) or not re.fullmatch(r"[1-9][1-9](9\d{8}|[2-8]\d{7})", digits):
        return None
    return f"({digits[:2]}) {digits[2:-4]}-{digits[-4:]}"


def _cpf(typed: str, _language: str) -> str | None:
    return show_tax_id(typed) if is_cpf(typed) else None


def _cnpj(typed: str, _language: str) -> str | None:
    return show_tax_id(typed) if is_cnpj(typed) else None


_BRAZILIAN = re.compile(r"(?:R\$\s*)?(\d{1,3}(?:\.\d{3})+|\d{1,15})(?:,(\d{1,2}))?")
_PLAIN = re.compile(r"(\d{1,15})\.(\d{2})")


def _money(typed: str, _language: str) -> str | None:
    """`"1234,5"`, `"R$ 1.234,50"` or `"1234.50"` → `"R$ 1.234,50"`."""
    found = _PLAIN.fullmatch(typed) or _BRAZILIAN.fullmatch(typed)
    if found is None:
        return None
    whole, cents = found.group(1).replace(".", ""), (found.group(2) or "").ljust(2, "0")
    if len(whole) > 15:
        return None
    amount = f"{Decimal(f'{whole}.{cents}'):,.2f}"
    return "R$ " + amount.translate(str.maketrans(",.", ".,"))


def _day(typed: str, language: str) -> str | None:
    day = _day_of(typed)
    return day_written(day, language) if day else None


def _day_at_length(typed: str, language: str) -> str | None:
    day = _day_of(typed)
    return day_in_words(day, language) if day else None


def _day_of(typed: str) -> date | None:
    """As a browser sends it, or as people write it in Brazil."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed, form).date()
        except ValueError:
            continue
    return None


_READERS: Mapping[InputKind, Callable[[str, str], str | None]] = {
    InputKind.EMAIL: _email,
    InputKind.PHONE: _phone,
    InputKind.CPF: _cpf,
    InputKind.CNPJ: _cnpj,
    InputKind.MONEY: _money,
    InputKind.DATE: _day,
    InputKind.DATE_IN_WORDS: _day_at_length,
}
