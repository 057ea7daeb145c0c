"""What clients said of a note, by name: an item's word, else the invoice's, else the document type's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from lacre.fiscal.errors import (
    ChoiceInvalid,
    DayInvalid,
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    GroupExpected,
    ItemsDiffer,
    ListExpected,
    NumberInvalid,
    ValueInvalid,
)
from lacre.fiscal.invoice import Invoice
from lacre.kit.json import Json

Choice = TypeVar("Choice", bound=StrEnum)
Group = TypeVar("Group")
YES = frozenset({"true", "1", "yes", "sim"})


class Said:
    """Items must agree: one note has one service."""

    def __init__(self, items: Sequence[Mapping[str, Json]], *others: Mapping[str, Json]) -> None:
        self._items, self._others = items, others

    @classmethod
    def of(cls, invoice: Invoice) -> Said:
        return cls([one.settings for one in invoice.lines], invoice.details, invoice.schema.parameters)

    def held(self, name: str) -> Json:
        """As it was said; `None` when nobody did, or nothing by it."""
        found = [held for one in self._items if (held := _within(one, name)) not in _NOTHING]
        if any(one != found[0] for one in found):
            raise ItemsDiffer(name)
        found += [held for one in self._others if (held := one.get(name)) not in _NOTHING]
        return found[0] if found else None

    def __call__(self, name: str) -> str:
        """Empty when nobody said it."""
        return _text(self.held(name))

    def digits(self, name: str) -> str:
        return re.sub(r"\D", "", self(name))

    def yes(self, name: str) -> bool:
        return self(name).lower() in YES

    def rate(self, name: str) -> Decimal | None:
        """Percents."""
        said = self(name).rstrip("%").replace(",", ".")
        return _decimal(said, name, most=Decimal(100)) if said else None

    def amount(self, name: str) -> Decimal:
        said = self(name)
        return _decimal(said, name, most=Decimal(10**13)) if said else Decimal("0.00")

    def one_of(self, kind: type[Choice], name: str, usual: Choice) -> Choice:
        return one_of(kind, self(name) or usual.value, name)

    def group(self, name: str, shape: TypeAdapter[Group]) -> Group | None:
        """Of several fields, as one of the note's own dataclasses."""
        held = self.held(name)
        return None if held is None else _read(held, name, shape)

    def groups(self, name: str, shape: TypeAdapter[Group]) -> tuple[Group, ...]:
        held = self.held(name)
        if held is None:
            return ()
        if isinstance(held, str) or not isinstance(held, Sequence):
            raise ListExpected(name)
        return tuple(_read(one, f"{name}.{place}", shape) for place, one in enumerate(held))


_NOTHING: tuple[Json, ...] = (None, "", {}, [])


def one_of(kind: type[Choice], value: str, field: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        raise ChoiceInvalid(field, repr(value[:20])) from None


def _within(settings: Mapping[str, Json], name: str) -> Json:
    for group in ("parameters", "taxes"):
        held = settings.get(group)
        if isinstance(held, Mapping) and held.get(name) is not None:
            return held[name]
    return None


def _text(said: Json) -> str:
    if isinstance(said, bool):
        return "true" if said else "false"
    return str(said).strip() if isinstance(said, str | int | float) else ""


def _decimal(said: str, name: str, *, most: Decimal) -> Decimal:
    try:
        number = Decimal(said)
    except InvalidOperation:
        raise NumberInvalid(name) from None
    if not number.is_finite() or not 0 <= number <= most or number != number.quantize(Decimal("0.01")):
        raise NumberInvalid(name)
    return number.quantize(Decimal("0.01"))


# ── groups ───────────────────────────────────────────────────────────────────


def _read(held: Json, name: str, shape: TypeAdapter[Group]) -> Group:
    if not isinstance(held, Mapping):
        raise GroupExpected(name)
    try:
        found = shape.validate_python(_spoken(held))
    except ValidationError as problem:
        wrong = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _amiss(_path(name, wrong["loc"]), wrong["type"], wrong["msg"]) from None
    strange = next(_unknown(held, found, name), None)
    if strange is not None:
        raise FieldUnknown(strange[:200])
    return found


def _spoken(held: Json) -> Any:  # noqa: ANN401 - JSON
    """Numbers as texts, which both a code and an amount may be; what is empty was not said."""
    if isinstance(held, Mapping):
        return {name: _spoken(one) for name, one in held.items() if one not in _NOTHING}
    if isinstance(held, int | float) and not isinstance(held, bool):
        return str(held)
    return held


def _unknown(held: Json, found: object, where: str) -> Iterator[str]:
    """Names that no field has, however deep."""
    if isinstance(held, Mapping) and is_dataclass(found):
        known = {one.name for one in fields(found)}
        for name, one in held.items():
            inside = f"{where}.{name}"
            if name in known:
                yield from _unknown(one, getattr(found, name), inside)
            else:
                yield inside


def _path(name: str, parts: Sequence[str | int]) -> str:
    """Without the names of types, of which one may be meant or another."""
    return ".".join([name, *(str(part) for part in parts if str(part).islower())])


def _amiss(path: str, kind: str, message: str) -> FieldInvalid:
    known = next((one for start, one in _AMISS.items() if kind.startswith(start)), None)
    return known(path) if known else ValueInvalid(path, message[:1].lower() + message[1:])


_AMISS: Mapping[str, type[FieldInvalid]] = {
    "missing": FieldMissing,
    "decimal": NumberInvalid,
    "date": DayInvalid,
    "tuple": ListExpected,
    "dataclass": GroupExpected,
}
"""What pydantic calls it, by how that begins."""
