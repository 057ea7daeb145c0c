"""Their query language, parsed: `(status:active AND name:paulo) OR -email:gmail.com`.

A value ends at the next ` AND ` or ` OR `, at a closing parenthesis, or at the end; quoted it may hold them.
`NOT` binds tighter than `AND`, and that tighter than `OR`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lacre.dialects.fastnotas.values import Field, NotAValue
from lacre.fiscal.query import Either, Every, Negation, Operator, Query

LONGEST = 2_000
DEEPEST = 20
"""Of parentheses and negations within each other."""
MOST_CONDITIONS = 50
_SPACE = re.compile(r"\s*")
_NOT = re.compile(r"(?:NOT|not)(?=[\s(])|-")
_FIELD = re.compile(r"[a-z_]+")
_OPERATOR = re.compile(r"\s*(>=|<=|[:=><])\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_BARE = re.compile(r"(?:(?!\s+(?:AND|and|OR|or)(?=[\s(])|\s*\)).)+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class NotAQuery(Exception):
    """Where it cannot be understood, and why; positions count from 1."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"posição {position}: {why}")


def parse(text: str, fields: Mapping[str, Field]) -> Query | None:
    """`None` when nothing is asked; raises `NotAQuery`."""
    if not text.strip():
        return None
    if len(text) > LONGEST:
        raise NotAQuery(LONGEST, f"a busca pode ter até {LONGEST} caracteres")
    parsing = _Parsing(text, fields)
    found = parsing.either(depth=0)
    parsing.require_end()
    return found


@dataclass
class _Parsing:
    text: str
    fields: Mapping[str, Field]
    at: int = 0
    conditions: int = 0

    def either(self, *, depth: int) -> Query:
        parts = [self.every(depth=depth)]
        while self._word("OR"):
            parts.append(self.every(depth=depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def every(self, *, depth: int) -> Query:
        parts = [self.one(depth=depth)]
        while self._word("AND"):
            parts.append(self.one(depth=depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def one(self, *, depth: int) -> Query:
        self._skip()
        if depth > DEEPEST:
            raise self._no(f"até {DEEPEST} grupos dentro de outros")
        if negated := _NOT.match(self.text, self.at):
            self.at = negated.end()
            return Negation(self.one(depth=depth + 1))
        if self.text.startswith("(", self.at):
            return self._group(depth=depth)
        return self._comparison()

    def require_end(self) -> None:
        self._skip()
        if self.at < len(self.text):
            raise self._no("esperava AND, OR ou o fim")

    def _group(self, *, depth: int) -> Query:
        self.at += 1
        inner = self.either(depth=depth + 1)
        self._skip()
        if not self.text.startswith(")", self.at):
            raise self._no("falta fechar um parêntese")
        self.at += 1
        return inner

    def _comparison(self) -> Query:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise self._no(f"até {MOST_CONDITIONS} condições")
        name, field = self._field()
        operator = _OPERATOR.match(self.text, self.at)
        if operator is None:
            raise self._no("esperava um dos operadores : = > >= < <=")
        self.at = operator.end()
        start = self.at
        value = self._value()
        try:
            return field.compared(name, Operator(operator[1]), value)
        except NotAValue as problem:
            raise NotAQuery(start + 1, f"{name} {problem}") from None

    def _field(self) -> tuple[str, Field]:
        found = _FIELD.match(self.text, self.at)
        if found is None:
            raise self._no("esperava o nome de um campo")
        field = self.fields.get(found[0])
        if field is None:
            raise self._no(f"não há o campo {found[0][:40]}; há: {', '.join(sorted(self.fields))}")
        self.at = found.end()
        return found[0], field

    def _value(self) -> str:
        if quoted := _QUOTED.match(self.text, self.at):
            self.at = quoted.end()
            return _ESCAPED.sub(r"\1", quoted[1])
        bare = _BARE.match(self.text, self.at)
        if bare is None or not bare[0].strip():
            raise self._no("falta o valor")
        self.at = bare.end()
        return bare[0].strip()

    def _word(self, word: str) -> bool:
        self._skip()
        for form in (word, word.lower()):
            after = self.at + len(form)
            ends = self.text[after : after + 1].strip() in ("", "(")
            if self.text.startswith(form, self.at) and ends:
                self.at = after
                return True
        return False

    def _skip(self) -> None:
        spaces = _SPACE.match(self.text, self.at)
        self.at = spaces.end() if spaces else self.at

    def _no(self, why: str) -> NotAQuery:
        return NotAQuery(self.at + 1, why)
