"""Finds the fields of a type in the pages of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from statistics import fmean

from lacre.processing import checks
from lacre.processing.document_type import DocumentType, Field, Part, Rule
from lacre.processing.extraction import Value
from lacre.processing.finding import Candidate, Labels, candidates, labels_of
from lacre.processing.layout import Sheet, sheet_of
from lacre.processing.normal import Normal, folded, normal
from lacre.processing.page import Page
from lacre.processing.tables import is_table, table

FIRST_PAGES, LAST_PAGES = 40, 10
"""Where fields are looked for; in between, long documents have annexes."""
_DOUBT_LEFT = 0.1
"""Of a value whose check digits are right, that much of its reader's doubt stays."""


def extract(of: DocumentType, pages: Sequence[Page], *, on: date) -> tuple[Value, ...]:
    """One for each field, in their order; of one that is not there the value is `None`.

    `on` is the day the document came: a boleto's due date is counted in days that began anew in 2025.
    """
    sheets = [sheet_of(page) for page in pages]
    labels = labels_of(of, sheets)
    found: dict[str, Value] = {}
    for field in of.fields:
        found[field.name] = _found(field, sheets, labels, found, on) or Value(
            field=field.name, value=None, confidence=0.0
        )
    return tuple(found.values())


def confidence_of(of: DocumentType, pages: Sequence[Page], values: Sequence[Value]) -> float:
    """Of the values that were found; of a type without fields, of its pages' text."""
    found = [one.confidence for one in values if one.value is not None]
    each = found if of.fields else [page.confidence for page in pages]
    return round(fmean(each), 4) if each else 0.0


def _found(
    field: Field, sheets: Sequence[Sheet], labels: Labels, before: Mapping[str, Value], on: date
) -> Value | None:
    if is_table(field):
        return table(field, sheets)
    for rule in field.rules:
        value = _derived(field, rule, before, on) if rule.of else _read(field, rule, sheets, labels)
        if value is not None:
            return value
    return None


def _read(field: Field, rule: Rule, sheets: Sequence[Sheet], labels: Labels) -> Value | None:
    for one in candidates(rule, field.kind, sheets, labels):
        found = normal(field.kind, one.text)
        if found is not None and _is_choice(field, found.value):
            return _value(field, one, found)
    return None


def _is_choice(field: Field, value: str) -> bool:
    return not field.choices or folded(value) in {folded(one) for one in field.choices}


def _value(field: Field, one: Candidate, found: Normal) -> Value:
    where = one.part(found.start, found.end)
    doubt = (1 - where.confidence) * (_DOUBT_LEFT if found.checked else 1)
    chosen = next((each for each in field.choices if folded(each) == folded(found.value)), found.value)
    return Value(
        field=field.name,
        value=chosen,
        text=where.text.strip(),
        confidence=round(1 - doubt, 4),
        page=one.page,
        box=where.box,
    )


def _derived(field: Field, rule: Rule, before: Mapping[str, Value], on: date) -> Value | None:
    source = before.get(rule.of)
    if source is None or rule.part is None or not isinstance(source.value, str):
        return None
    part = _PARTS[rule.part](source.value, on)
    found = normal(field.kind, part) if part else None
    if found is None:
        return None
    return Value(
        field=field.name,
        value=found.value,
        text=source.text,
        confidence=source.confidence,
        page=source.page,
        box=source.box,
    )


def _due_on(line: str, on: date) -> str | None:
    due = checks.due_on(line, near=on)
    return due.isoformat() if due else None


_PARTS: Mapping[Part, Callable[[str, date], str | None]] = {
    Part.KEY_UF: lambda key, _: checks.UFS.get(key[:2]),
    Part.KEY_MONTH: lambda key, _: checks.month(key),
    Part.KEY_ISSUER: lambda key, _: checks.issuer(key),
    Part.KEY_SERIES: lambda key, _: checks.series(key),
    Part.KEY_NUMBER: lambda key, _: checks.number(key),
    Part.LINE_BANK: lambda line, _: line[:3] if line[0] != "8" else None,
    Part.LINE_DUE_ON: _due_on,
    Part.LINE_AMOUNT: lambda line, _: checks.amount(line),
    Part.LINE_BAR_CODE: lambda line, _: checks.bar_code(line),
}
