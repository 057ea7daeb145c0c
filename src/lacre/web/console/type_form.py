"""A document type as a form holds it: texts that somebody types, in as many fields and rules as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import count
from typing import Any, TypeAlias, TypeVar

from lacre.kit.json import Json
from lacre.processing.document_type import DocumentType, Field, Kind, Part, Region, Rule, Where
from lacre.processing.flaws import Flaw, flaws_of
from lacre.processing.normal import plain_name
from lacre.processing.snapshot import thaw_type
from lacre.web.console import notes

Read: TypeAlias = Callable[[str], str]
"""What was typed under a name; empty if nothing was."""
Those: TypeAlias = tuple[Any, ...]
"""Fields, rules or columns."""
One = TypeVar("One")
_LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class TypedRule:
    anchor: str = ""
    """A text on each line."""
    where: str = Where.AROUND
    section: str = ""
    """A title on each line."""
    pattern: str = ""
    code: str = ""
    """Kinds with commas between them."""
    region: str = ""
    """Left, top, right and bottom in percent, with blanks between them."""
    page: str = ""
    of: str = ""
    part: str = ""

    @property
    def narrowed(self) -> bool:
        """By more than most rules are."""
        return any((self.section, self.pattern, self.code, self.region, self.page, self.of, self.part))


@dataclass(frozen=True, kw_only=True)
class TypedColumn:
    name: str = ""
    headers: str = ""
    kind: str = Kind.TEXT


@dataclass(frozen=True, kw_only=True)
class TypedField:
    title: str = ""
    name: str = ""
    kind: str = Kind.TEXT
    required: str = ""
    choices: str = ""
    rules: tuple[TypedRule, ...] = ()
    columns: tuple[TypedColumn, ...] = ()

    @property
    def said_name(self) -> str:
        """Its property in the data; made of its title unless somebody says otherwise."""
        return self.name or _named_after(self.title)


@dataclass(frozen=True, kw_only=True)
class TypedType:
    name: str = ""
    description: str = ""
    asks_model: str = ""
    fields: tuple[TypedField, ...] = ()


# ── from what is kept, and from what was typed ───────────────────────────────


def written(one: DocumentType) -> TypedType:
    return TypedType(
        name=one.name,
        description=one.description,
        asks_model="on" if one.asks_model else "",
        fields=tuple(_field(field) for field in one.fields),
    )


def typed_in(read: Read) -> TypedType:
    made = tuple(_each(read, "f", _typed_field))
    return TypedType(
        name=read("name"), description=read("description"), asks_model=read("asks_model"), fields=made
    )


def _field(one: Field) -> TypedField:
    return TypedField(
        title=one.title,
        name=one.name,
        kind=one.kind,
        required="on" if one.required else "",
        choices="\n".join(one.choices),
        rules=tuple(_rule(rule) for rule in one.rules),
        columns=tuple(
            TypedColumn(name=each.name, headers="\n".join(each.headers), kind=each.kind)
            for each in one.columns
        ),
    )


def _rule(one: Rule) -> TypedRule:
    region = one.region
    return TypedRule(
        anchor="\n".join(one.anchor),
        where=one.where,
        section="\n".join(one.section),
        pattern=one.pattern,
        code=",".join(one.code),
        region=f"{region.left:g} {region.top:g} {region.right:g} {region.bottom:g}" if region else "",
        page=str(one.page) if one.page else "",
        of=one.of,
        part=one.part or "",
    )


def _each(read: Read, prefix: str, make: Callable[[Read], One]) -> Iterator[One]:
    """As many as are there: each says so by an input `PREFIXn-here`."""
    for place in count():
        here = partial(_under, read, f"{prefix}{place}-")
        if not here("here"):
            return
        yield make(here)


def _under(read: Read, prefix: str, name: str) -> str:
    return read(prefix + name)


def _typed_field(read: Read) -> TypedField:
    return TypedField(
        title=read("title"),
        name=read("name"),
        kind=read("kind"),
        required=read("required"),
        choices=read("choices"),
        rules=tuple(_each(read, "r", _typed_rule)),
        columns=tuple(_each(read, "c", _typed_column)),
    )


def _typed_rule(read: Read) -> TypedRule:
    return TypedRule(**{one.name: read(one.name) for one in fields(TypedRule)})


def _typed_column(read: Read) -> TypedColumn:
    return TypedColumn(**{one.name: read(one.name) for one in fields(TypedColumn)})


# ── what its buttons do ──────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What to do with which field, rule or column: `field-up:2`, `rule-remove:2:1`."""

    part: str
    verb: str
    at: Sequence[int]

    @classmethod
    def of(cls, button: str) -> Edit | None:
        """`None` of what no button says."""
        what, *places = button.split(":")
        part, _, verb = what.partition("-")
        at = [int(one) for one in places if one.isdecimal()]
        known = verb in _VERBS and part in _NEW and len(at) == (part != "field") + (verb != "add")
        return cls(part=part, verb=verb, at=at) if known else None

    def on(self, those: Those, at: Sequence[int]) -> Those:
        return _VERBS[self.verb](those, at, _NEW[self.part])


