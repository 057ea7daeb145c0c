"""Who is on a note besides the company, as typed in its form: customer, intermediary, suppliers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lacre.fiscal.customer import Customer
from lacre.fiscal.party import BRAZIL, Address
from lacre.kit.countries import is_country
from lacre.kit.json import Json
from lacre.web.console import notes
from lacre.web.console.particulars import (
    ABROAD,
    DEDUCTED,
    HOME,
    INTERMEDIARY,
    SUPPLIER,
    SUPPLIER_ABROAD,
    Input,
    at,
    documents_in,
    each_input,
)

STREET = ("street", "number", "neighborhood", "postal_code")
IN_BRAZIL, OUTSIDE = ("city_code",), ("city", "region", "country")
Typed = Mapping[str, str]
Wrong = Iterator[tuple[str, str]]
"""Where, and what."""
_FOREIGN = {"foreign_id": "number", "no_foreign_id": "why_not"}
"""What the form calls it, and the note."""
_NOT_STATED = "0"


def wrong(typed: Typed) -> dict[str, str]:
    """By input or section, all that can be told before the note is drawn up."""
    others = [*_of_intermediary(typed), *_of_suppliers(typed)]
    return dict([*_of_countries(typed), *_of_customer(typed), *others])


def is_abroad(typed: Typed) -> bool:
    """Whether anything was typed of a customer abroad."""
    return _says(typed, ABROAD.every_input)


def address(typed: Typed, address_id: str) -> Address:
    """The customer's, in Brazil or abroad; blank when none was typed."""
    group = "abroad" if is_abroad(typed) else "home"
    said = {name: typed.get(f"{group}.{name}", "") for name in (*STREET, *IN_BRAZIL, *OUTSIDE, "complement")}
    return Address(
        id=address_id,
        street=said["street"],
        number=said["number"],
        additional_details=said["complement"],
        neighborhood=said["neighborhood"],
        zipcode=said["postal_code"] if is_abroad(typed) else re.sub(r"\D", "", said["postal_code"]),
        city=said["city"],
        state=said["region"],
        country=said["country"].upper() or BRAZIL,
        city_code=said["city_code"],
    )


def filled(customer: Customer) -> dict[str, str]:
    """An address in Brazil that is not whole is none on a note, and not shown as one."""
    if customer.registry_code:
        home = _parts(customer.address, "home", IN_BRAZIL)
        return home if all(home[f"home.{name}"] for name in (*STREET, *IN_BRAZIL)) else {}
    numbers = {
        "abroad.foreign_id": customer.foreign_id,
        "abroad.no_foreign_id": customer.no_foreign_id,
    }
    outside = customer.address.country.upper() != BRAZIL
    return numbers | (_parts(customer.address, "abroad", OUTSIDE) if outside else {})


def named(person: Json) -> Json:
    """As the form says somebody: a foreign number, or why there is none, beside the CPF or CNPJ."""
    if not isinstance(person, Mapping) or not isinstance(foreign := person.get("tax_id"), Mapping):
        return person
    number, why_not = foreign.get("number"), foreign.get("why_not")
    others = {name: one for name, one in person.items() if name != "tax_id"}
    return {**others, "foreign_id": number, "no_foreign_id": None if why_not == _NOT_STATED else why_not}


def meant(person: Json) -> Json:
    """As a note says them."""
    if not isinstance(person, Mapping) or not person.keys() & _FOREIGN.keys():
        return person
    others = {name: one for name, one in person.items() if name not in _FOREIGN}
    return {**others, "tax_id": {theirs: person[ours] for ours, theirs in _FOREIGN.items() if ours in person}}


def _parts(one: Address, group: str, others: Sequence[str]) -> dict[str, str]:
    everything = {
        "street": one.street,
        "number": one.number,
        "complement": one.additional_details,
        "neighborhood": one.neighborhood,
        "postal_code": one.zipcode,
        "city_code": one.city_code,
        "city": one.city,
        "region": one.state,
        "country": one.country.upper(),
    }
    return {f"{group}.{name}": everything[name] for name in (*STREET, "complement", *others)}


# ── what is wrong ────────────────────────────────────────────────────────────


def _of_countries(typed: Typed) -> Wrong:
    for one in each_input(documents_in(typed)):
        said = typed.get(one.path, "")
        if one.kind == "country" and said and not is_country(said.upper()):
            yield one.path, notes.COUNTRY_WRONG


def _of_customer(typed: Typed) -> Wrong:
    if not is_abroad(typed):
        yield from _of_address(typed, "home", IN_BRAZIL)
        return
    if typed["tax_id"]:
        yield "tax_id", notes.REGISTERED_AND_ABROAD
    if _says(typed, HOME.every_input):
        yield "home", notes.HOME_AND_ABROAD
    yield from _of_foreign_id(typed, "abroad")
    yield from _of_address(typed, "abroad", OUTSIDE)
    if typed["abroad.country"].upper() == BRAZIL:
        yield "abroad.country", notes.BRAZIL_IS_NOT_ABROAD


def _of_foreign_id(typed: Typed, group: str) -> Wrong:
    number, why_not = typed[f"{group}.foreign_id"], typed[f"{group}.no_foreign_id"]
    if number and why_not:
        yield f"{group}.no_foreign_id", notes.NUMBER_AND_REASON
    elif not (number or why_not):
        yield f"{group}.foreign_id", notes.NEITHER_NUMBER_NOR_REASON


def _of_intermediary(typed: Typed) -> Wrong:
    if _says(typed, INTERMEDIARY.every_input):
        yield from _of_third(typed, "intermediary")


def _of_suppliers(typed: Typed) -> Wrong:
    for place in range(documents_in(typed)):
        if _says(typed, at(place, (*SUPPLIER, *SUPPLIER_ABROAD))):
            yield from _of_third(typed, f"{DEDUCTED}.{place}.supplier")


def _of_third(typed: Typed, who: str) -> Wrong:
    if not typed[f"{who}.name"]:
        yield f"{who}.name", notes.FIELD_MISSING
    yield from _of_numbers(typed, who)
    group = f"{who}.address"
    outside = any(typed[f"{group}.{name}"] for name in OUTSIDE)
    if outside and typed[f"{group}.city_code"]:
        yield f"{group}.city_code", notes.CITY_AND_COUNTRY
    yield from _of_address(typed, group, OUTSIDE if outside else IN_BRAZIL)


def _of_numbers(typed: Typed, who: str) -> Wrong:
    foreign = typed[f"{who}.foreign_id"] or typed[f"{who}.no_foreign_id"]
    if not foreign and not typed[f"{who}.tax_id"]:
        yield f"{who}.tax_id", notes.NUMBER_UNKNOWN
    elif foreign and typed[f"{who}.tax_id"]:
        yield f"{who}.tax_id", notes.REGISTERED_AND_FOREIGN
    elif foreign:
        yield from _of_foreign_id(typed, who)


def _of_address(typed: Typed, group: str, others: Sequence[str]) -> Wrong:
    """Whole or not at all."""
    needed = [f"{group}.{name}" for name in (*STREET, *others)]
    if any(typed[one] for one in (*needed, f"{group}.complement")):
        yield from ((one, notes.FIELD_MISSING) for one in needed if not typed[one])


def _says(typed: Typed, inputs: Sequence[Input]) -> bool:
    return any(typed.get(one.path) for one in inputs)
