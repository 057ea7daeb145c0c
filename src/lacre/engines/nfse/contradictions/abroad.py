"""Who and what is abroad: how they are known, and what the note says besides."""

from __future__ import annotations

from collections.abc import Callable

from lacre.engines.nfse.contradictions.rule import Rule, Says
from lacre.fiscal.note import Note
from lacre.fiscal.particulars import ForeignTrade
from lacre.fiscal.persons import ForeignAddress, ForeignTaxId, Person
from lacre.kit.tax_ids import is_cnpj


def _is_foreign(person: Person | None) -> bool:
    return person is not None and isinstance(person.address, ForeignAddress)


def no_reason(person: Person | None) -> bool:
    match person:
        case Person(tax_id=ForeignTaxId(number="", why_not="1" | "2")):
            return False
        case Person(tax_id=ForeignTaxId(number="")):
            return True
        case _:
            return False


def _nowhere_abroad(person: Person | None, note: Note) -> bool:
    """Of whom a foreign number is said, a company says the foreign address too."""
    match person:
        case Person(tax_id=ForeignTaxId(number=number)) if number and is_cnpj(note.provider.tax_id):
            return not _is_foreign(person)
        case _:
            return False


def _of_person(
    field: str, of: Callable[[Note], Person | None], *, unknown: str, nowhere: str
) -> tuple[Rule, Rule]:
    return (
        Rule(
            published=unknown,
            field=f"{field}.tax_id",
            code="required",
            text="Say the foreign number, or why there is none: 1 exempt, 2 not required.",
            broken=lambda note: no_reason(of(note)),
        ),
        Rule(
            published=nowhere,
            field=f"{field}.address",
            code="required",
            text="Who has a foreign number has an address abroad: give all of it.",
            broken=lambda note: _nowhere_abroad(of(note), note),
        ),
    )


def _at_home_and_abroad(person: Person | None) -> bool:
    return _is_foreign(person) and person is not None and isinstance(person.tax_id, str)


def _trade(says: Callable[[ForeignTrade], bool]) -> Says:
    return lambda note: note.trade is not None and says(note.trade)


def _no_nbs(note: Note) -> bool:
    abroad = _is_foreign(note.customer) or _is_foreign(note.intermediary) or bool(note.service.country)
    return abroad and not note.service.nbs


RULES: tuple[Rule, ...] = (
    Rule(
        published="E0223",
        field="customer.tax_id",
        text="Who is abroad has a foreign number, or a reason for none; no CPF and no CNPJ.",
        broken=lambda note: _at_home_and_abroad(note.customer),
    ),
    *_of_person("customer", lambda note: note.customer, unknown="E0226", nowhere="E0242"),
    *_of_person("intermediary", lambda note: note.intermediary, unknown="E0286", nowhere="E0298"),
    Rule(
        published="E0318",
        field="service.nbs",
        code="required",
        text="What goes abroad has a code of the NBS: nine digits.",
        broken=_no_nbs,
    ),
    Rule(
        published="E0333",
        field="trade.mode",
        text="Say how it is rendered: 1 to 4.",
        broken=_trade(lambda trade: trade.mode == "0"),
    ),
    Rule(
        published="E0341",
        field="trade.provider_support",
        text="Say which support there is; 01 is none.",
        broken=_trade(lambda trade: trade.provider_support == "00"),
    ),
    Rule(
        published="E0343",
        field="trade.customer_support",
        text="Say which support there is; 01 is none.",
        broken=_trade(lambda trade: trade.customer_support == "00"),
    ),
    Rule(
        published="E0345",
        field="trade.goods",
        text="Say whether goods move for a time: 1 none, 2 by import, 3 by export.",
        broken=_trade(lambda trade: trade.goods == "0"),
    ),
    Rule(
        published="E0352",
        field="trade.import_declaration",
        code="required",
        text="Goods that come for a time have an import declaration.",
        broken=_trade(lambda trade: trade.goods == "2" and not trade.import_declaration),
    ),
    Rule(
        published="E0354",
        field="trade.goods",
        text="Without goods there is no declaration.",
        broken=_trade(
            lambda trade: trade.goods == "1" and bool(trade.import_declaration or trade.export_registration)
        ),
    ),
    Rule(
        published="E0356",
        field="trade.export_registration",
        code="required",
        text="Goods that leave for a time have an export registration.",
        broken=_trade(lambda trade: trade.goods == "3" and not trade.export_registration),
    ),
)
