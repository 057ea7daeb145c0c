from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lacre.engines.pades import (
    Identity,
    PyhankoSealer,
    PyhankoVerifier,
    SealConfig,
    load_or_create_certificate,
)
from tests.support.pki import TimestampServer


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return load_or_create_certificate(tmp_path_factory.mktemp("dados"))


@pytest.fixture
def config(identity: Identity) -> SealConfig:
    return SealConfig(identity=identity)


@pytest.fixture
def sealer(config: SealConfig) -> PyhankoSealer:
    return PyhankoSealer(config)


@pytest.fixture
def verifier(config: SealConfig) -> PyhankoVerifier:
    return PyhankoVerifier(config)


@pytest.fixture
def tsa() -> Iterator[TimestampServer]:
    with TimestampServer() as server:
        yield server


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "pronto.pdf"
