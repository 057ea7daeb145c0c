"""One company of a CNPJ in each environment."""

from __future__ import annotations

from tests.support.firm import house, office
from tests.support.visitor import Visitor, text_of
from tests.web.console.test_invoices import COMPANY, ana

__all__ = ["ana", "house", "office"]
KNOWN = "Outra empresa desta conta já tem este CNPJ neste ambiente."
OTHER = {"name": "Filial", "registry_code": "11444777000161"}


def test_a_second_of_the_same_cnpj_is_refused_beside_it(ana: Visitor) -> None:
    ana.send("/app/companies/new", **COMPANY)

    again = ana.send("/app/companies/new", **COMPANY | {"name": "Outra", "registry_code": "11222333000181"})

    assert again.status_code == 422
    assert KNOWN in text_of(again)
    assert 'value="Outra"' in again.text
    assert "Outra" not in text_of(ana.open("/app/companies"))


def test_none_becomes_another_that_is_there(ana: Visitor) -> None:
    ana.send("/app/companies/new", **COMPANY)
    page = ana.send("/app/companies/new", **COMPANY | OTHER).headers["location"]

    changed = ana.send(f"{page}/change", **COMPANY | {"name": "Filial"})

    assert changed.status_code == 422
    assert KNOWN in text_of(changed)
    assert "11.444.777/0001-61" in text_of(ana.open(page))
    assert ana.send(f"{page}/change", **COMPANY | OTHER | {"name": "Filial 2"}).status_code == 303


def test_one_more_is_there_to_rehearse_with_in_another_environment(ana: Visitor) -> None:
    ana.send("/app/companies/new", **COMPANY)

    rehearsing = ana.send("/app/companies/new", **COMPANY | {"environment": "test"})

    assert rehearsing.status_code == 303
