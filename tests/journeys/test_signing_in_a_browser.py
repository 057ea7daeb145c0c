"""The main job: a client sends a contract, two people sign it in Chromium, and it comes back sealed and told.

With `LACRE_SCREENSHOTS` set, what people see at each step is left in that folder.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageChops
from playwright.sync_api import Browser, Page, expect

from tests.support import sealing
from tests.support.browser import Desk, chromium
from tests.support.customer import Customer
from tests.support.database import PostgresServer, postgres_server
from tests.support.pdfs import text_pdf, written
from tests.support.receiver import Receiver, status
from tests.support.server import Premises

__all__ = ["postgres_server"]

PAGES = 3
BRUNO = {
    "name": "Bruno Dias",
    "email": "bruno@example.test",
    "signature_placement": "<<assinatura1>>",
    "rubrica_placement": "<<rubrica1>>",
}
CARLA = {
    "name": "Carla Conceição",
    "email": "carla@example.test",
    "qualification": "testemunha",
    "require_cpf": True,
    "signature_placement": "<<assinatura2>>",
    "rubrica_placement": "<<rubrica2>>",
}
TOLD = {"doc_created": 2, "doc_viewed": 2, "doc_read_confirmation": 2, "doc_signed": 2}
"""The first was answered with 500, and so told again."""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Seat:
    """Somebody at a screen, watched: what they saw, whom their browser asked, what shut them out."""

    desk: Desk
    name: str
    shots: Path | None

    @property
    def page(self) -> Page:
        return self.desk.page

    def shoot(self, step: str) -> None:
        if self.shots:
            self.page.screenshot(path=self.shots / f"{self.name}-{step}.png")

    def look(self, step: str) -> None:
        """Leaves a picture of the whole screen; nothing on it may shut anybody out."""
        self.shoot(step)
        assert self.desk.serious_findings() == [], step


SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}


@contextmanager
def seat(browser: Browser, screen: str, home: str) -> Iterator[Seat]:
    """In the end nothing may have been wrong, and nobody else been asked."""
    asked: list[str] = []
    context = browser.new_context(locale="pt-BR", reduced_motion="reduce", **SCREENS[screen])
    desk = Desk(context.new_page())
    desk.watch()
    desk.page.on("request", lambda request: asked.append(request.url))
    folder = os.environ.get("LACRE_SCREENSHOTS")
    sitting = Seat(desk, screen, Path(folder) if folder else None)
    try:
        yield sitting
    except BaseException:
        sitting.shoot("failed")
        raise
    finally:
        context.close()
    assert desk.complaints == []
    assert [url for url in asked if not url.startswith((f"{home}/", "data:", f"blob:{home}/"))] == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        listening.answers(status(500), status(200))
        yield listening


@pytest.fixture(params=["sqlite", "postgresql"])
def premises(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Premises]:
    url = ""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create(template="lacre_template")
    # 5 minutes between attempts become a second, and the hour of a link twelve
    opened = Premises(tmp_path, database_url=url, time_scale="300")
    with opened.server():
        yield opened


@pytest.fixture
def customer(premises: Premises, receiver: Receiver) -> Customer:
    said = premises.run("key", "create", "--dialect", "zapsign", "--account", "Papelaria Souza", "--json")
    ours = Customer(premises.url, json.loads(said)["api_token"])
    ours.subscribe(receiver, "", "doc_viewed", "doc_read_confirmation")
    return ours


def test_two_people_sign_a_contract_in_their_browsers(
    premises: Premises, customer: Customer, receiver: Receiver, browser: Browser, tmp_path: Path
) -> None:
    contract = a_contract()
    made = customer.send([BRUNO, CARLA], contract, signature_order_active=True)
    brunos, carlas = (signer["sign_url"] for signer in made["signers"])

    with seat(browser, "desktop", premises.url) as bruno:
        partly = bruno_signs(bruno, brunos, tmp_path / "bruno.pdf")
    with seat(browser, "phone", premises.url) as carla:
        sealed = carla_signs(carla, carlas, tmp_path / "carla.pdf")

    told = heard(receiver, sum(TOLD.values()))
    assert Counter(one["event_type"] for one in told) == TOLD
    last = [one for one in told if one["event_type"] == "doc_signed"][-1]
    assert (last["status"], last["signer_who_signed"]["name"]) == ("signed", "Carla Conceição")
    assert customer.download(last["signed_file"]) == sealed.read_bytes()
    assert customer.document(made["token"])["status"] == "signed"
    judge(premises, partly, contract, signatures=2)
    judge(premises, sealed, contract, signatures=3)


# ── the people ───────────────────────────────────────────────────────────────


def bruno_signs(seat: Seat, link: str, file: Path) -> Path:
    """At a desk: draws the signature with the mouse, and types the initials."""
    page = seat.page
    page.goto(link)
    expect(page.get_by_role("heading", name="Leia antes de assinar")).to_be_visible()
    expect(page.locator("#page-1-3")).to_be_attached()
    seat.look("1-read")
    page.get_by_role("button", name="Continuar").locator("visible=true").first.click()
    expect(page.get_by_role("heading", name="Preencha e assine")).to_be_visible()
    seat.look("2-sign")
    seat.desk.draw()
    expect(page.locator("input[name=mark_drawing]")).not_to_have_value("")
    page.locator("#initials").get_by_role("radio", name="Digitar").check()
    page.get_by_label("Concordo").check()
    expect(page.locator("[data-progress]").first).to_have_text("4 de 4 campos")
    seat.look("3-filled")
    page.get_by_role("button", name="Assinar").locator("visible=true").click()
    return downloaded(seat, file)


def carla_signs(seat: Seat, link: str, file: Path) -> Path:
    """On a phone: led from one thing to the next; types the signature, draws the initials with a finger."""
    # buttons are clicked: on a busy machine a tap lasts long enough to be a long press
    page = seat.page
    page.goto(link)
    expect(page.get_by_text("3 páginas para ler")).to_be_visible()
    seat.look("1-read")
    page.get_by_role("button", name="Continuar").locator("visible=true").first.click()
    forward = page.locator("[data-step=next]")
    page.get_by_text("Próximo").locator("visible=true").first.click()
    expect(page.get_by_label("CPF ou CNPJ")).to_be_visible()
    page.get_by_label("CPF ou CNPJ").fill("529.982.247-25")
    seat.look("2-particulars")
    forward.click()
    page.locator("#mark").get_by_role("radio", name="Digitar").check()
    seat.look("3-signature")
    forward.click()
    page.locator("#initials").get_by_role("radio", name="Desenhar").check()
    draw_with_a_finger(page, "[data-ink=initials] canvas")
    expect(page.locator("input[name=initials_drawing]")).not_to_have_value("")
    seat.look("4-initials")
    forward.click()
    page.get_by_label("Concordo").check()
    seat.look("5-accept")
    page.get_by_role("button", name="Assinar").locator("visible=true").click()
    return downloaded(seat, file)


def downloaded(seat: Seat, file: Path) -> Path:
    """The signed file, as soon as the page offers it."""
    page = seat.page
    expect(page.get_by_role("heading", name="Você assinou")).to_be_visible(timeout=30_000)
    link = page.get_by_role("link", name="Baixar assinado")
    expect(link).to_be_visible(timeout=30_000)
    seat.look("6-done")
    with page.expect_download() as coming:
        link.click()
    coming.value.save_as(file)
    return file


def draw_with_a_finger(page: Page, within: str) -> None:
    pad = page.locator(within)
    pad.click(trial=True)  # once the sheet has stopped moving
    box = pad.bounding_box()
    assert box is not None
    fingers = page.context.new_cdp_session(page)
    spots = [
        {"x": box["x"] + 40 + step * 12, "y": box["y"] + box["height"] * (0.7 if step % 2 else 0.3)}
        for step in range(10)
    ]
    for number, spot in enumerate(spots):
        kind = "touchMove" if number else "touchStart"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [spot]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# ── what they and the client's system see ────────────────────────────────────


def heard(receiver: Receiver, count: int) -> list[Any]:
    return [one.json for one in receiver.wait_for(count, seconds=60)]


def judge(premises: Premises, file: Path, original: bytes, *, signatures: int) -> None:
    """By poppler, qpdf and pyHanko; and the pages look as they did."""
    assert sealing.valid_by_poppler(file) == signatures
    assert sealing.clean_by_qpdf(file)
    said = premises.run("verify", str(file))
    assert said.count("   valid: intact") == signatures, said
    before = sealing.content_pictures(written(premises.folder, original), PAGES)
    after = sealing.content_pictures(file, PAGES)
    assert [ImageChops.difference(*pair).getbbox() for pair in zip(before, after, strict=True)] == [
        None
    ] * PAGES


def a_contract() -> bytes:
    pages = [
        [f"Contrato de locação residencial - folha {number} de {PAGES}", ""]
        + [
            f"Cláusula {number}.{clause} - O locatário pagará até o dia {clause} de cada mês."
            for clause in range(1, 25)
        ]
        + ["", "", "", "", "<<rubrica1>>" + " " * 40 + "<<rubrica2>>"]
        for number in range(1, PAGES + 1)
    ]
    pages[-1] += ["", "", "", "", "", "<<assinatura1>>" + " " * 60 + "<<assinatura2>>"]
    return text_pdf(*pages)
