"""The worked examples of docs/integrate/zapsign.md, run as they stand there against a server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.pdfs import contract_pdf, weighty_pdf
from tests.support.server import Premises
from tests.support.worked import PROGRAMS, Reader, block, examples

PAGE = "docs/integrate/zapsign.md"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    premises = Premises(tmp_path_factory.mktemp("examples"))
    folder = premises.folder / "reader"
    folder.mkdir()
    (folder / "contrato.pdf").write_bytes(contract_pdf())
    environment = {
        "LACRE": premises.url,
        "TOKEN": premises.new_token(),
    }
    with premises.server(working=False):
        yield Reader(folder, environment)


def test_there_is_an_example_for_each_language() -> None:
    assert set(examples(PAGE)) == {"sh", "python", "js", "php"}


@pytest.mark.slow
@pytest.mark.parametrize("language", PROGRAMS)
def test_an_example_does_what_it_says(reader: Reader, language: str) -> None:
    printed = reader.run(language, examples(PAGE)[language])

    assert printed.count(f"{reader.environment['LACRE']}/verificar/") == 2
    assert printed.splitlines()[-1] == "refused"


@pytest.mark.slow
def test_the_front_page_sends_a_contract_that_no_command_line_would_hold(reader: Reader) -> None:
    (reader.folder / "contrato.pdf").write_bytes(weighty_pdf(300_000))
    told = block("README.md", "base64_pdf").replace("http://127.0.0.1:8000", "$LACRE")

    printed = reader.run("sh", f'API_TOKEN="$TOKEN"\n{told}')

    assert [one["name"] for one in json.loads(printed)["signers"]] == ["Ana", "Bruno"]
