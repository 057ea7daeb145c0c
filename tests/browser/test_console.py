"""The console in Chromium: nothing shuts people out, keys and scripts help, and it works without them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from lacre.accounts.actions import give_key
from lacre.kit.ids import AccountId
from lacre.signing.envelope import Envelope
from lacre.signing.signer import Channel
from lacre.web.console.session import Sessions
from lacre.webhooks import replaying
from lacre.webhooks.replay import Wanted
from tests.support.browser import Desk, desk_in
from tests.support.deliveries import deliveries_of, endpoint_of
from tests.support.house import House, person
from tests.support.visitor import PASSWORD, new_account, new_user


@pytest.fixture
def account(house: House) -> AccountId:
    return new_account(house)


@pytest.fixture
def contract(house: House, account: AccountId) -> Envelope:
    """With a delivery that fails, since nobody listens there."""
    endpoint_of(house, account, url="http://127.0.0.1:9/hooks")
    bruno = person("Bruno Dias", notify_by=(Channel.EMAIL,))
    return house.send([bruno, person("Carla Lima")], account=account, title="Locação comercial")


@pytest.fixture
def inside(desk: Desk, house: House, account: AccountId) -> Page:
    return signed_in(desk, house, account)


def test_no_page_shuts_anybody_out_or_is_wider_than_any_screen(
    desk: Desk, house: House, account: AccountId, contract: Envelope
) -> None:
    page, found = signed_in(desk, house, account), {}
    for path in every_page(house, account, contract):
        page.goto(house.url + path, wait_until="load")
        found[path] = desk.findings_on_every_screen()

    assert found == {path: [] for path in found}


def test_no_filter_of_deliveries_is_cut_on_a_desk(inside: Page, house: House) -> None:
    """Half the fields a line, each wide enough for its words."""
    inside.goto(f"{house.url}/app/deliveries")

    boxes = [one.bounding_box() for one in inside.locator(".search-form .field").all()]

    places = [(round(one["y"]), one["width"]) for one in boxes if one]
    assert len(places) == 6
    assert len({line for line, _ in places}) == 2
    assert min(width for _, width in places) >= 14 * 16


def test_the_one_time_link_leads_in(desk: Desk, house: House, account: AccountId) -> None:
    from tests.web.console.test_entering import login_link

    page, user = desk.page, new_user(house, account, password=False)
    page.goto(f"{house.url}/app/enter?link={login_link(house, user)}")
    expect(page.get_by_label("E-mail")).to_have_value(user.email)
    desk.look("enter")
    assert desk.findings_on_every_screen() == []

    page.get_by_label("Senha", exact=True).fill("vela de sebo no sotão")
    page.get_by_label("A mesma senha outra vez").fill("vela de sebo no sotão")
    page.get_by_role("button", name="Guardar e entrar").click()

    expect(page.get_by_role("heading", name="Documentos")).to_be_visible()


def test_email_and_password_lead_in_and_out(desk: Desk, house: House, account: AccountId) -> None:
    page, user = desk.page, new_user(house, account)
    page.goto(f"{house.url}/app/keys")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("heading", name="Chaves de API")).to_be_visible()

    page.locator(".rail-person summary").click()
    page.get_by_role("button", name="Sair").click()

    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


def test_what_a_dialect_does_not_have_is_not_asked_for_it(
    desk: Desk, house: House, account: AccountId
) -> None:
    page = signed_in(desk, house, account)
    page.goto(f"{house.url}/app/endpoints/new")
    template = page.get_by_label("Só documentos feitos com este modelo")

    page.locator("[name=dialect][value=zapsign]").check()
    expect(template).to_be_visible()
    page.locator("[name=dialect][value=fastnotas]").check()
    expect(template).to_be_hidden()
    desk.look("webhook-fastnotas")


def test_inputs_of_one_line_stay_on_it_when_one_of_them_is_wrong(inside: Page, house: House) -> None:
    inside.goto(f"{house.url}/app/endpoints/new")
    inside.get_by_label("Endereço do seu sistema").fill("https://erp.example.test")
    inside.get_by_text("Avançado").click()
    inside.get_by_label("Como o seu sistema nos deixa entrar").select_option("fetched")
    inside.get_by_label("Endereço que entrega o token").fill("https://erp.example.test/token")
    inside.get_by_label("Cabeçalho que leva o token").fill("a b")

    inside.get_by_role("button", name="Criar webhook").click()

    expect(inside.locator("#token_header-error")).to_be_visible()
    tops = [
        inside.locator(each).evaluate("one => one.offsetTop") for each in ("#token_header", "#token_prefix")
    ]
    assert tops[0] == tops[1]


def test_a_way_in_is_chosen_by_keyboard_on_a_phone(phone: Desk, house: House, account: AccountId) -> None:
    page = signed_in(phone, house, account)
    endpoint = endpoint_of(house, account, url="http://127.0.0.1:9/:idd", dialect="native")
    page.goto(f"{house.url}/app/endpoints/{endpoint.id}/advanced")
    expect(page.get_by_label("ID do cliente")).to_be_hidden()

    page.get_by_label("Preencher lugares como :id").check()
    page.get_by_label("Como o seu sistema nos deixa entrar").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("https://auth.example.test/token")
    page.keyboard.press("Tab")
    page.keyboard.type("lacre")
    page.keyboard.press("Tab")
    page.keyboard.type("segredo")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Não há :idd para preencher neste endereço")).to_be_visible()
    expect(page.get_by_label("ID do cliente")).to_have_value("lacre")
    expect(page.get_by_label("Segredo do cliente")).to_have_value("")
    assert phone.serious_findings() == []
    page.get_by_label("Preencher lugares como :id").uncheck()
    page.get_by_label("Segredo do cliente").fill("segredo")
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("OAuth 2.0, como lacre em auth.example.test")).to_be_visible()


@pytest.mark.usefixtures("contract")
def test_the_gear_reprocesses_webhooks_and_says_how_many(
    inside: Page, house: House, account: AccountId
) -> None:
    inside.goto(f"{house.url}/app/")

    inside.get_by_role("group").filter(has=inside.get_by_label("Ações de")).locator("summary").click()
    inside.get_by_role("link", name="Reprocessar webhooks").click()
    inside.get_by_role("dialog").get_by_role("button", name="Reprocessar webhooks").click()

    expect(inside.locator("[data-said]")).to_contain_text("1 webhook a caminho de novo.")
    # it waits for another try anyway, and is not doubled
    assert len(deliveries_of(house, account)) == 1


def test_the_keyboard_goes_through_the_list(inside: Page, house: House, account: AccountId) -> None:
    for number in range(3):
        house.send([person("Gil")], account=account, title=f"Recibo {number}")
    inside.goto(f"{house.url}/app/")

    for key in ("j", "j", "k", "j"):
        inside.keyboard.press(key)
    expect(inside.get_by_role("link", name="Recibo 1")).to_be_focused()
    inside.keyboard.press("/")
    expect(inside.get_by_role("searchbox")).to_be_focused()
    inside.keyboard.type("recibo 2")
    inside.keyboard.press("Enter")

    expect(inside.get_by_role("link", name="Recibo 2")).to_be_visible()
    expect(inside.get_by_role("link", name="Recibo 1")).to_have_count(0)


def test_an_open_page_follows_what_happens(inside: Page, house: House, contract: Envelope) -> None:
    inside.goto(f"{house.url}/app/envelopes/{contract.id}")
    expect(inside.get_by_text("Ainda não abriu")).to_be_visible()

    inside.context.new_page().goto(house.link(contract.signers[0]))

    expect(inside.locator(".signer").first.get_by_text("Abriu", exact=True)).to_be_visible()


def test_a_lost_connection_is_said(inside: Page, house: House, contract: Envelope) -> None:
    inside.clock.install()
    inside.goto(f"{house.url}/app/envelopes/{contract.id}")
    inside.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('gone')) }")

    for _ in range(3):
        inside.clock.run_for(40_000)

    expect(inside.get_by_text("Sem conexão: o que você vê pode estar desatualizado.")).to_be_visible()


def test_the_signing_link_is_copied(inside: Page, house: House, contract: Envelope) -> None:
    inside.context.grant_permissions(["clipboard-read", "clipboard-write"])
    inside.goto(f"{house.url}/app/envelopes/{contract.id}")

    inside.get_by_role("button", name="Copiar link de assinatura de Carla Lima").click()

    expect(inside.get_by_text("Copiado")).to_be_visible()
    assert inside.evaluate("navigator.clipboard.readText()") == house.link(contract.signers[1])


def test_everything_works_without_scripts(
    browser: Browser, house: House, account: AccountId, contract: Envelope
) -> None:
    with desk_in(browser, java_script_enabled=False) as desk:
        page = signed_in(desk, house, account)
        page.goto(f"{house.url}/app/envelopes/{contract.id}")
        page.locator(".gear summary").click()
        page.get_by_role("link", name="Cancelar o documento").click()
        page.get_by_label("Por que está sendo cancelado?").fill("Trocado por outro")
        page.locator("#cancel").get_by_role("button", name="Cancelar o documento").click()

        expect(page.get_by_text("O documento foi cancelado.")).to_be_visible()
        expect(page.get_by_text("Motivo dado: “Trocado por outro”")).to_be_visible()


def signed_in(desk: Desk, house: House, account: AccountId) -> Page:
    with house.services.open_work() as work:
        secret = Sessions(house.services).start(work, new_user(house, account), house.now())
    desk.page.context.add_cookies([{"name": "lacre", "value": secret, "url": house.url}])
    return desk.page


def every_page(house: House, account: AccountId, contract: Envelope) -> list[str]:
    delivery = deliveries_of(house, account)[0].delivery
    narrowed = endpoint_of(house, account, dialect="arqsign")
    give(house, account, "arqsign")
    return [
        "/app/",
        "/app/?q=nothing",
        f"/app/envelopes/{contract.id}",
        f"/app/envelopes/{contract.id}#reprocess-webhooks",
        "/app/new",
        "/app/deliveries",
        f"/app/deliveries/{delivery.id}",
        "/app/events",
        f"/app/events/{delivery.event_id}",
        "/app/endpoints",
        "/app/endpoints/new",
        "/app/event-types",
        "/app/event-types/signer.signed",
        f"/app/endpoints/{delivery.endpoint_id}",
        f"/app/endpoints/{delivery.endpoint_id}/terms",
        f"/app/endpoints/{delivery.endpoint_id}/listening",
        f"/app/endpoints/{narrowed.id}/advanced",
        f"/app/replays/new?endpoint={delivery.endpoint_id}",
        "/app/replays",
        f"/app/replays/{a_replay(house, account)}",
        "/app/keys",
        "/app/login",
        "/app/enter?link=x",
        "/app/nowhere",
    ]


def give(house: House, account: AccountId, dialect: str) -> None:
    """Keys, so that there are some to renew and to revoke."""
    tokens = house.services.tokens
    with house.services.open_work() as work:
        for one in house.services.new_keys(dialect):
            give_key(
                work,
                work.accounts.get(account),
                dialect=one.dialect,
                key_id=tokens.uuid(),
                key=one.secret,
                digest=tokens.digest(one.secret),
                now=house.now(),
            )


def a_replay(house: House, account: AccountId) -> str:
    with house.services.open_work() as work:
        return replaying.ask(work, account, Wanted(since=house.now()), by="cli", now=house.now()).id
