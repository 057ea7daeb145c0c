"""axe finds nothing serious: every page, phone and desktop, light and dark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from lacre.signing.options import EnvelopeOptions
from tests.browser.test_room import contract_with_fields, open_and_read
from tests.support.browser import Desk, desk_in
from tests.support.house import House, person


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_steps_of_signing_shut_nobody_out(house: House, browser: Browser, size: str) -> None:
    _, bruno = contract_with_fields(house, allow_refusal=True)
    found: dict[str, list[str]] = {}
    with desk_in(browser, size) as desk:
        page = desk.page
        page.goto(house.link(bruno), wait_until="load")
        found["read"] = desk.findings_in_both_themes()
        open_and_read(page, house.link(bruno))
        found["sign"] = desk.findings_in_both_themes()
        sign_by_typing(page, size)
        expect(page.get_by_role("link", name="Baixar assinado")).to_be_visible(timeout=30_000)
        found["done"] = desk.findings_in_both_themes()

    assert found == {"read": [], "sign": [], "done": []}


def test_the_other_pages_shut_nobody_out(house: House, desk: Desk) -> None:
    ana, beto = person("Ana Souza", email_code=True), replace(person("Beto Reis"), group=1)
    contract = house.send([ana, beto], options=EnvelopeOptions(sequential=True, allow_refusal=True))
    pages = {
        "wait": house.link(beto),
        "check": f"{house.url}/verify",
        "record": house.services.links.verify_url(contract.id),
        "nowhere": f"{house.url}/nowhere",
    }
    found: dict[str, list[str]] = {}
    for name, address in pages.items():
        desk.page.goto(address, wait_until="load")
        found[name] = desk.findings_on_every_screen()

    assert found == {name: [] for name in pages}


def sign_by_typing(page: Page, size: str) -> None:
    page.get_by_label("Cidade").fill("Recife")
    if size == "phone":
        page.locator("[data-step=next]").click()
    page.locator("#mark").get_by_role("radio", name="Digitar").check()
    if size == "phone":
        page.locator("[data-step=next]").click()
        page.locator("[data-step=next]").click()
    page.get_by_label("Concordo").check()
    page.get_by_role("button", name="Assinar").locator("visible=true").click()
