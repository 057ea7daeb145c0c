"""Each import contract is kept, and each is proved able to fail by breaking it in a copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BREACHES = {
    "floors": ("signing/envelope.py", "from lacre.store import tables"),
    "doors": ("web/app.py", "from lacre.engines import clock"),
    "dialects": ("dialects/native/words.py", "from lacre.dialects.zapsign import words"),
    "pure": ("signing/layout.py", "import random"),
    "tables": ("engines/clock.py", "from lacre.store import tables"),
    "signing": ("signing/errors.py", "from lacre.signing import actions"),
    "processing": ("processing/page.py", "from lacre.processing import actions"),
    "webhooks": ("webhooks/errors.py", "from lacre.webhooks import actions"),
    "fiscal": ("fiscal/note.py", "from lacre.fiscal import ports"),
}


def test_all_contracts_are_kept() -> None:
    linted = lint(ROOT)

    assert linted.returncode == 0, linted.stdout


@pytest.mark.slow
@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_found(contract: str, tmp_path: Path) -> None:
    file, line = BREACHES[contract]
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("static", "fonts", "*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    broken = tmp_path / "src" / "lacre" / file
    broken.write_text(broken.read_text() + f"\n{line}\n")

    linted = lint(tmp_path, contract)

    assert linted.returncode == 1
    assert "BROKEN" in linted.stdout


def lint(root: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """`lint-imports` over the tree at `root`, in a process of its own that sees no other copy."""
    chosen = ["--contract", contract] if contract else []
    program = (
        f"import sys; sys.path.insert(0, {str(root / 'src')!r}); "
        "from importlinter.cli import lint_imports_command as lint; lint()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", *chosen],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
