"""What makes a type usable; of one that is not, everything that is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lacre.processing.document_type import Column, DocumentType, Field, Kind, Rule
from lacre.processing.errors import TypeNotUsable

MOST_FIELDS, MOST_RULES, MOST_COLUMNS, MOST_ANCHORS = 60, 12, 20, 20
LONGEST_NAME, LONGEST_PATTERN, LONGEST_ANCHOR = 100, 400, 80
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

NAMELESS = "Give it a name of 1 to 100 characters."
TOO_MANY_FIELDS = "A type has at most {0} fields."
NAME_TAKEN = "Another field has this name."
NOT_A_NAME = "A name begins with a small letter, and has small letters without accents, digits and _ only."
TOO_MANY_RULES = "A field has at most {0} rules."
TOO_MANY_COLUMNS = "A table has at most {0} columns."
TOO_FEW_COLUMNS = "A table has two columns or more."
HEADERLESS = "Write at least one heading of this column."
TABLE_IN_TABLE = "A column holds no table."
TOO_MANY_ANCHORS = "There are at most {0} announcing texts, of at most {1} characters."
NOT_BEFORE = "Only a field above this one can say it."
PARTLESS = "Choose what of the other field it is."
PATTERN_TOO_LONG = "A pattern has at most {0} characters."
NOT_A_PATTERN = "This is no regular expression: {0}."
SAID = (
    NAMELESS, TOO_MANY_FIELDS, NAME_TAKEN, NOT_A_NAME, TOO_MANY_RULES, TOO_MANY_COLUMNS, TOO_FEW_COLUMNS,
    HEADERLESS, TABLE_IN_TABLE, TOO_MANY_ANCHORS, NOT_BEFORE, PARTLESS, PATTERN_TOO_LONG, NOT_A_PATTERN,
)  # fmt: skip


@dataclass(frozen=True)
class Flaw:
    at: tuple[str | int, ...]
    """The way through its JSON: `("fields", 2, "rules", 0, "pattern")`."""
    words: str
    arguments: tuple[str | int, ...] = ()
    """Fill `{0}` and so on."""

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.at))}: {self.words.format(*self.arguments).rstrip('.')}"


def check_type(one: DocumentType) -> None:
    """Raises `TypeNotUsable`, with the first thing that is wrong."""
    flaw = next(flaws_of(one), None)
    if flaw is not None:
        raise TypeNotUsable(str(flaw))


def flaws_of(one: DocumentType) -> Iterator[Flaw]:
    if not one.name.strip() or len(one.name) > LONGEST_NAME:
        yield Flaw(("name",), NAMELESS)
    if len(one.fields) > MOST_FIELDS:
        yield Flaw(("fields",), TOO_MANY_FIELDS, (MOST_FIELDS,))
    for place, field in enumerate(one.fields):
        before = [each.name for each in one.fields[:place]]
        yield from (
            Flaw(("fields", place, *flaw.at), flaw.words, flaw.arguments) for flaw in _of_field(field, before)
        )


def _of_field(field: Field, before: Sequence[str]) -> Iterator[Flaw]:
    if not _NAME.fullmatch(field.name):
        yield Flaw(("name",), NOT_A_NAME)
    elif field.name in before:
        yield Flaw(("name",), NAME_TAKEN)
    if len(field.rules) > MOST_RULES:
        yield Flaw(("rules",), TOO_MANY_RULES, (MOST_RULES,))
    if field.kind is Kind.TABLE:
        yield from _of_columns(field.columns)
    for place, rule in enumerate(field.rules):
        yield from (
            Flaw(("rules", place, *flaw.at), flaw.words, flaw.arguments) for flaw in _of_rule(rule, before)
        )


def _of_columns(columns: Sequence[Column]) -> Iterator[Flaw]:
    if len(columns) > MOST_COLUMNS:
        yield Flaw(("columns",), TOO_MANY_COLUMNS, (MOST_COLUMNS,))
    if len(columns) < 2:
        yield Flaw(("columns",), TOO_FEW_COLUMNS)
    for place, column in enumerate(columns):
        if not _NAME.fullmatch(column.name):
            yield Flaw(("columns", place, "name"), NOT_A_NAME)
        elif column.name in [each.name for each in columns[:place]]:
            yield Flaw(("columns", place, "name"), NAME_TAKEN)
        if not column.headers:
            yield Flaw(("columns", place, "headers"), HEADERLESS)
        if column.kind is Kind.TABLE:
            yield Flaw(("columns", place, "kind"), TABLE_IN_TABLE)


def _of_rule(rule: Rule, before: Sequence[str]) -> Iterator[Flaw]:
    if len(rule.anchor) > MOST_ANCHORS or any(not 0 < len(one) <= LONGEST_ANCHOR for one in rule.anchor):
        yield Flaw(("anchor",), TOO_MANY_ANCHORS, (MOST_ANCHORS, LONGEST_ANCHOR))
    if len(rule.section) > MOST_ANCHORS or any(not 0 < len(one) <= LONGEST_ANCHOR for one in rule.section):
        yield Flaw(("section",), TOO_MANY_ANCHORS, (MOST_ANCHORS, LONGEST_ANCHOR))
    if rule.of and rule.of not in before:
        yield Flaw(("of",), NOT_BEFORE)
    if rule.of and rule.part is None:
        yield Flaw(("part",), PARTLESS)
    yield from _of_pattern(rule.pattern)


def _of_pattern(pattern: str) -> Iterator[Flaw]:
    if len(pattern) > LONGEST_PATTERN:
        yield Flaw(("pattern",), PATTERN_TOO_LONG, (LONGEST_PATTERN,))
        return
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        yield Flaw(("pattern",), NOT_A_PATTERN, (str(wrong),))
