"""The worked examples of docs/integrate/fastnotas.md, run as they stand there against a server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from lacre.bootstrap import open_installation
from lacre.cli.key import create_key
from tests.support.server import ROOT, Premises

PAGE = ROOT / "docs" / "integrate" / "fastnotas.md"
NODE = shutil.which("node")
PHP = shutil.which("php")
PROGRAMS = {
    "sh": ("example.sh", "/bin/sh"),
    "python": ("example.py", sys.executable),
    **({"js": ("example.js", NODE)} if NODE else {}),
    **({"php": ("example.php", PHP)} if PHP else {}),
}
"""Those whose runtime is at hand."""


@dataclass
class Reader:
    """Somebody who follows the page, in a folder of theirs."""

    folder: Path
    environment: dict[str, str]

    def run(self, language: str, text: str) -> str:
        name, program = PROGRAMS[language]
        (self.folder / name).write_text(text)
        done = subprocess.run(
            [program, name],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    premises = Premises(tmp_path_factory.mktemp("examples"))
    folder = premises.folder / "reader"
    folder.mkdir()
    environment = {
        "LACRE": premises.url,
        "API_KEY": _new_key(premises),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    with premises.server(working=False):
        yield Reader(folder, environment)


def examples() -> dict[str, str]:
    chapter = PAGE.read_text().partition("## Worked examples")[2].partition("\n## ")[0]
    return dict(re.findall(r"^```(\w+)\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL))


def test_there_is_an_example_for_each_language() -> None:
    assert set(examples()) == {"sh", "python", "js", "php"}


@pytest.mark.slow
@pytest.mark.parametrize("language", PROGRAMS)
def test_an_example_does_what_it_says(reader: Reader, language: str) -> None:
    printed = reader.run(language, examples()[language])

    assert "52998224725" in printed
    assert "nova@example.com" in printed
    assert printed.splitlines()[-1] == "0"


def _new_key(premises: Premises) -> str:
    with closing(open_installation(premises.settings)) as opened:
        return create_key(opened, "fastnotas", "default")["api_key"]