def edited(typed: TypedType, edit: Edit) -> TypedType:
    if edit.part == "field":
        return replace(typed, fields=edit.on(typed.fields, edit.at))
    which, *inside = edit.at
    those = [_inside(one, edit, inside) if which == place else one for place, one in enumerate(typed.fields)]
    return replace(typed, fields=tuple(those))


@dataclass(frozen=True, kw_only=True)
class Touched:
    """Where a page begins again after a change: the field that is open, and the input to go on with."""

    field: int = -1
    input: str = ""


AT_THE_TOP = Touched()


def touched(typed: TypedType, edit: Edit) -> Touched:
    match f"{edit.part}-{edit.verb}", edit.at:
        case "field-add", []:
            return _open(len(typed.fields) - 1, "-title")
        case "field-up", [place]:
            return _open(max(place - 1, 0), "")
        case "field-down", [place]:
            return _open(min(place + 1, len(typed.fields) - 1), "")
        case "rule-add", [place] if place < len(typed.fields):
            return _open(place, f"-r{len(typed.fields[place].rules) - 1}-anchor")
        case "column-add", [place] if place < len(typed.fields):
            return _open(place, f"-c{len(typed.fields[place].columns) - 1}-headers")
        case "rule-up", [place, number]:
            return _open(place, f"-r{max(number - 1, 0)}-anchor")
        case "field-remove", [place]:
            return _closed(min(place, len(typed.fields) - 1))
        case ("rule-remove", [place, _]) | ("column-remove", [place, _]):
            return _open(place, "")
        case _:
            return AT_THE_TOP


def _closed(place: int) -> Touched:
    """The next field; where none is left, the button that adds one."""
    return Touched(input=f"f{place}" if place >= 0 else "field-add")


def _open(place: int, below: str) -> Touched:
    return Touched(field=place, input=f"f{place}{below}")


def _inside(field: TypedField, edit: Edit, at: Sequence[int]) -> TypedField:
    if edit.part == "rule":
        return replace(field, rules=edit.on(field.rules, at))
    return replace(field, columns=edit.on(field.columns, at))


def _add(those: Those, _: Sequence[int], new: Any) -> Those:  # noqa: ANN401 - one of those
    return (*those, new)


def _remove(those: Those, at: Sequence[int], _: Any) -> Those:  # noqa: ANN401
    return tuple(one for place, one in enumerate(those) if place != at[0])


def _raise(those: Those, at: Sequence[int], _: Any) -> Those:  # noqa: ANN401
    """One place up."""
    (place,) = at
    if not 0 < place < len(those):
        return those
    return (*those[: place - 1], those[place], those[place - 1], *those[place + 1 :])


def _lower(those: Those, at: Sequence[int], new: Any) -> Those:  # noqa: ANN401
    return _raise(those, [at[0] + 1], new)


