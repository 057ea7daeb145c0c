"""In a bounded child, and within bounds of memory and time whatever the file's size."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.seal import memory_growth
from lacre.engines.pades import PyhankoSealer, PyhankoVerifier, SealConfig
from lacre.engines.sandbox import Sandbox
from lacre.signing.ports import Sealed, SealFailed
from tests.support import pdfs, sealing
from tests.support.earlier_signatures import signed_elsewhere


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1) as made:
        yield made


@pytest.mark.slow
def test_everything_works_through_the_sandbox(
    sandbox: Sandbox, config: SealConfig, tmp_path: Path, out: Path
) -> None:
    sealer, verifier = PyhankoSealer(config, sandbox.run), PyhankoVerifier(config, sandbox.run)
    original = pdfs.written(tmp_path, pdfs.contract_pdf())

    assert isinstance(sealer.prepare(original, out, sealing.structure()), Sealed)
    assert isinstance(sealer.seal(out, sealing.act()), Sealed)

    assert verifier.verify(out).all_valid


@pytest.mark.slow
def test_a_strangers_signature_is_judged_in_the_sandbox(
    sandbox: Sandbox, config: SealConfig, tmp_path: Path
) -> None:
    signed = pdfs.written(tmp_path, signed_elsewhere(pdfs.contract_pdf()))

    (found,) = PyhankoVerifier(config, sandbox.run).verify(signed).signatures

    assert found.valid
    assert found.signed_at is not None
    assert found.signer == "Outra plataforma"


@pytest.mark.slow
def test_a_child_that_is_stopped_is_a_failure_to_try_again(
    sandbox: Sandbox, config: SealConfig, tmp_path: Path, out: Path
) -> None:
    original = pdfs.written(tmp_path, pdfs.contract_pdf())

    def starved(
        function: Callable[..., object],
        *args: object,
        seconds: float,  # noqa: ARG001
        memory_bytes: int,
    ) -> object:
        return sandbox.run(function, *args, seconds=0.0, memory_bytes=memory_bytes)

    failed = PyhankoSealer(config, starved).prepare(original, out, sealing.structure())

    assert isinstance(failed, SealFailed)
    assert failed.retry


@pytest.mark.slow
def test_sealing_a_large_file_takes_no_more_memory_than_a_small_one(
    sealer: PyhankoSealer, tmp_path: Path, out: Path
) -> None:
    original = pdfs.written(tmp_path, pdfs.weighty_pdf(60_000_000))
    assert isinstance(sealer.prepare(original, out, sealing.bare_structure("ana")), Sealed)

    assert memory_growth(out) < 10


def test_a_full_disk_is_a_failure_to_try_again(config: SealConfig, tmp_path: Path, out: Path) -> None:
    original = pdfs.written(tmp_path, pdfs.contract_pdf())
    script = (
        "import resource, pickle, sys, pathlib, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "from lacre.engines.pades import PyhankoSealer;"
        "config, original, out, structure = pickle.load(sys.stdin.buffer);"
        "sys.stdout.write(repr(PyhankoSealer(config).prepare(original, out, structure)))"
    )

    call = pickle.dumps((config, original, out, sealing.structure()))
    done = subprocess.run([sys.executable, "-c", script], input=call, capture_output=True, check=True)

    assert b"SealFailed" in done.stdout
    assert b"retry=True" in done.stdout


def test_a_missing_file_is_a_failure_not_a_crash(sealer: PyhankoSealer, tmp_path: Path) -> None:
    failed = sealer.seal(tmp_path / "nenhum.pdf", sealing.bare_act())

    assert isinstance(failed, SealFailed)
    assert failed.retry
