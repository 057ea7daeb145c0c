"""People sign in a real browser: by mouse, finger and keyboard, framed, and without a script."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from lacre.signing.envelope import Envelope
from lacre.signing.evidence import MarkKind
from lacre.signing.layout import Field, FieldKind
from lacre.signing.options import EnvelopeOptions
from lacre.signing.signer import Signer
from tests.support.browser import Desk, desk_in
from tests.support.house import House, field, person
from tests.support.pdfs import contract_pdf


def test_a_signature_drawn_with_the_mouse_shows_in_its_place_and_is_sealed(house: House, desk: Desk) -> None:
    contract, bruno = contract_with_fields(house)
    page = desk.page
    open_and_read(page, house.link(bruno))

    page.get_by_label("Cidade").fill("Recife")
    expect(page.locator("[data-ink=initials] canvas")).to_be_hidden()
    desk.draw()
    expect(page.locator(".mark.signature img")).to_be_visible()
    expect(page.locator("[data-progress]").first).to_have_text("4 de 4 campos")
    sign(page)

    expect(page.get_by_role("link", name="Baixar assinado")).to_be_visible(timeout=30_000)
    assert house.envelope(contract).acts[0].mark.kind is MarkKind.DRAWN


def test_on_a_phone_one_is_led_from_field_to_field(house: House, phone: Desk) -> None:
    contract, bruno = contract_with_fields(house)
    page = phone.page
    open_and_read(page, house.link(bruno))
    forward = page.locator("[data-step=next]")

    page.get_by_label("Cidade").fill("Recife")
    expect(page.locator(".mark.text")).to_be_in_viewport()
    forward.click()
    phone.draw()
    expect(page.locator(".mark.signature")).to_be_in_viewport()
    forward.click()
    forward.click()
    sign(page)

    expect(page.get_by_role("heading", name="Você assinou")).to_be_visible()
    assert len(house.envelope(contract).acts) == 1


def test_escape_closes_what_lies_on_top_and_nothing_below(house: House, phone: Desk) -> None:
    house.send([bruno := person("Bruno Dias")])
    page = phone.page
    open_and_read(page, house.link(bruno))
    sheet, menu = page.locator("#panel[data-open]"), page.locator(".menu[open]")
    expect(sheet).to_be_visible()

    page.get_by_label("Mais").click()
    page.keyboard.press("Escape")

    expect(menu).to_have_count(0)
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_what_is_missing_is_shown_before_anything_is_sent(house: House, desk: Desk) -> None:
    contract, bruno = contract_with_fields(house)
    page = desk.page
    open_and_read(page, house.link(bruno))

    page.get_by_role("button", name="Assinar").click()

    expect(page.get_by_label("Cidade")).to_be_focused()
    assert house.envelope(contract).acts == []


def test_a_signature_that_is_missing_is_asked_for_until_it_is_there(house: House, phone: Desk) -> None:
    house.send([bruno := person("Bruno Dias")])
    page, missing = phone.page, "Desenhe, digite ou envie uma imagem antes."
    open_and_read(page, house.link(bruno))

    page.locator("[data-step=next]").click()

    said = page.locator("#mark .error").get_by_text(missing)
    expect(said).to_be_in_viewport()
    phone.draw()
    expect(said).to_have_count(0)


def test_a_stroke_can_be_undone(house: House, desk: Desk) -> None:
    _, bruno = contract_with_fields(house)
    page = desk.page
    open_and_read(page, house.link(bruno))
    desk.draw()

    page.get_by_role("button", name="Desfazer").first.click()

    expect(page.locator("input[name=mark_drawing]")).to_have_value("")
    expect(page.locator(".mark.signature img")).to_have_count(0)


def test_the_keyboard_alone_is_enough(house: House, desk: Desk) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    page = desk.page
    page.goto(house.link(bruno))

    press_on(page, "Continuar", "Enter")
    expect(page.get_by_role("heading", name="Preencha e assine")).to_be_focused()
    press_on(page, "Desenhar", "ArrowRight")
    press_on(page, "Concordo", "Space")
    press_on(page, "Assinar", "Enter")

    expect(page.get_by_role("heading", name="Você assinou")).to_be_focused()
    assert house.envelope(contract).acts[0].mark.text == "Bruno Dias"


def test_pages_sharpen_and_their_text_can_be_selected(house: House, desk: Desk) -> None:
    house.send([bruno := person("Bruno Dias")], documents=[house.document(contract_pdf(12))])
    page = desk.page
    page.goto(house.link(bruno))

    expect(page.locator("#page-1-1 canvas")).to_be_attached()
    expect(page.locator("#page-1-1 .textLayer span").first).to_contain_text("Contrato")
    expect(page.locator("#page-1-9 canvas")).to_have_count(0)
    before = page.locator("#page-1-1 canvas").get_attribute("width") or ""
    page.get_by_role("button", name="Aumentar").click()
    expect(page.locator("#page-1-1 canvas")).not_to_have_attribute("width", before)


def test_every_edge_of_an_enlarged_page_can_be_reached(house: House, desk: Desk) -> None:
    house.send([bruno := person("Bruno Dias")])
    page = desk.page
    page.goto(house.link(bruno))

    for _ in range(4):
        page.get_by_role("button", name="Aumentar").click()
    page.locator("[data-desk]").evaluate("desk => { desk.scrollLeft = 0; desk.scrollTop = 0; }")

    box = page.locator("#page-1-1").bounding_box()
    assert box is not None
    assert box["x"] >= 0


def test_where_somebody_signs_is_kept_only_when_they_give_it(house: House, browser: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    recife = {"latitude": -8.05, "longitude": -34.9}
    with desk_in(browser, geolocation=recife, permissions=["geolocation"]) as here:
        open_and_read(here.page, house.link(bruno))
        here.page.get_by_role("radio", name="Digitar").check()
        here.page.get_by_role("button", name="Incluir minha localização").click()
        expect(here.page.get_by_role("button", name="Localização incluída")).to_be_disabled()
        sign(here.page)
        expect(here.page.get_by_role("heading", name="Você assinou")).to_be_visible()

    evidence = house.envelope(contract).acts[0].evidence
    assert (evidence.latitude, evidence.longitude) == ("-8.050000", "-34.900000")


def test_a_file_that_may_not_be_had_still_sharpens(house: House, desk: Desk) -> None:
    house.send([bruno := person("Bruno Dias")], options=EnvelopeOptions(hide_original=True))
    page = desk.page
    page.goto(house.link(bruno))
    picture = page.locator("#page-1-1 img")
    expect(picture).to_have_js_property("complete", True)

    with page.expect_request(lambda request: "w=2160" in request.url):
        for _ in range(3):
            page.get_by_role("button", name="Aumentar").click()


def test_nothing_jumps_while_pages_load(house: House, phone: Desk) -> None:
    house.send([bruno := person("Bruno Dias")], documents=[house.document(contract_pdf(20))])
    phone.page.add_init_script(
        "window.jumps = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => window.jumps += entry.value)).observe({type: 'layout-shift', buffered: true})"
    )

    phone.page.goto(house.link(bruno), wait_until="load")
    phone.page.wait_for_timeout(1_000)

    assert phone.page.evaluate("window.jumps") < 0.01


def test_without_a_script_everything_but_drawing_works(house: House, browser: Browser) -> None:
    contract, bruno = contract_with_fields(house, allow_refusal=True)
    with desk_in(browser, "phone", java_script_enabled=False) as still:
        page = still.page
        open_and_read(page, house.link(bruno))
        page.get_by_label("Cidade").fill("Recife")
        page.get_by_label("Concordo").check()
        page.get_by_role("button", name="Assinar").click()

        expect(page.get_by_role("heading", name="Você assinou")).to_be_visible()
    assert house.envelope(contract).acts[0].mark.kind is MarkKind.TYPED


def test_a_refusal_asks_why_and_closes_the_room(house: House, desk: Desk) -> None:
    _, bruno = contract_with_fields(house, allow_refusal=True)
    page = desk.page
    page.goto(house.link(bruno))

    page.get_by_label("Mais").click()
    page.locator(".menu-list").get_by_role("link", name="Recusar a assinatura").click()
    page.get_by_label("Por que você recusa?").fill("O preço mudou")
    page.get_by_role("button", name="Recusar", exact=True).click()

    expect(page.get_by_role("heading", name="Este documento foi recusado")).to_be_visible()


def test_a_waiting_page_changes_by_itself_when_the_turn_comes(house: House, browser: Browser) -> None:
    ana, beto = person("Ana Souza"), person("Beto Reis")
    beto.group = 1
    contract = house.send([ana, beto], options=EnvelopeOptions(sequential=True))
    with desk_in(browser) as betos, desk_in(browser) as anas:
        betos.page.goto(house.link(beto))
        expect(betos.page.get_by_role("heading", name="Ainda não é a sua vez")).to_be_visible()

        open_and_read(anas.page, house.link(ana))
        anas.page.get_by_role("radio", name="Digitar").check()
        sign(anas.page)

        expect(betos.page.get_by_role("heading", name="Leia antes de assinar")).to_be_visible(timeout=30_000)
    assert len(house.envelope(contract).acts) == 1


def test_the_page_around_a_framed_room_is_told_each_thing_once(house: House, desk: Desk) -> None:
    house.send([bruno := person("Bruno Dias")])
    page = desk.page
    page.route("**/around", lambda route: route.fulfill(content_type="text/html", body=AROUND))
    page.goto(f"{house.url}/around")
    page.evaluate("address => document.querySelector('iframe').src = address", house.link(bruno))
    room = page.frame_locator("iframe")

    room.get_by_role("button", name="Continuar").locator("visible=true").first.click()
    room.get_by_role("radio", name="Digitar").check()
    room.get_by_label("Concordo").check()
    room.get_by_role("button", name="Assinar").click()
    expect(room.get_by_role("link", name="Baixar assinado")).to_be_visible(timeout=30_000)

    assert page.evaluate("heard") == ["zs-doc-loaded", "zs-doc-signed", "zs-signed-file-ready"]


AROUND = """<!doctype html><title>Sistema de Ana</title><iframe width="1300" height="800"></iframe>
<script>const heard = []; addEventListener("message", event => heard.push(event.data));</script>"""


def contract_with_fields(house: House, *, allow_refusal: bool = False) -> tuple[Envelope, Signer]:
    """Initials on both pages, a city and a signature on the last."""
    bruno, paper = person("Bruno Dias"), house.document(contract_pdf(2))
    fields: list[Field] = [
        field(paper, bruno, FieldKind.INITIALS, page=0, left=84, bottom=3, width=12, height=5),
        field(paper, bruno, FieldKind.INITIALS, page=1, left=84, bottom=3, width=12, height=5),
        field(paper, bruno, FieldKind.TEXT, page=1, left=12, bottom=30, height=3, label="Cidade"),
        field(paper, bruno, FieldKind.SIGNATURE, page=1, left=12, bottom=15),
    ]
    contract = house.send(
        [bruno], documents=[paper], fields=fields, options=EnvelopeOptions(allow_refusal=allow_refusal)
    )
    return contract, bruno


def open_and_read(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Continuar").locator("visible=true").first.click()
    expect(page.get_by_role("heading", name="Preencha e assine")).to_be_visible()


def sign(page: Page) -> None:
    page.get_by_label("Concordo").check()
    page.get_by_role("button", name="Assinar").locator("visible=true").click()


def press_on(page: Page, name: str, key: str) -> None:
    """Tab until something of that name has the focus, then the key."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        )
        if focused.startswith(name):
            page.keyboard.press(key)
            return
    raise AssertionError(f"no way to {name!r} by the keyboard")
