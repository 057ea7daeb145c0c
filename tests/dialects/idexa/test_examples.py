"""The worked examples of docs/integrate/idexa.md, run as they stand there against a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.pdfs import contract_pdf
from tests.support.server import Premises
from tests.support.worked import PROGRAMS, Reader, examples

PAGE = "docs/integrate/idexa.md"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    premises = Premises(tmp_path_factory.mktemp("examples"))
    folder = premises.folder / "reader"
    folder.mkdir()
    (folder / "nota.pdf").write_bytes(contract_pdf())
    environment = {
        "LACRE": premises.url,
        "KEY": premises.new_token("idexa", "api_key"),
    }
    with premises.server():
        yield Reader(folder, environment)


def test_there_is_an_example_for_each_language() -> None:
    assert set(examples(PAGE)) == {"sh", "python", "js", "php"}


@pytest.mark.slow
@pytest.mark.parametrize("language", PROGRAMS)
def test_an_example_does_what_it_says(reader: Reader, language: str) -> None:
    printed = reader.run(language, examples(PAGE)[language]).splitlines()

    assert "Webhook excluído." in printed[-2]
    assert printed[-1] == "FINISHED"
