"""What a dialect owes wherever it is added: what CONTRIBUTING.md asks for, of each that there is."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from lacre.bootstrap import DIALECTS, WORDINGS
from lacre.fiscal import events as of_invoices
from lacre.processing import events as of_processing
from lacre.signing import events as of_signing
from lacre.webhooks import events as of_endpoints
from tests.architecture.test_shapes import VENDOR_WORDS

ROOT = Path(__file__).parents[2]
EVENTS = of_signing.ALL | of_processing.ALL | of_invoices.ALL | of_endpoints.ALL


@pytest.mark.parametrize("name", DIALECTS)
def test_every_event_has_a_word_or_a_reason_for_silence(name: str) -> None:
    words = import_module(f"lacre.dialects.{name}.words")

    assert set(words.EVENT_TYPES) | set(words.SILENCES) == EVENTS
    assert not set(words.EVENT_TYPES) & set(words.SILENCES)


def test_each_folder_of_a_dialect_is_named_and_worded() -> None:
    folders = {page.parent.name for page in (ROOT / "src" / "lacre" / "dialects").glob("*/wire*")}

    assert folders == set(DIALECTS) == set(WORDINGS)


def test_no_dialect_knows_any_other() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (independent,) = [one["modules"] for one in contracts if one["id"] == "dialects"]

    assert independent == sorted(f"lacre.dialects.{name}" for name in DIALECTS)


@pytest.mark.parametrize("name", DIALECTS)
def test_each_has_its_page_and_its_tests(name: str) -> None:
    assert (ROOT / "docs" / "integrate" / f"{name}.md").exists()
    for page in ("README.md", "README.pt-BR.md"):
        assert f"docs/integrate/{name}.md" in (ROOT / page).read_text()
    assert list((ROOT / "tests" / "dialects" / name).glob("test_*.py"))


@pytest.mark.parametrize("name", [one for one in DIALECTS if one != "native"])
def test_no_vendor_is_spoken_of_elsewhere(name: str) -> None:
    assert VENDOR_WORDS.search(name)
