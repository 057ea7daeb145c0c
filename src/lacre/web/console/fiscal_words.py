"""What fiscal says no to, in the language of who reads it: English here, as the catalogues know it.

What the tax office says itself stays in its Portuguese.
"""

from __future__ import annotations

from collections.abc import Mapping

from lacre.fiscal import errors
from lacre.fiscal.operation import Message
from lacre.fiscal.ports import Problem
from lacre.web.layout.translations import words_in

PORTUGUESE, ENGLISH = "pt-br", "en"
CERTIFICATES: Mapping[str, str] = {
    "not_pkcs12": "The certificate cannot be used: this file is no A1 certificate (.pfx, .p12).",
    "wrong_password": "The certificate cannot be used: the password does not open it.",
    "no_key": "The certificate cannot be used: this file holds no private key.",
    "not_rsa": "The certificate cannot be used: the tax office takes RSA keys of 2048 bits or more.",
    "no_client_auth": "The certificate cannot be used: it is not made to identify who calls the tax office.",
    "expired": "The certificate cannot be used: it has expired, or has not begun.",
    "other_company": "The certificate cannot be used: it is another company's.",
}
FIELDS: Mapping[type[errors.FieldInvalid], str] = {
    errors.FieldMissing: "Fill this in.",
    errors.TaxIdInvalid: "Write a valid CPF or CNPJ.",
    errors.AmountInvalid: "Write an amount such as 1.234,56.",
    errors.NumberInvalid: "Write a number with at most two decimals, such as 12,50.",
    errors.DayInvalid: "Choose a day.",
    errors.ChoiceInvalid: "Choose one of those that are offered.",
    errors.ItemsDiffer: "One note has one service: say the same for all.",
    errors.CityCodeInvalid: "Write the IBGE code of the municipality: seven digits.",
    errors.CountryInvalid: "Write the two letters of a country (ISO 3166-1), such as US.",
    errors.ForeignIdInvalid: "Write the foreign number in 40 signs at most.",
    errors.SeriesInvalid: "Choose a series from 1 to 49999, in digits.",
}
UNUSABLE = "This cannot be used here."
OFFICE: Mapping[str, tuple[str, str]] = {
    "given_up": (
        "For two days the national system failed or gave no answer; now it says that nothing was registered.",
        "Try again: it keeps its number, and nothing is issued twice.",
    ),
    "no_certificate": (
        "The document type has no certificate any more.",
        "Send its A1 certificate and try again.",
    ),
    "certificate_refused": (
        "The national system refused the certificate: {0}",
        "Send a valid certificate of the company and try again.",
    ),
    "no_answer": (
        "The national system gave no answer: {0}",
        "Lacre asks what was done before it sends again.",
    ),
    "unreachable": ("The national system was not reached: {0}", ""),
    "municipality_outside": (
        "The municipality {0} has no active agreement with the national NFS-e system.",
        "Issue this note in the municipality's own system, or correct the company's municipality.",
    ),
    "municipality_issues_itself": (
        "The municipality {0} does not use the national issuer: its companies issue in its own system.",
        "Issue this note in the municipality's own system, or correct the company's municipality.",
    ),
    "service_not_administered": (
        "The municipality {0} does not administer the service {1} on {2}.",
        "Choose another national service code, or ask the municipality.",
    ),
    "rate_set_by_municipality": (
        "The municipality {0} has set the rate of this service already ({1}).",
        "Leave the ISS rate out: the national system uses the municipality's.",
    ),
    "municipality_not_asked": ("The municipality {0} could not be asked before issuing: {1}", ""),
}
"""What we say where the tax office would: in which words, and what to do."""


def field_words(wrong: errors.FieldInvalid) -> str:
    return FIELDS.get(type(wrong), UNUSABLE)


def told(problem: Problem, language: str) -> str:
    """Only Spanish has its words in a catalogue: the engine speaks the other two."""
    if language == PORTUGUESE:
        return problem.advice
    if language == ENGLISH:
        return problem.told
    return words_in(language).gettext(problem.text).format(problem.fill)


def said_by_office(message: Message, language: str) -> tuple[str, str]:
    """Its words, and what to do."""
    text, remedy = OFFICE.get(message.code, ("", ""))
    told_before = "{0}" in text and not message.facts
    if language == PORTUGUESE or not text or told_before:
        return message.text, message.remedy
    translate = words_in(language).gettext
    return translate(text).format(*message.facts), translate(remedy) if remedy else ""
