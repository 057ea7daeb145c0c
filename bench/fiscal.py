"""Service invoices, issued against a Sefin of our own in another process: how many, and whose time it is."""

from __future__ import annotations

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
    """Notes a second; milliseconds of the clock for each step of one; what of it our own process worked."""
    with running_sefin() as (place, authority):
        http: HttpEngine[None] = HttpEngine((LOOPBACK,))
        office = NationalOffice(Places(sandbox=place), http)
        certificate = certificate_of(authority.company("BENCH LTDA", COMPANY), "")
        numbers = count(1)
        _issue(office, certificate, next(numbers))
        found: dict[str, object] = {
            name: _measured(office, certificate, numbers, hands, rounds) for name, hands in HANDS.items()
        }
        http.close()
        return found


def _measured(
    office: NationalOffice, certificate: Certificate, numbers: Iterator[int], hands: int, rounds: int
) -> dict[str, float]:
    per_second, shares, took = [], [], list[Took]()
    with ThreadPoolExecutor(hands) as workers:
        for _ in range(rounds):
            began, worked = time.perf_counter(), _worked()
            batch = [next(numbers) for _ in range(NOTES)]
            took += workers.map(lambda number: _issue(office, certificate, number), batch)
            wall = time.perf_counter() - began
            per_second.append(NOTES / wall)
            shares.append(100 * (_worked() - worked) / NOTES / statistics.mean(map(_whole, took[-NOTES:])))
    return {
        "per_s": statistics.median(per_second),
        "build_ms": 1000 * statistics.median(one.built for one in took),
        "sign_ms": 1000 * statistics.median(one.signed for one in took),
        "exchange_ms": 1000 * statistics.median(one.exchanged for one in took),
        "ours_percent": statistics.median(shares),
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


def _whole(took: Took) -> float:
    return took.built + took.signed + took.exchanged


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def running_sefin() -> Iterator[tuple[Place, SandboxAuthority]]:
    """In a process of its own, as the government's is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "lacre", "sefin", "run", "--dir", name, "--port", "0"]
        process = subprocess.Popen([*command, "--control-port", "0"], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip().partition("=")[2]
            authority = SandboxAuthority.kept_in(folder)
            yield sandbox_at(url, authority.pem), authority
        finally:
            process.terminate()
            process.wait()
