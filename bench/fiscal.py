"""Service invoices, issued by a Sefin of our own in another process: how many, and whose work it is.

First by the engine alone, then on the whole path (`invoicing`).
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench import invoicing
from lacre.engines.http import HttpEngine
from lacre.engines.nfse import NationalOffice, Places
from lacre.engines.nfse.places import Place, sandbox_at
from lacre.engines.sefin import SandboxAuthority
from lacre.fiscal.ports import Accepted, Certificate, Draft, Signed
from tests.support.sefin import COMPANY, LOOPBACK, a_note, certificate_of

NOTES = 40
"""Of a round."""
HANDS: Mapping[str, int] = {"one at a time": 1, "eight at a time": 8}
"""A worker has eight."""


@dataclass(frozen=True)
class Took:
    """Seconds."""

    built: float
    signed: float
    exchanged: float


def measure(rounds: int = 5) -> dict[str, object]:
    """Notes a second; milliseconds of the clock for each step of one, and of CPU: ours, and the Sefin's."""
    with running_sefin() as (place, authority, process):
        http: HttpEngine[None] = HttpEngine((LOOPBACK,))
        office = NationalOffice(Places(sandbox=place), http)
        certificate = certificate_of(authority.company("BENCH LTDA", COMPANY), "")
        numbers = count(1)
        _issue(office, certificate, next(numbers))
        found: dict[str, object] = {
            name: _measured(office, certificate, numbers, hands, rounds, process)
            for name, hands in HANDS.items()
        }
        http.close()
    return found | invoicing.measure(running_sefin, rounds)


def _measured(
    office: NationalOffice,
    certificate: Certificate,
    numbers: Iterator[int],
    hands: int,
    rounds: int,
    process: int,
) -> dict[str, float]:
    per_second, ours, theirs, took = [], [], [], list[Took]()
    with ThreadPoolExecutor(hands) as workers:
        for _ in range(rounds):
            began, worked, sefin = time.perf_counter(), _worked(), _ticked(process)
            batch = [next(numbers) for _ in range(NOTES)]
            took += workers.map(lambda number: _issue(office, certificate, number), batch)
            per_second.append(NOTES / (time.perf_counter() - began))
            ours.append(1000 * (_worked() - worked) / NOTES)
            theirs.append(1000 * (_ticked(process) - sefin) / NOTES)
    return {
        "per_s": statistics.median(per_second),
        "build_ms": 1000 * statistics.median(one.built for one in took),
        "sign_ms": 1000 * statistics.median(one.signed for one in took),
        "exchange_ms": 1000 * statistics.median(one.exchanged for one in took),
        "cpu_ms": statistics.median(ours),
        "sefin_cpu_ms": statistics.median(theirs),
        "ours_percent": statistics.median(
            100 * mine / (mine + other) for mine, other in zip(ours, theirs, strict=True)
        ),
    }


def _issue(office: NationalOffice, certificate: Certificate, number: int) -> Took:
    began = time.perf_counter()
    draft = office.build(a_note(number=number))
    assert isinstance(draft, Draft)
    built = time.perf_counter()
    signed = office.sign(draft, certificate)
    assert isinstance(signed, Signed)
    written = time.perf_counter()
    note = office.issue(signed, certificate)
    assert isinstance(note, Accepted)
    return Took(built - began, written - built, time.perf_counter() - written)


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _ticked(process: int) -> float:
    """Seconds of CPU that another process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running_sefin() -> Iterator[tuple[Place, SandboxAuthority, int]]:
    """In a process of its own, as the government's is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "lacre", "sefin", "run", "--dir", name, "--port", "0"]
        process = subprocess.Popen([*command, "--control-port", "0"], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip().partition("=")[2]
            authority = SandboxAuthority.kept_in(folder)
            yield sandbox_at(url, authority.pem), authority, process.pid
        finally:
            process.terminate()
            process.wait()
