"""Plays the demo, then looks at what it left: the console on a desk, the signing room on a phone."""

from __future__ import annotations

import base64
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from lacre.cli.demo.client import Api
from lacre.cli.demo.server import DemoServer
from lacre.cli.demo.story import contract, tell
from lacre.cli.demo.timeline import Timeline
from tests.support.browser import chromium, desk_in

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
FOUR_WORDS = "lacre de cera vermelha"
DESK = {"width": 1200, "height": 800}
COLOURS = 128
"""Of the palette: pages have few, and the files stay small."""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tell(folder, Timeline())
        with DemoServer(folder, time_scale=1) as server, chromium() as browser:
            with desk_in(browser, "desktop") as desk:
                _enter(desk.page, server)
                _look_at_what_was_signed(desk.page)
                _look_at_what_was_tried_twice(desk.page, server)
            with desk_in(browser, "phone", device_scale_factor=2) as desk:
                _look_at_what_is_to_be_signed(desk.page, server)


def _enter(page: Page, server: DemoServer) -> None:
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    page.goto(server.command("user", "create", "--email", "ana@example.com", "--account", "demo").strip())
    page.fill("#password", FOUR_WORDS)
    page.fill("#again", FOUR_WORDS)
    page.click("button[type=submit]")


def _look_at_what_was_signed(page: Page) -> None:
    page.get_by_role("link", name="Contrato de locação").first.click()
    page.wait_for_url("**/app/envelopes/**")
    _take(page, "document")


def _look_at_what_was_tried_twice(page: Page, server: DemoServer) -> None:
    page.goto(f"{server.url}/app/deliveries")
    twice = page.get_by_role("row").filter(has=page.get_by_role("cell", name="2", exact=True))
    twice.get_by_role("link").first.click()
    page.wait_for_url("**/app/deliveries/*")
    _take(page, "delivery")


def _look_at_what_is_to_be_signed(page: Page, server: DemoServer) -> None:
    api = Api(f"{server.url}/api/v1", f"Bearer {server.new_key('zapsign')}", successes=(200,))
    said = {
        "name": "Contrato de locação",
        "base64_pdf": base64.b64encode(contract()).decode(),
        "signers": [{"name": "Ana Souza"}],
    }
    page.goto(api.call("POST", "docs/", said)["signers"][0]["sign_url"])
    _take(page, "room")


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)


main()