_VERBS: Mapping[str, Callable[[Those, Sequence[int], Any], Those]] = {
    "add": _add,
    "remove": _remove,
    "up": _raise,
    "down": _lower,
}
_NEW: Mapping[str, Any] = {
    "field": TypedField(rules=(TypedRule(),)),
    "rule": TypedRule(),
    "column": TypedColumn(),
}


# ── what it means ────────────────────────────────────────────────────────────


def meant(typed: TypedType, number: int) -> tuple[DocumentType, Mapping[str, Flaw]]:
    """The type, as far as it can be read, and what is wrong by the name of the input that it stands at."""
    unread: list[Flaw] = []
    said: dict[str, Json] = {
        "number": number,
        "name": typed.name,
        "description": typed.description,
        "asks_model": bool(typed.asks_model),
        "fields": [_said_field(one, place, unread) for place, one in enumerate(typed.fields)],
    }
    found = thaw_type(said)
    return found, {input_at(flaw.at): flaw for flaw in [*flaws_of(found), *unread]}


def input_at(way: Sequence[str | int]) -> str:
    """The name of the input for a way through the JSON: `f2-r0-pattern`; `f2-c`: all columns of a field."""
    short = {"fields": "f", "rules": "r", "columns": "c"}
    parts: list[str] = []
    for one in way:
        if isinstance(one, int):
            parts[-1] += str(one)
        else:
            parts.append(short.get(one, one))
    return "-".join(parts)


def _said_field(one: TypedField, place: int, unread: list[Flaw]) -> dict[str, Json]:
    kind = _known(Kind, one.kind, Kind.TEXT)
    return {
        "name": one.said_name,
        "title": one.title,
        "kind": kind,
        "required": bool(one.required),
        "choices": lines(one.choices),
        "rules": [
            _said_rule(rule, ("fields", place, "rules", at), unread)
            for at, rule in enumerate(one.rules if kind is not Kind.TABLE else ())
        ],
        "columns": [_said_column(each) for each in (one.columns if kind is Kind.TABLE else ())],
    }


def _said_column(one: TypedColumn) -> dict[str, Json]:
    headers = lines(one.headers)
    name = one.name or _named_after(headers[0] if headers else "")
    return {"name": name, "headers": headers, "kind": _known(Kind, one.kind, Kind.TEXT)}


def _said_rule(one: TypedRule, at: tuple[str | int, ...], unread: list[Flaw]) -> dict[str, Json]:
    region, page = _region(one.region), _page(one.page)
    if one.region and region is None:
        unread.append(Flaw((*at, "region"), notes.REGION_NOT_READ))
    if page is None:
        unread.append(Flaw((*at, "page"), notes.PAGE_NOT_READ))
    return {
        "anchor": lines(one.anchor),
        "where": _known(Where, one.where, Where.AROUND),
        "section": lines(one.section),
        "pattern": one.pattern,
        "code": [part.strip() for part in one.code.split(",") if part.strip()],
        "region": region,
        "page": page or 0,
        "of": one.of,
        "part": _known(Part, one.part, None),
    }


def _region(text: str) -> dict[str, Json] | None:
    """Four numbers of percent, the last two beyond the first two."""
    try:
        left, top, right, bottom = (float(part) for part in text.split())
    except ValueError:
        return None
    whole = Region()
    if not (whole.left <= left < right <= whole.right and whole.top <= top < bottom <= whole.bottom):
        return None
    return {"left": left, "top": top, "right": right, "bottom": bottom}


def _page(text: str) -> int | None:
    """0: any; `None` of what is no page."""
    if not text:
        return 0
    digits = text.removeprefix("-")
    number = int(text) if digits.isdecimal() and len(digits) < 6 else None
    return number if number is not None and number >= -1 else None


def _known(of: type[One], text: str, otherwise: One | None) -> One | None:
    """Of a list's choices; a form that was tampered with gets the usual one."""
    return next((one for one in of if one == text), otherwise)  # type: ignore[attr-defined]


def lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _named_after(title: str) -> str:
    return plain_name(title)[:_LONGEST_NAME].rstrip("_")
