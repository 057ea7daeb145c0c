"""A document is sent from the console, by whoever presses twice and by whoever has only a keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.test_console import signed_in
from tests.support.browser import Desk
from tests.support.house import House, person
from tests.support.pdfs import contract_pdf
from tests.support.visitor import new_account

SEND = "Enviar para assinatura"
IMPATIENT = "button => [0, 150, 300].forEach(wait => setTimeout(() => button.click(), wait))"


@pytest.fixture
def form(desk: Desk, house: House) -> Iterator[Page]:
    page = signed_in(desk, house, new_account(house))
    page.goto(f"{house.url}/app/new")
    yield page
    page.unroute_all(behavior="ignoreErrors")


def test_however_often_the_button_is_pressed_a_document_goes_out_once(form: Page) -> None:
    sent: list[Route] = []
    form.route("**/app/new", lambda route: sent.append(route))  # noqa: PLW0108 - Playwright writes into what it is given
    form.get_by_label("Nome").first.fill("Bruno Dias")
    paper = FilePayload(name="Locação.pdf", mimeType="application/pdf", buffer=contract_pdf())
    form.locator("#files").set_input_files(paper)

    with form.expect_request(lambda one: one.method == "POST"):
        form.get_by_role("button", name=SEND).evaluate(IMPATIENT)
    form.wait_for_timeout(600)

    assert len(sent) == 1


def test_the_keyboard_stays_among_the_people_when_one_is_taken_out(form: Page) -> None:
    form.get_by_role("button", name="Retirar esta pessoa").nth(1).press("Enter")

    expect(form.get_by_role("button", name="Retirar esta pessoa").nth(1)).to_be_focused()
    expect(form.get_by_label("Nome")).to_have_count(2)


def test_the_keyboard_comes_back_to_the_menu_that_a_dialog_was_opened_from(desk: Desk, house: House) -> None:
    account = new_account(house)
    contract = house.send([person("Bruno")], account=account)
    page = signed_in(desk, house, account)
    page.goto(f"{house.url}/app/envelopes/{contract.id}")
    page.locator(".gear summary").press("Enter")
    page.get_by_role("link", name="Cancelar o documento").press("Enter")

    page.keyboard.press("Escape")

    expect(page.locator(".gear summary")).to_be_focused()
