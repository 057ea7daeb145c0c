"""The JSON schema of a type's data, made from its fields; and what makes a type usable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lacre.kit.json import Json
from lacre.processing.document_type import Column, DocumentType, Field, Kind
from lacre.processing.errors import TypeNotUsable

MOST_FIELDS, MOST_RULES, MOST_COLUMNS, MOST_ANCHORS = 60, 12, 20, 20
LONGEST_PATTERN, LONGEST_ANCHOR = 400, 80
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

_PATTERNS: Mapping[Kind, str] = {
    Kind.CPF: r"^\d{3}\.\d{3}\.\d{3}-\d{2}$",
    Kind.CNPJ: r"^[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}$",
    Kind.MONEY: r"^-?\d+\.\d{2}$",
    Kind.NUMBER: r"^\d+$",
    Kind.INTEGER: r"^\d+$",
    Kind.CEP: r"^\d{5}-\d{3}$",
    Kind.UF: r"^[A-Z]{2}$",
    Kind.ACCESS_KEY: r"^\d{44}$",
    Kind.PAYMENT_LINE: r"^\d{47,48}$",
    Kind.DRIVER_NUMBER: r"^\d{11}$",
}


def schema_of(one: DocumentType) -> dict[str, Json]:
    """JSON Schema 2020-12. Every field is there in the data; `null` where it was not found."""
    return {
        "type": "object",
        "title": one.name,
        "properties": {field.name: _field(field) for field in one.fields},
        "required": [field.name for field in one.fields],
        "additionalProperties": False,
    }


def check_type(one: DocumentType) -> None:
    """Raises `TypeNotUsable`, with the first thing that is wrong."""
    problem = next(_problems(one), None)
    if problem is not None:
        raise TypeNotUsable(problem)


def _field(field: Field) -> dict[str, Json]:
    if field.kind is Kind.TABLE:
        rows = {column.name: _scalar(column.kind) for column in field.columns}
        return {
            "title": field.title,
            "type": ["array", "null"],
            "items": {"type": "object", "properties": rows},
        }
    chosen: dict[str, Json] = {"enum": [*field.choices, None]} if field.choices else {}
    return {"title": field.title, **_scalar(field.kind), **chosen}


def _scalar(kind: Kind) -> dict[str, Json]:
    if kind is Kind.DATE:
        return {"type": ["string", "null"], "format": "date"}
    pattern = _PATTERNS.get(kind)
    return {"type": ["string", "null"], **({"pattern": pattern} if pattern else {})}


def _problems(one: DocumentType) -> Iterator[str]:
    if not one.name.strip() or len(one.name) > 100:
        yield "its name has 1 to 100 characters"
    if len(one.fields) > MOST_FIELDS:
        yield f"it has at most {MOST_FIELDS} fields"
    names = [field.name for field in one.fields]
    if len(set(names)) < len(names):
        yield "two of its fields have one name"
    for field in one.fields:
        yield from (f"{field.name}: {problem}" for problem in _of_field(field, names))


def _of_field(field: Field, names: list[str]) -> Iterator[str]:
    if not _NAME.fullmatch(field.name):
        yield "a name is small letters, digits and _"
    if len(field.rules) > MOST_RULES or len(field.columns) > MOST_COLUMNS:
        yield f"there are at most {MOST_RULES} rules and {MOST_COLUMNS} columns"
    if field.kind is Kind.TABLE:
        yield from _of_columns(field.columns)
    for rule in field.rules:
        if len(rule.anchor) > MOST_ANCHORS or any(not 0 < len(one) <= LONGEST_ANCHOR for one in rule.anchor):
            yield f"there are at most {MOST_ANCHORS} announcing texts, of at most {LONGEST_ANCHOR} characters"
        if rule.of and (rule.of not in names[: names.index(field.name)] or rule.part is None):
            yield "what another field says comes after that field, and names a part"
        yield from _of_pattern(rule.pattern)


def _of_columns(columns: tuple[Column, ...]) -> Iterator[str]:
    if len(columns) < 2 or any(not column.headers or column.kind is Kind.TABLE for column in columns):
        yield "a table has two columns or more, each with headers"


def _of_pattern(pattern: str) -> Iterator[str]:
    if len(pattern) > LONGEST_PATTERN:
        yield f"a pattern has at most {LONGEST_PATTERN} characters"
        return
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        yield f"{pattern!r} is no regular expression: {wrong}"
