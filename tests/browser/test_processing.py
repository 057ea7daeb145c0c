"""The pages of processing in Chromium: files are dropped, shown beside their values, put right by hand."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Browser, Page, expect

from lacre.kit.ids import AccountId
from lacre.processing.document_type import DocumentType
from tests.browser.test_console import signed_in
from tests.support.browser import Desk, desk_in
from tests.support.house import House
from tests.support.pdfs import text_pdf
from tests.support.reading import opened
from tests.support.visitor import new_account

RECEIPT = "12"
LINES = ["Recibo 77/2026", "Valor total: R$ 1.234,56", "Data: 23/11/2026", "Referente a: pintura"]
LONG = 45_000
"""Milliseconds until a document is read, on a machine that has other things to do."""


def test_a_file_is_dropped_read_and_shown_with_its_values_and_put_right_by_keyboard(
    desk: Desk, house: House
) -> None:
    page = signed_in(desk, house, new_account(house))
    page.goto(f"{house.url}/app/extractions")
    page.get_by_label("O que são?").select_option(RECEIPT)
    desk.look("extractions-none")

    drop(page, "recibo.pdf", text_pdf(LINES))
    amount = page.get_by_role("textbox", name="Valor", exact=True)
    expect(amount).to_have_value("1.234,56", timeout=LONG)
    expect(page.get_by_role("button", name="Ler de novo")).to_be_visible()
    assert marked(page, "valor") == pytest.approx(printed(text_pdf(LINES), "1.234,56"), abs=1)
    desk.look("extraction")

    page.locator("#mark-valor").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-valor")).to_be_in_viewport()
    amount.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("999,90")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Corrigido à mão")).to_be_visible()
    expect(amount).to_have_value("999,90")
    assert page.url.endswith("#field-valor")
    assert desk.findings_on_every_screen() == []


def test_a_type_is_made_by_keyboard_alone_and_says_at_its_fields_what_is_wrong(
    desk: Desk, house: House
) -> None:
    account = new_account(house)
    page = signed_in(desk, house, account)
    page.goto(f"{house.url}/app/types/0")

    page.get_by_label("Nome", exact=True).focus()
    page.keyboard.type("Romaneio")
    press(page, "Adicionar um campo")
    expect(page.get_by_label("Como se chama?")).to_be_focused()
    page.keyboard.type("Valor do frete")
    page.keyboard.press("Tab")
    page.keyboard.type("Valor em")
    page.get_by_label("Textos que o anunciam").fill("Frete")
    press(page, "Adicionar um campo")
    expect(page.locator("#f1-title")).to_be_focused()
    page.keyboard.type("Valor do frete")
    desk.look("type-form")
    page.keyboard.press("Enter")

    expect(page.locator("#f1-name")).to_be_focused()
    expect(page.locator("#f1-name-error")).to_have_text("Outro campo já tem este nome.")
    desk.look("type-wrong")
    page.keyboard.type("frete_da_volta")
    press(page, "Subir")
    expect(page.locator("#f0 > summary")).to_be_focused()
    press(page, "Salvar como nova versão")

    expect(page.get_by_role("heading", name="Romaneio")).to_be_visible()
    assert [(one.name, one.kind) for one in kept(house, account).fields] == [
        ("frete_da_volta", "text"),
        ("valor_do_frete", "money"),
    ]
    assert desk.findings_on_every_screen() == []


def test_the_fields_of_a_type_fit_a_phone(phone: Desk, house: House) -> None:
    page = signed_in(phone, house, new_account(house))

    page.goto(f"{house.url}/app/types/2")
    for field in page.locator(".type-field > summary").all()[-2:]:
        field.click()

    expect(page.get_by_text("Coluna 5")).to_be_visible()
    phone.look("type-phone")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_type_is_changed_where_scripts_do_not_run(browser: Browser, house: House) -> None:
    account = new_account(house)
    with desk_in(browser, "phone", java_script_enabled=False) as desk:
        page = signed_in(desk, house, account)
        page.goto(f"{house.url}/app/types/0")
        page.get_by_label("Nome", exact=True).fill("Romaneio")
        page.get_by_role("button", name="Adicionar um campo").click()
        page.get_by_label("Como se chama?").fill("Peso")
        page.get_by_role("button", name="Adicionar outro modo").click()
        page.get_by_label("Textos que o anunciam").nth(1).fill("Peso bruto")
        page.get_by_role("button", name="Tentar este modo antes").click()
        page.get_by_role("button", name="Salvar como nova versão").last.click()

    (weight,) = kept(house, account).fields
    assert [rule.anchor for rule in weight.rules] == [("Peso bruto",), ()]


def kept(house: House, account: AccountId) -> DocumentType:
    with house.services.open_work() as work:
        found = work.document_types.newest(account, 1001)
    assert found is not None
    return found


def press(page: Page, name: str) -> None:
    """By the keyboard."""
    button = page.get_by_role("button", name=name).last
    button.focus()
    page.keyboard.press("Enter")


def drop(page: Page, name: str, content: bytes) -> None:
    """As from a folder of the desktop, anywhere on the page."""
    held = page.evaluate_handle(
        """([name, text]) => {
            const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
            const held = new DataTransfer();
            held.items.add(new File([bytes], name, {type: "application/pdf"}));
            return held;
        }""",
        [name, base64.b64encode(content).decode()],
    )
    page.dispatch_event("main", "dragover", {"dataTransfer": held})
    page.dispatch_event("main", "drop", {"dataTransfer": held})


def marked(page: Page, field: str) -> tuple[float, float]:
    """Where the middle of a field's mark is, in percent of the picture."""
    picture = page.locator(".reading-picture img").bounding_box()
    mark = page.locator(f"#mark-{field} rect").bounding_box()
    assert picture is not None
    assert mark is not None
    across = (mark["x"] + mark["width"] / 2 - picture["x"]) / picture["width"]
    down = (mark["y"] + mark["height"] / 2 - picture["y"]) / picture["height"]
    return across * 100, down * 100


def printed(pdf: bytes, text: str) -> tuple[float, float]:
    """Where the middle of a text is, in percent of its page."""
    with opened(pdf) as document:
        width, height = document[0].get_size()
        found = document[0].get_textpage()
        first, count = found.search(text).get_next()
        boxes = [found.get_charbox(first + place) for place in range(count)]
    across = (min(one[0] for one in boxes) + max(one[2] for one in boxes)) / 2
    down = height - (min(one[1] for one in boxes) + max(one[3] for one in boxes)) / 2
    return across / width * 100, down / height * 100
