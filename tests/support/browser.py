"""Real Chromium, on a phone and on a desk, that fails a test when a page complains or calls a stranger.

def test_…(desk: Desk) -> None:
    desk.page.goto(house.link(bruno))
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, expect, sync_playwright

SIZES = {"phone": (360, 740), "tablet": (768, 1024), "desktop": (1440, 900)}
PATIENCE_MILLISECONDS = 30_000
# a file that a form refused is an answer, not a fault of the page
_EXPECTED = ("422 (Unprocessable Entity)", "404 (Not Found)")


@dataclass
class Desk:
    """One person's browser; `complaints` is what its console said, `strangers` whom it called."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)

    def serious_findings(self, *rules: str) -> list[str]:
        """What axe finds that shuts people out, as one line each; by these of its rules, or by all."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        asked = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        found: dict[str, Any] = self.page.evaluate("asked => axe.run(asked)", asked)
        return [
            f"{one['id']}: {node['html'][:160]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    def findings_in_both_themes(self) -> list[str]:
        """Of the page as it stands: a theme changes colours and nothing else."""
        light = self.serious_findings()
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        dark = self.serious_findings("color-contrast")
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        return light + [f"dark: {one}" for one in dark]

    def findings_on_every_screen(self) -> list[str]:
        """The page is asked for once, and looked at on each size; what a tablet shows the others show."""
        found = []
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{size}: wider than the screen")
            if size != "tablet":
                found += [f"{size}: {one}" for one in self.findings_in_both_themes()]
        return found

    def look(self, step: str) -> None:
        """Nothing on the screen shuts anybody out; `LACRE_SCREENSHOTS` names where a picture is left."""
        folder = os.environ.get("LACRE_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{step}.png")
        assert self.findings_in_both_themes() == [], step

    def draw(self, within: str = "[data-ink=mark] canvas") -> None:
        """A stroke across the pad, as a hand draws it."""
        pad = self.page.locator(within)
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + box["height"] * 0.7)
        mouse.down()
        for step in range(1, 12):
            rise = 0.7 if step % 2 else 0.25
            mouse.move(box["x"] + 30 + step * 15, box["y"] + box["height"] * rise, steps=3)
        mouse.up()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.endswith(_EXPECTED):
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.strangers.append(request.url)


@contextmanager
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def desk_in(browser: Browser, size: str = "desktop", **context: Any) -> Iterator[Desk]:  # noqa: ANN401 - Playwright's
    width, height = SIZES[size]
    opened = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=size != "desktop",
        locale="pt-BR",
        reduced_motion="reduce",
        **context,
    )
    opened.set_default_timeout(PATIENCE_MILLISECONDS)
    desk = Desk(opened.new_page())
    desk.watch()
    try:
        yield desk
    finally:
        opened.close()


def _launch(playwright: Playwright) -> Browser:
    program = os.environ.get("LACRE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is needed: install it, or name it in LACRE_CHROMIUM"
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *_CAMERA])


# a camera that shows a test picture, and a person who lets the page use it
_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
