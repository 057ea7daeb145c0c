"""Where LibreOffice is on this machine, and which Python can speak to it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGES = "libreoffice-writer-nogui python3-uno fonts-liberation fonts-crosextra-carlito"
ADVICE = f"Install LibreOffice on the server: apt-get install {PACKAGES}"
_PYTHONS = ("/usr/bin/python3", "/usr/local/bin/python3")


class OfficeMissing(Exception):
    """There is no LibreOffice that we could use; the message says what to install."""


@dataclass(frozen=True)
class Office:
    program: Path
    """`soffice.bin` itself: the script that starts it would stand between us and the process."""
    python: Path


def find_office(named: str) -> Office:
    """Raises `OfficeMissing`. `named`: a program on the PATH, or a path of its own."""
    found = shutil.which(named) if named else None
    if found is None:
        raise OfficeMissing(ADVICE)
    program = Path(found).resolve().with_name("soffice.bin")
    if not program.exists():
        raise OfficeMissing(f"{found} is not LibreOffice's own program. {ADVICE}")
    return Office(program=program, python=_python_beside(program))


def _python_beside(program: Path) -> Path:
    """LibreOffice's own Python where it brings one, else the system's with `python3-uno`."""
    for candidate in (program.with_name("python"), *map(Path, _PYTHONS)):
        if candidate.exists() and _knows_uno(candidate):
            return candidate
    raise OfficeMissing(f"No Python with LibreOffice's `uno` module was found. {ADVICE}")


@cache
def _knows_uno(python: Path) -> bool:
    asked = [str(python), "-I", "-c", "import uno"]
    return subprocess.run(asked, capture_output=True, check=False, timeout=30).returncode == 0  # noqa: S603
