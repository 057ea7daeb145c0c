"""What the documentation must not fall behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lacre.cli import main
from lacre.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATE = ROOT / "docs" / "operate" / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_every_setting_has_a_row() -> None:
    chapter = OPERATE.read_text().partition("## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(LACRE_\w+)` \|", chapter, re.MULTILINE)

    assert sorted(rows) == sorted(f"LACRE_{name.upper()}" for name in Settings.model_fields)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    lost = [link for link in links(page) if not leads(page, link)]

    assert lost == []


def test_every_command_that_is_written_down_exists() -> None:
    told = {name for page in PAGES for name in re.findall(r"`lacre ([a-z]+)", page.read_text())}

    assert told <= set(main.commands)


def links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    return [link for link in found if not link.startswith(("http://", "https://", "mailto:"))]


def leads(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or target.is_dir() or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
