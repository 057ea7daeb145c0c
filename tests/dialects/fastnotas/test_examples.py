"""The worked examples of docs/integrate/fastnotas.md, run as they stand there against a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from lacre.bootstrap import open_installation
from lacre.cli.key import create_key
from tests.support.server import Premises
from tests.support.worked import PROGRAMS, Reader, block, examples

PAGE = "docs/integrate/fastnotas.md"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    premises = Premises(tmp_path_factory.mktemp("examples"))
    folder = premises.folder / "reader"
    folder.mkdir()
    environment = {
        "LACRE": premises.url,
        "API_KEY": _new_key(premises),
    }
    with premises.server(working=False):
        yield Reader(folder, environment)


def test_there_is_an_example_for_each_language() -> None:
    assert set(examples(PAGE)) == {"sh", "python", "js", "php"}


@pytest.mark.slow
@pytest.mark.parametrize("language", PROGRAMS)
def test_an_example_does_what_it_says(reader: Reader, language: str) -> None:
    printed = reader.run(language, examples(PAGE)[language])

    assert "52998224725" in printed
    assert "nova@example.com" in printed
    assert printed.splitlines()[-1] == "0"


def _new_key(premises: Premises) -> str:
    with closing(open_installation(premises.settings)) as opened:
        return create_key(opened, "fastnotas", "default")["api_key"]


@pytest.mark.slow
def test_the_key_opens_what_the_page_begins_with(reader: Reader) -> None:
    assert "Recurso não encontrado." in reader.run("sh", block(PAGE, "/v1/company"))
