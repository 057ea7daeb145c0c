"""A visitor fills a public form in with the keyboard alone, and signs the document that it made."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lacre.kit.ids import SignerId
from tests.support.browser import Desk
from tests.support.house import House
from tests.support.lease import lease_in


def test_a_visitor_fills_in_corrects_reads_and_signs(house: House, phone: Desk) -> None:
    template, page = lease_in(house), phone.page
    page.set_default_timeout(60_000)  # the first document waits for LibreOffice to start
    page.goto(f"{house.url}/verificar/doc/{template.id}")
    found = {"form": phone.serious_findings()}

    page.get_by_label("Nome completo").focus()
    for typed in ("Conceição Araújo", "c@example.test", "", "12345678900", "S", "1234,5", ""):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_label("CPF")).to_be_focused()
    expect(page.get_by_text("Este CPF não existe")).to_be_visible()
    found["errors"] = phone.serious_findings()
    expect(page.get_by_label("Cidade")).to_have_value("São Luís")
    page.get_by_label("CPF").fill("123.456.789-09")
    page.get_by_role("button", name="Continuar para o documento").click()

    page.wait_for_url(re.compile("/verificar/[0-9a-f-]{36}"))
    page.get_by_role("button", name="Continuar").first.click()
    expect(page.get_by_role("heading", name="Preencha e assine")).to_be_visible(timeout=30_000)
    token = page.url.partition("/verificar/")[2].partition("?")[0]
    with house.services.open_work() as work:
        envelope, signer_id = work.envelopes.by_link(token)
    assert signer_id == SignerId(envelope.signers[0].id)
    assert envelope.answers["valor"] == "R$ 1.234,50"
    assert found == {"form": [], "errors": []}
