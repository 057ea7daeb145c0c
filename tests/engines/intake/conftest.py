"""A door that all its tests share, and a short way to push bytes through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lacre.engines.intake.door import PdfIntake
from lacre.engines.sandbox import Sandbox
from lacre.signing.ports import Accepted, Unusable
from tests.support.pdfs import written

Admit = Callable[[bytes], Accepted | Unusable]


@pytest.fixture(scope="package")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1, preload=("lacre.engines.intake.examination", "lacre.engines.intake.text")) as sandbox:
        yield sandbox


@pytest.fixture
def intake(sandbox: Sandbox, tmp_path: Path) -> PdfIntake:
    return PdfIntake(sandbox, 5_000_000, tmp_path / "scratch")


@pytest.fixture
def admit(intake: PdfIntake, tmp_path: Path) -> Admit:
    return lambda content: intake.admit(written(tmp_path, content))
