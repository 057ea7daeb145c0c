"""What the documentation must not fall behind."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from lacre.bootstrap import DIALECTS
from lacre.cli import main
from lacre.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATE = ROOT / "docs" / "operate" / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TYPED = re.compile(r"^(?:\.venv/bin/)?(lacre [a-z].*)$", re.MULTILINE)
LINES = sorted({line for page in PAGES for line in TYPED.findall(page.read_text())})


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


@pytest.mark.parametrize("line", LINES)
def test_a_command_line_that_is_printed_can_be_typed(line: str) -> None:
    command: click.Command = main
    words = shlex.split(line.replace("$LACRE", "http://127.0.0.1:8000"), comments=True)[1:]

    context = main.make_context("lacre", words)
    while isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found
        command, context = found, found.make_context(name, words, parent=context)


def test_the_map_names_every_command_and_every_dialect() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()
    named = re.findall(r"[a-z]+", page.partition("├── cli/")[2].partition("\n")[0])
    dialects = page.partition("├── dialects/")[2].partition("\n├── worker/")[0]

    assert set(named) == set(main.commands)
    assert {one for one in DIALECTS if f"{one}/" not in dialects} == set()


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
