"""What a form asks and what came back: every answer read by its kind, with the error beside its question."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from lacre.kit.refusal import Refusal
from lacre.signing import errors
from lacre.signing.inputs import LONGEST_ANSWER, Input, InputKind, is_email, read_answer
from lacre.signing.signer import Channel, Signer

MISSING = "Answer this: it is required."
NAME_MISSING = "Write your full name."
WRONG_EMAIL = "Write an e-mail address, such as name@example.com."
WRONG_PHONE = "Write the area code and the number, such as (11) 98765-4321."
WRONG: Mapping[InputKind, str] = {
    InputKind.EMAIL: WRONG_EMAIL,
    InputKind.PHONE: WRONG_PHONE,
    InputKind.CPF: "This is no CPF: check its eleven digits.",
    InputKind.CNPJ: "This is no CNPJ: check its fourteen signs.",
    InputKind.MONEY: "Write an amount, such as 1.234,56.",
    InputKind.DATE: "Write a date, such as 29/11/2026.",
    InputKind.DATE_IN_WORDS: "Write a date, such as 29/11/2026.",
    InputKind.CHOICE: "Choose one of the options.",
    InputKind.LIST: "Choose one of the options.",
    InputKind.CHECKLIST: "Choose among the options.",
}
TOO_LONG = "This is longer than the document can hold."
LONGEST_LINE = 320
_PHONE = Input(variable="", kind=InputKind.PHONE)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One input; `key` names it in the form, whatever becomes of the others."""

    input: Input
    typed: Sequence[str] = ()
    error: str = ""

    @property
    def key(self) -> str:
        return key_of(self.input)

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who fills the form in, as they said; errors by property."""

    name: str = ""
    email: str = ""
    phone: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Filled:
    questions: Sequence[Question]
    answers: Mapping[str, str]
    person: Person = field(default_factory=Person)

    @property
    def wrong(self) -> bool:
        return bool(self.person.errors) or any(one.error for one in self.questions)


def key_of(one: Input) -> str:
    return "a-" + hashlib.sha256(one.variable.encode()).hexdigest()[:16]


def asked(inputs: Sequence[Input]) -> list[Question]:
    return [Question(input=one) for one in inputs]


def read_answers(form: FormData, inputs: Sequence[Input], *, language: str) -> Filled:
    questions, answers = [], {}
    for one in inputs:
        typed = _typed(form, key_of(one))
        try:
            answers[one.variable] = read_answer(one, typed, language=language)
            error = ""
        except (errors.AnswerMissing, errors.AnswerInvalid) as refusal:
            error = _said(one, refusal)
        questions.append(Question(input=one, typed=typed, error=error))
    return Filled(questions=questions, answers={name: value for name, value in answers.items() if value})


def read_person(form: FormData, signer: Signer) -> Person:
    """What is asked of whoever signs first."""
    name, email, phone = (_line(form, key) for key in ("name", "email", "phone"))
    wrong = {}
    if not name:
        wrong["name"] = NAME_MISSING
    if asks_email(signer) and not is_email(email):
        wrong["email"] = WRONG_EMAIL
    if (phone or needs_phone(signer)) and asks_phone(signer) and not _is_phone(phone):
        wrong["phone"] = WRONG_PHONE
    return Person(
        name=name,
        email=email if asks_email(signer) else "",
        phone=phone if asks_phone(signer) else "",
        errors=wrong,
    )


def asks_email(signer: Signer) -> bool:
    return signer.options.ask_email or signer.options.code_channel is Channel.EMAIL


def asks_phone(signer: Signer) -> bool:
    return signer.options.ask_phone or needs_phone(signer)


def needs_phone(signer: Signer) -> bool:
    return signer.options.code_channel in (Channel.SMS, Channel.WHATSAPP)


def _said(one: Input, refusal: Refusal) -> str:
    if isinstance(refusal, errors.AnswerMissing):
        return MISSING
    return WRONG.get(one.kind, TOO_LONG)


def _is_phone(text: str) -> bool:
    try:
        return bool(read_answer(_PHONE, [text], language="pt-br"))
    except (errors.AnswerMissing, errors.AnswerInvalid):
        return False


def _typed(form: FormData, key: str) -> list[str]:
    return [one[: LONGEST_ANSWER + 1] for one in form.getlist(key) if isinstance(one, str)]


def _line(form: FormData, key: str) -> str:
    value = form.get(key)
    return " ".join(value.split())[:LONGEST_LINE] if isinstance(value, str) else ""
