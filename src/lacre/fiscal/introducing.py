"""Customers as somebody says them: brought up to date if they are known, else kept as new."""

from __future__ import annotations

from dataclasses import replace

from lacre.fiscal.customer import Customer
from lacre.fiscal.party import Address
from lacre.fiscal.query import Comparison, Operator
from lacre.fiscal.repositories import FiscalWork

MOST_NAMESAKES = 100


def introduce(work: FiscalWork, said: Customer) -> Customer:
    """What was not said of one that is known stays as it was."""
    known = _known(work, said)
    if known is None:
        work.books.customers.add(said)
        return said
    known.name, known.email = said.name, said.email or known.email
    known.external_code = said.external_code or known.external_code
    known.address = _address(said.address, known.address)
    known.updated_at = said.updated_at
    work.books.customers.save(known)
    return known


def _known(work: FiscalWork, said: Customer) -> Customer | None:
    """By CPF or CNPJ; who is abroad, by name and number."""
    code = said.registry_code
    name, value = ("registry_code", code) if code else ("name", said.name)
    asked = Comparison(name, Operator.EQUAL, value)
    found = work.books.customers.find([said.account_id], asked, offset=0, limit=MOST_NAMESAKES).items
    same = [one for one in found if code or (said.foreign_id and one.foreign_id == said.foreign_id)]
    return work.books.customers.get(said.account_id, same[0].id) if same else None


def _address(said: Address, known: Address) -> Address:
    if said == Address(id=said.id):
        return known
    if said.city_code and said.city_code == known.city_code:
        # whose name is not said with it
        return replace(said, id=known.id, city=said.city or known.city, state=said.state or known.state)
    return replace(said, id=known.id)
