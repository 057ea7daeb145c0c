"""Who is on a note besides the company, typed in Chromium and read in what a real Sefin accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from lxml import etree
from playwright.sync_api import Locator, Page, expect

from lacre.engines.nfse.schema import parse
from lacre.kit.ids import AccountId
from tests.browser.test_console import signed_in
from tests.browser.test_invoices import typed
from tests.journeys.test_invoices import a_house
from tests.support.browser import Desk
from tests.support.house import House
from tests.support.sefin import CURITIBA, PASSWORD, SefinDesk
from tests.support.visitor import SAME_ORIGIN, Visitor, new_account
from tests.web.console.test_invoices import COMPANY, file_called

NFSE = "{http://www.sped.fazenda.gov.br/nfse}"
ACME = {
    "Logradouro": "1 Main Street", "Número": "1", "Bairro": "Financial District", "Código postal": "94105",
    "Cidade": "San Francisco", "Estado, província ou região": "California",
}  # fmt: skip
AT_HOME = {
    "Logradouro": "Rua das Flores", "Número": "100", "Bairro": "Centro", "Município (IBGE)": CURITIBA,
}  # fmt: skip


@dataclass
class Firm:
    """A company that the Sefin knows, and who issues for it."""

    house: House
    account: AccountId
    ana: Visitor

    def open(self, desk: Desk) -> Page:
        page = signed_in(desk, self.house, self.account)
        page.goto(f"{self.house.url}/app/invoices/new")
        return page

    def declared(self, page: Page) -> etree._Element:
        """What was signed and sent, once it is accepted."""
        expect(page.get_by_role("link", name="Nota impressa (PDF)")).to_be_visible(timeout=45_000)
        path = page.url.removeprefix(self.house.url)
        return parse(file_called(self.ana, path, "Pedido assinado (XML)").encode())


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    sefin = SefinDesk()
    with a_house(tmp_path_factory.mktemp("parties"), sefin) as house:
        account = new_account(house)
        with Visitor(house, account) as ana:
            _found(ana, sefin)
            yield Firm(house, account, ana)
    sefin.close()


def test_a_customer_abroad_is_typed_by_keyboard_on_a_phone(phone: Desk, firm: Firm) -> None:
    page = firm.open(phone)
    typed(page, "Consultoria em papelaria", code="17.01.01")
    _sell_abroad(page)
    _fill(page, {"Número fiscal no exterior (NIF)": "12-3456789"} | ACME)
    phone.look("abroad-phone")
    assert phone.findings_on_every_screen() == []

    page.get_by_role("button", name="Emitir a nota").press("Enter")
    expect(_seen(page, "País")).to_have_attribute("aria-invalid", "true")
    expect(_seen(page, "Cidade")).to_have_value("San Francisco")
    phone.look("abroad-phone-missing")
    _seen(page, "País").fill("us")
    _export(page)
    page.get_by_role("button", name="Emitir a nota").press("Enter")

    customer = found(firm.declared(page), "infDPS/toma")
    assert told(customer, "NIF", "xNome", "end/endExt/cPais", "end/endExt/cEndPost", "end/xLgr") == [
        "12-3456789", "ACME Inc.", "US", "94105", "1 Main Street",
    ]  # fmt: skip
    assert told(customer, "CPF", "CNPJ", "cNaoNIF") == [None] * 3


def test_an_intermediary_who_withholds_is_typed_on_a_desk(desk: Desk, firm: Firm) -> None:
    page = firm.open(desk)
    typed(page, "Suporte técnico", code="01.07.01")
    page.get_by_text("ISS retido", exact=True).click()
    page.get_by_label("Quem retém o ISS").select_option(label="O intermediário")
    page.get_by_text("Intermediário", exact=True).click()
    page.locator("[id='intermediary.name']").fill("Portal de Serviços")
    page.locator("[id='intermediary.tax_id']").fill("11.444.777/0001-61")
    page.get_by_role("button", name="Emitir a nota").click()
    expect(page.locator("[id='intermediary.address-error']")).to_contain_text("endereço no Brasil")
    desk.look("intermediary-refused")
    assert desk.findings_on_every_screen() == []

    _fill(page, AT_HOME | {"CEP ou código postal estrangeiro": "80020-000"})
    desk.look("intermediary")
    page.get_by_role("button", name="Emitir a nota").click()

    note = firm.declared(page)
    between = found(note, "infDPS/interm")
    assert told(between, "CNPJ", "xNome", "end/endNac/cMun", "end/endNac/CEP") == [
        "11444777000161", "Portal de Serviços", CURITIBA, "80020000",
    ]  # fmt: skip
    assert told(note, "infDPS/valores/trib/tribMun/tpRetISSQN") == ["3"]


def test_a_customer_who_withholds_says_where_they_are(phone: Desk, firm: Firm) -> None:
    page = firm.open(phone)
    typed(page, "Suporte técnico", code="01.07.01")
    page.get_by_text("ISS retido", exact=True).press("Enter")
    page.get_by_label("Quem retém o ISS").select_option(label="O cliente")
    page.get_by_text("Endereço do cliente", exact=True).press("Enter")
    _fill(page, AT_HOME | {"CEP": "80020-000"})
    phone.look("withheld-phone")
    page.get_by_role("button", name="Emitir a nota").press("Enter")

    note = firm.declared(page)
    assert told(note, "infDPS/toma/CPF", "infDPS/toma/end/endNac/cMun") == ["52998224725", CURITIBA]
    assert told(note, "infDPS/valores/trib/tribMun/tpRetISSQN") == ["2"]


def test_a_customer_without_a_number_and_an_intermediary_abroad_stand_on_one_note(
    desk: Desk, firm: Firm
) -> None:
    page = firm.open(desk)
    typed(page, "Consultoria em papelaria", code="17.01.01")
    _sell_abroad(page)
    page.get_by_label("Por que não há número").locator("visible=true").select_option(label="Não exigido lá")
    _fill(page, ACME | {"País": "US"})
    page.get_by_text("Cliente no exterior", exact=True).click()
    page.get_by_text("Intermediário", exact=True).click()
    page.locator("[id='intermediary.name']").fill("Bureau BV")
    page.get_by_text("Endereço do intermediário", exact=True).click()
    page.get_by_text("Intermediário no exterior", exact=True).click()
    there = {
        "CEP ou código postal estrangeiro" if name == "Código postal" else name: one
        for name, one in ACME.items()
    }
    _fill(page, there | {"Número fiscal no exterior (NIF)": "NL123", "País": "NL"})
    _export(page)
    desk.look("both-abroad")
    page.get_by_role("button", name="Emitir a nota").click()

    note = firm.declared(page)
    assert told(note, "infDPS/toma/cNaoNIF", "infDPS/toma/NIF", "infDPS/toma/end/endExt/cPais") == [
        "2",
        None,
        "US",
    ]
    assert told(note, "infDPS/interm/NIF", "infDPS/interm/xNome", "infDPS/interm/end/endExt/cPais") == [
        "NL123", "Bureau BV", "NL",
    ]  # fmt: skip


def found(note: etree._Element, path: str) -> etree._Element:
    one = note.find(_named(path))
    assert one is not None, path
    return one


def told(note: etree._Element, *paths: str) -> list[str | None]:
    return [note.findtext(_named(one)) for one in paths]


def _named(path: str) -> str:
    return "/".join(f"{NFSE}{step}" for step in path.split("/"))


def _sell_abroad(page: Page) -> None:
    page.get_by_label("CPF ou CNPJ").first.fill("")
    page.get_by_label("Cliente", exact=True).fill("ACME Inc.")
    page.get_by_text("Cliente no exterior", exact=True).press("Enter")


def _export(page: Page) -> None:
    page.get_by_text("Comércio exterior", exact=True).press("Enter")
    _fill(page, {"Prestado no país": "us", "Código NBS": "1.1402.20.00", "Moeda": "220",
                 "Valor nessa moeda": "250,00"})  # fmt: skip
    page.get_by_label("Modo de prestação").select_option(label="Consumo no exterior")
    page.get_by_label("Vínculo com o cliente").select_option(label="Nenhum")
    page.get_by_label("ISS", exact=True).select_option(label="Exportação, sem ISS")


def _fill(page: Page, said: dict[str, str]) -> None:
    for label, words in said.items():
        _seen(page, label).fill(words)


def _seen(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True).locator("visible=true")


def _found(ana: Visitor, sefin: SefinDesk) -> None:
    """A company with a document type that the Sefin's own authority made the certificate of."""
    said = COMPANY | {"city_code": CURITIBA}
    page = ana.send("/app/companies/new", **said).headers["location"]
    form = {"form_token": ana.form_token, "password": PASSWORD, "series": "1", "first": "1"}
    files = {"certificate": ("a1.pfx", sefin.p12)}
    answer = ana.client.post(f"{page}/schemas", data=form, files=files, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text
