"""A JSON Schema as the tables that a page shows of it: one for each object, with where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a value may be."""

    word: str = ""
    """As JSON calls it, or the form of a text."""
    codes: tuple[str, ...] = ()
    """One of these."""
    of: str = ""
    """The object that has a table of its own."""
    many: bool = False
    or_null: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    name: str
    kind: Kind
    always: bool
    words: str


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str
    """Empty of the whole."""
    words: str
    rows: list[Row]
    places: list[str] = field(default_factory=list)
    """Its paths from the whole, such as `data.envelope.signers[]`."""


def tables(schema: Schema) -> list[Table]:
    """The whole first, then what stands in it, in the order in which it is named."""
    found: dict[str, Table] = {}
    _look(found, schema, "", "", schema.get("$defs", {}))
    return [*found.values()]


def _look(found: dict[str, Table], said: Schema, name: str, place: str, named: Schema) -> None:
    if name not in found:
        found[name] = Table(name=name, words=said.get("description", ""), rows=_rows(said, named))
    found[name].places.append(place)
    for row in found[name].rows:
        if row.kind.of:
            inside = f"{place}.{row.name}".lstrip(".") + ("[]" if row.kind.many else "")
            _look(found, named[row.kind.of], row.kind.of, inside, named)


def _rows(said: Schema, named: Schema) -> list[Row]:
    always = said.get("required", ())
    return [
        Row(name=name, kind=_kind(one, named), always=name in always, words=one.get("description", ""))
        for name, one in said.get("properties", {}).items()
    ]


def _kind(said: Schema, named: Schema) -> Kind:
    if "anyOf" in said:
        (kind,) = (_kind(one, named) for one in said["anyOf"] if one.get("type") != "null")
        return Kind(word=kind.word, codes=kind.codes, of=kind.of, many=kind.many, or_null=True)
    if said.get("type") == "array":
        inside = _kind(said["items"], named)
        return Kind(word=inside.word, codes=inside.codes, of=inside.of, many=True)
    if "$ref" in said:
        name = said["$ref"].rpartition("/")[2]
        return _kind(named[name], named) if "enum" in named[name] else Kind(word="object", of=name)
    if "const" in said:
        return Kind(codes=(str(said["const"]),))
    codes = tuple(str(one) for one in said.get("enum", ()))
    return Kind(codes=codes) if codes else Kind(word=said.get("format") or said.get("type") or "any")
