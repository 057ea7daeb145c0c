"""What was typed of a note's rarer particulars, as an invoice's parameters say it, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from lacre.fiscal.invoice import Invoice
from lacre.fiscal.said import YES, Said
from lacre.kit.json import Json
from lacre.web.console import party_form
from lacre.web.console.door import text_in
from lacre.web.console.particulars import (
    DEDUCTED,
    DOCUMENT,
    NUMBERED,
    OTHER_PAPERS,
    SECTIONS,
    SUPPLIER,
    SUPPLIER_ABROAD,
    Input,
    Part,
    Section,
    at,
    documents_in,
    each_input,
    each_parameter,
    of_document,
)

MOST_DOCUMENTS = 20
"""By form; over the API a thousand."""
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?")
_GROUPED_IN_ENGLISH = re.compile(r"\d{1,3}(,\d{3})+\.\d+")
_UNGROUPED = re.compile(r"\d+([.,]\d+)?")
ASKED = frozenset({DEDUCTED, *(one.path.partition(".")[0] for one in each_parameter(0))})
"""The parameters that the form asks for."""
PLACES: Mapping[str, str] = {
    "iss.suspension": "suspension",
    "iss.benefit": "benefit",
    "iss.kind": "iss_kind",
    "iss.withheld": "iss_withheld",
    "iss.result_country": "result_country",
    "amounts.documents": DEDUCTED,
    "amounts.deduction_rate": "deduction_rate",
    "amounts.deduction": "deduction",
    "amounts.service": "amount",
    "service.nbs": "nbs",
    "service.country": "rendered_in",
    "service.city_code": "rendered_in",
    "service.national_code": "service_code",
    "service.description": "description",
    "customer.tax_id": "tax_id",
    "customer.name": "customer_name",
    "customer.address": "home",
    "competence_on": "issue_on",
}
"""Where the form asks for what a note calls otherwise."""
PLACES_ABROAD: Mapping[str, str] = {"customer.tax_id": "abroad.foreign_id", "customer.address": "abroad"}
"""The same of a customer who is abroad."""
_INTERMEDIARY = "intermediary"
_CEP = re.compile(r"[0-9]{5}-[0-9]{3}")


@dataclass(frozen=True, kw_only=True)
class Fold:
    """A section as it is shown; open when something stands in it."""

    section: Section
    open: bool
    parts: Sequence[tuple[Part, bool]]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document that is deducted."""

    place: int
    inputs: Sequence[Input]
    others: Sequence[Input]
    supplier: Sequence[Input]
    abroad: Sequence[Input]
    """Of a supplier who is."""
    others_open: bool
    supplier_open: bool
    abroad_open: bool


def read(form: FormData, *, more: bool) -> dict[str, str]:
    """By path; `more`: with room for one more document, which is shown even while nothing is typed."""
    count = min(_documents(form) + more, MOST_DOCUMENTS)
    typed = {one.path: text_in(form.get(one.path))[: one.most] for one in each_input(count)}
    return typed if count else {**typed, **{one.path: "" for one in of_document(0)}}


def parameters(typed: Mapping[str, str]) -> dict[str, Json]:
    """Only what was said; a document of which nothing was said is none."""
    said: dict[str, Json] = {}
    for one in each_parameter(min(documents_in(typed), MOST_DOCUMENTS)):
        value = _value(one, typed.get(one.path, ""))
        if value:
            _put(said, one.path.split("."), value)
    documents = said.get(DEDUCTED)
    if isinstance(documents, dict):
        in_order = [documents[place] for place in sorted(documents, key=int)]
        said[DEDUCTED] = _suppliers(in_order, party_form.meant)
    if _INTERMEDIARY in said:
        said[_INTERMEDIARY] = party_form.meant(said[_INTERMEDIARY])
    return said


def filled(old: Invoice) -> dict[str, str]:
    """As the one to be replaced said it, as far as the form has inputs for it."""
    said = _typed(old)
    left_out = unshown(old)
    return {path: value for path, value in said.items() if path.partition(".")[0] not in left_out}


def unshown(old: Invoice) -> dict[str, Json]:
    """What it said in a way that the form has no inputs for."""
    held = Said.of(old).held
    said, meant = _asked_as_typed(parameters(_typed(old)).get), _asked_as_typed(held)
    differing = [name for name in ASKED if _plain(said[name]) != _plain(meant[name])]
    return {name: one for name in differing if (one := held(name))}


def plain_number(typed: str) -> str:
    """As people write it: `1.234,56`, `1,234.56`; `1.500` is no one and a half. What is none stays none."""
    said = typed.removeprefix("R$").strip()
    if _GROUPED.fullmatch(said):
        return said.replace(".", "").replace(",", ".")
    if _GROUPED_IN_ENGLISH.fullmatch(said):
        return said.replace(",", "")
    return said.replace(",", ".") if not said or _UNGROUPED.fullmatch(said) else f"“{said}”"


def place_of(path: str, typed: Mapping[str, str]) -> str:
    """The input that a problem is about; else its document or section; empty: nowhere in particular."""
    known = {one.path for one in each_input(max(1, documents_in(typed)))}
    known |= {one.key for one in SECTIONS} | {part.key for one in SECTIONS for part in one.parts}
    known |= {*PLACES.values()} - {DEDUCTED}
    for one in _upwards(_in_the_form(path, typed)):
        if one in known or NUMBERED.fullmatch(f"{one}."):
            return one
        if one == DEDUCTED:
            return "deduction"
    return ""


