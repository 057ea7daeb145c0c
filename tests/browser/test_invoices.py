"""The pages of invoices in Chromium: on a desk and on a phone, by keyboard too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_console import signed_in
from tests.support.browser import Desk
from tests.support.firm import firm_before
from tests.support.house import House
from tests.support.tax_office import MemoryOffice
from tests.support.visitor import Visitor, new_account
from tests.web.console.test_invoices import founded


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with firm_before(MemoryOffice(), tmp_path_factory.mktemp("firm")) as opened:
        yield opened


def test_a_first_invoice_is_issued_replaced_and_canceled_by_whoever_reads_the_pages(
    desk: Desk, firm: House, tmp_path: Path
) -> None:
    page = signed_in(desk, firm, new_account(firm))
    page.goto(f"{firm.url}/app/invoices")
    desk.look("invoices-none")

    page.get_by_role("link", name="Adicionar uma empresa").click()
    page.get_by_role("link", name="Adicionar uma empresa").click()
    page.get_by_label("Nome", exact=True).fill("Papelaria Souza")
    page.get_by_label("CNPJ").fill("11.222.333/0001-81")
    page.get_by_label("E-mail").fill("notas@souza.test")
    page.get_by_label("Município").fill("3550308")
    desk.look("company-new")
    page.get_by_role("button", name="Criar empresa").click()
    certificate = tmp_path / "a1.pfx"
    certificate.write_bytes(b"certificate")
    page.get_by_label("Certificado A1 (.pfx ou .p12)").set_input_files(certificate)
    page.get_by_label("Senha do certificado").fill("segredo")
    desk.look("company")
    page.get_by_role("button", name="Adicionar um tipo de documento").click()
    expect(page.get_by_text("PAPELARIA SOUZA LTDA")).to_be_visible()
    desk.look("company-ready")

    page.goto(f"{firm.url}/app/invoices/new")
    typed(page, "Consultoria em papelaria", code="17.01.01")
    desk.look("invoice-new")
    page.get_by_role("button", name="Emitir a nota").press("Enter")
    expect(page.get_by_role("link", name="Nota impressa (PDF)")).to_be_visible(timeout=45_000)
    desk.look("invoice")
    assert desk.findings_on_every_screen() == []

    page.get_by_role("link", name="Substituir…").click()
    expect(page.get_by_label("Valor em reais").first).to_have_value("1234,56")
    page.get_by_label("Explicação").fill("O valor do serviço estava errado")
    desk.look("invoice-replace")
    page.get_by_role("button", name="Emitir a nota").click()
    expect(page.get_by_role("link", name="Nota impressa (PDF)")).to_be_visible(timeout=45_000)
    page.get_by_role("link", name="Abrir", exact=True).click()
    expect(page.get_by_text("Outra nota tomou o lugar desta.")).to_be_visible()
    desk.look("invoice-replaced")
    page.get_by_role("link", name="Abrir", exact=True).click()

    page.get_by_role("link", name="Cancelar a nota").click()
    page.get_by_label("Explicação").fill("Serviço lançado com o valor errado")
    desk.look("invoice-cancel")
    page.get_by_role("dialog").get_by_role("button", name="Cancelar a nota").click()
    expect(page.locator(".page-state").get_by_text("Nota cancelada")).to_be_visible(timeout=45_000)

    for path in ("/app/invoices", "/app/companies", "/app/invoices/new", "/app/companies/new"):
        page.goto(f"{firm.url}{path}")
        desk.look("list" + re.sub(r"\W", "-", path))
        assert desk.findings_on_every_screen() == [], path


def test_the_pages_fit_a_phone(phone: Desk, firm: House) -> None:
    page = signed_in(phone, firm, new_account(firm))

    for path in ("/app/invoices", "/app/companies/new"):
        page.goto(f"{firm.url}{path}")
        phone.look("phone" + re.sub(r"\W", "-", path))


def test_what_only_some_notes_say_is_typed_by_keyboard_on_a_phone(phone: Desk, firm: House) -> None:
    account = new_account(firm)
    with Visitor(firm, account) as ana:
        founded(ana)
    page = signed_in(phone, firm, account)
    page.goto(f"{firm.url}/app/invoices/new")
    typed(page, "Reforma da loja", code="12")
    page.get_by_text("Deduções", exact=True).press("Enter")
    page.get_by_label("Tipo da dedução").select_option(label="Materiais")
    page.get_by_label("Dedutível, em reais").fill("1.000,00")
    page.get_by_label("Deduzido desta nota, em reais").fill("100,00")
    page.get_by_text("Fornecedor: necessário").press("Enter")
    expect(page.get_by_label("Logradouro").locator("visible=true")).to_have_count(1)
    phone.look("invoice-more-phone")
    assert phone.findings_on_every_screen() == []

    page.get_by_role("button", name="Mais um documento").press("Enter")
    expect(page.get_by_role("group", name="Documento 2")).to_be_visible()
    page.get_by_role("button", name="Emitir a nota").press("Enter")
    expect(page.get_by_text("Preencha este campo.")).to_be_visible()
    phone.look("invoice-more-missing")
    page.get_by_label("Emitido em").first.fill("2026-11-01")
    page.get_by_role("button", name="Emitir a nota").press("Enter")

    expect(page.get_by_text("Escreva seis dígitos.")).to_be_visible()
    expect(page.get_by_label("Tipo da dedução").first).to_have_value("2")
    phone.look("invoice-more-refused")


def typed(page: Page, service: str, *, code: str) -> None:
    """For Carolina, of 1,234.56."""
    page.get_by_label("Cliente", exact=True).fill("Carolina")
    page.get_by_label("CPF ou CNPJ").first.fill("529.982.247-25")
    page.get_by_label("Serviço prestado").fill(service)
    page.get_by_label("Código do serviço").fill(code)
    page.get_by_label("Valor em reais").first.fill("1.234,56")