def _in_the_form(path: str, typed: Mapping[str, str]) -> str:
    places = {**PLACES, **PLACES_ABROAD} if party_form.is_abroad(typed) else PLACES
    for theirs, ours in places.items():
        if path == theirs or path.startswith(f"{theirs}."):
            return ours + path.removeprefix(theirs)
    return path


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition(".")[0]


def _typed(old: Invoice) -> dict[str, str]:
    held = _asked_as_typed(Said.of(old).held)
    return {path: _shown(value) for name, one in held.items() for path, value in _leaves(name, one)}


def _asked_as_typed(held: Callable[[str], Json]) -> dict[str, Json]:
    """What may be said in several ways, as the form says it."""
    return {name: _AS_TYPED.get(name, _as_it_is)(held(name)) for name in ASKED}


def _as_it_is(held: Json) -> Json:
    return held


def _withheld(held: Json) -> Json:
    if held is None:
        return None
    said = str(held).lower()
    return said if said == "intermediary" else str(said in YES).lower()


def _suppliers(held: Json, said_otherwise: Callable[[Json], Json]) -> Json:
    """The documents, with who supplied each said in another way."""
    if not isinstance(held, Sequence) or isinstance(held, str):
        return held
    return [
        {**one, "supplier": said_otherwise(one["supplier"])}
        if isinstance(one, Mapping) and "supplier" in one
        else one
        for one in held
    ]


_AS_TYPED: Mapping[str, Callable[[Json], Json]] = {
    _INTERMEDIARY: party_form.named,
    DEDUCTED: lambda held: _suppliers(held, party_form.named),
    "iss_withheld": _withheld,
}


def folds(typed: Mapping[str, str], errors: Mapping[str, str]) -> Sequence[Fold]:
    return [
        Fold(
            section=one,
            open=_is_open(one, typed, errors),
            parts=[(part, _is_part_open(part, typed, errors)) for part in one.parts],
        )
        for one in SECTIONS
    ]


def papers(typed: Mapping[str, str], errors: Mapping[str, str]) -> Sequence[Paper]:
    return [_paper(place, typed, errors) for place in range(documents_in(typed))]


def _paper(place: int, typed: Mapping[str, str], errors: Mapping[str, str]) -> Paper:
    others, supplier = at(place, OTHER_PAPERS), at(place, SUPPLIER)
    abroad = at(place, SUPPLIER_ABROAD)
    return Paper(
        place=place,
        inputs=at(place, DOCUMENT),
        others=others,
        supplier=supplier,
        abroad=abroad,
        others_open=_in(others, typed, errors),
        supplier_open=_in((*supplier, *abroad), typed, errors),
        abroad_open=_in(abroad, typed, errors),
    )


def _in(inputs: Sequence[Input], typed: Mapping[str, str], errors: Mapping[str, str]) -> bool:
    return any(typed.get(one.path) or errors.get(one.path) for one in inputs)


def _is_open(one: Section, typed: Mapping[str, str], errors: Mapping[str, str]) -> bool:
    documents = one.key == "deduction" and (documents_in(typed) > 1 or _documents_said(typed, errors))
    inside = any(_is_part_open(part, typed, errors) for part in one.parts)
    return documents or inside or one.key in errors or _in(one.inputs, typed, errors)


def _is_part_open(one: Part, typed: Mapping[str, str], errors: Mapping[str, str]) -> bool:
    return one.key in errors or _in(one.inputs, typed, errors)


def _documents_said(typed: Mapping[str, str], errors: Mapping[str, str]) -> bool:
    said = any(value for name, value in typed.items() if name.startswith(DEDUCTED))
    return said or any(name.startswith(DEDUCTED) for name in errors)


def _documents(form: FormData) -> int:
    return documents_in(name for name in form if text_in(form.get(name)))


def _value(one: Input, typed: str) -> str | bool:
    match one.kind:
        case "tick":
            return typed == "on"
        case "number":
            return plain_number(typed)
        case "digits":
            return re.sub(r"[.\-/ ]", "", typed)
        case "key":
            return re.sub(r"[.\-/ ]", "", typed).upper()
        case "country":
            return typed.upper()
        case "postal":
            return typed.replace("-", "") if _CEP.fullmatch(typed) else typed
        case _:
            return typed


def _put(said: dict[str, Json], steps: Sequence[str], value: Json) -> None:
    *way, last = steps
    inside = said
    for step in way:
        found = inside.setdefault(step, {})
        if not isinstance(found, dict):
            raise TypeError(f"{step} holds a value and a group")
        inside = found
    inside[last] = value


def _leaves(path: str, held: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(held, Mapping):
        for name, one in held.items():
            yield from _leaves(f"{path}.{name}", one)
    elif isinstance(held, Sequence) and not isinstance(held, str):
        for place, one in enumerate(held):
            yield from _leaves(f"{path}.{place}", one)
    elif held is not None:
        yield path, held


def _shown(held: Json) -> str:
    if isinstance(held, bool):
        return "on" if held else ""
    return str(held)


def _plain(held: Json) -> dict[str, str]:
    """Of what was not said nothing is left."""
    return {path: said for path, one in _leaves("", held) if (said := _shown(one))}
