"""Envelopes created per second over HTTP by one client and by eight, beside the floor of doing so.

A real `lacre serve` on SQLite, worker included, takes contracts of 100 kB with two signers through our own
API, each a file of its own. The floor is the same server's emptiest answer to the same client, the digest of
the file, and the front door's examination of a stranger's PDF with its rehearsal of a seal, in this process.
What is above it is HTTP, JSON, Base64, the child process, files and rows on disk, and the worker.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.machine import cpu_seconds
from lacre.engines.intake.examination import Bench, Sound, examine
from lacre.engines.pades import load_or_create_certificate
from lacre.engines.rehearsal import rehearse_sealing
from tests.support import pdfs

CLIENTS = (1, 8)
SECONDS = 5.0
BYTES = 100_000
ADMITTED = 20
PATH = "/api/lacre/v1/envelopes"
_MARK = 50_000
"""Inside of the noise, where a number makes each file another."""


@dataclass
class Served:
    """The server under test, and what has been asked of it so far."""

    port: int
    pid: int
    key: str = field(repr=False)
    content: bytes = field(repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def create(self, connection: http.client.HTTPConnection) -> None:
        with self._turn:
            number = next(self._numbers)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        _exchange(connection, "POST", PATH, body=_envelope(self.content, number), headers=headers, wanted=201)

    def ask_health(self, connection: http.client.HTTPConnection) -> None:
        _exchange(connection, "GET", "/healthz", wanted=200)


def measure(rounds: int = 3, *, seconds: float = SECONDS) -> dict[str, object]:
    """For each number of clients: per second and CPU ms, ours and the floor's, and the ratio between them."""
    content = pdfs.weighty_pdf(BYTES)
    found: dict[int, list[dict[str, float]]] = {clients: [] for clients in CLIENTS}
    with tempfile.TemporaryDirectory() as name, _served(Path(name), content) as served:
        _rate(served, served.create, 2, 1.0)  # the first envelopes pay for imports
        for _ in range(rounds):
            for clients in CLIENTS:
                found[clients].append(_round(served, clients, seconds))
    return {_named(clients): _medians(rows) for clients, rows in found.items()}


def _round(served: Served, clients: int, seconds: float) -> dict[str, float]:
    empty_per_s, empty_ms = _rate(served, served.ask_health, clients, seconds / 3)
    admitting_ms = _admitting_ms(served.content)
    per_s, cpu_ms = _rate(served, served.create, clients, seconds)
    floor_ms = empty_ms + admitting_ms
    return {
        "per_s": per_s,
        "cpu_ms": cpu_ms,
        "healthz_per_s": empty_per_s,
        "healthz_cpu_ms": empty_ms,
        "admit_cpu_ms": admitting_ms,
        "floor_cpu_ms": floor_ms,
        "ratio": cpu_ms / floor_ms,
    }


def _rate(
    served: Served, do: Callable[[http.client.HTTPConnection], None], clients: int, seconds: float
) -> tuple[float, float]:
    """How often a second, and the server's CPU milliseconds for each, its children's included."""
    until = time.perf_counter() + seconds
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(_again_and_again(served, do, until)))
        for _ in range(clients)
    ]
    wall, cpu = time.perf_counter(), cpu_seconds(served.pid)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, cpu_seconds(served.pid) - cpu
    assert len(counts) == clients, "a client broke off"
    return sum(counts) / wall, cpu / sum(counts) * 1_000


def _again_and_again(served: Served, do: Callable[[http.client.HTTPConnection], None], until: float) -> int:
    done = 0
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:
        while time.perf_counter() < until:
            do(connection)
            done += 1
    return done


def _admitting_ms(content: bytes) -> float:
    """CPU of the digest and of the examination, in this process: no child, no copy, no waiting."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        upload = pdfs.written(folder, content)
        attempt = partial(rehearse_sealing, load_or_create_certificate(folder))
        bench = Bench(attempt, folder / "trial.pdf", folder / "repaired.pdf")
        examine(upload, bench)
        begun = time.process_time()
        for _ in range(ADMITTED):
            hashlib.sha256(content).digest()
            assert isinstance(examine(upload, bench), Sound)
        return (time.process_time() - begun) / ADMITTED * 1_000


def _envelope(content: bytes, number: int) -> str:
    each = content[:_MARK] + number.to_bytes(16, "big") + content[_MARK + 16 :]
    return json.dumps(
        {
            "title": f"Contrato {number}",
            "documents": [{"base64": base64.b64encode(each).decode()}],
            "signers": [{"name": "Ana Lima"}, {"name": "Bruno Dias"}],
        }
    )


def _exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    *,
    body: str = "",
    headers: dict[str, str] | None = None,
    wanted: int,
) -> None:
    connection.request(method, path, body or None, headers or {})
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == wanted, (answer.status, said[:500])


# ── the server ───────────────────────────────────────────────────────────────


@contextmanager
def _served(folder: Path, content: bytes) -> Iterator[Served]:
    """`lacre serve` as an operator starts it, its log written to a file."""
    port = _free_port()
    environment = {**os.environ, "LACRE_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "lacre"]
    said = subprocess.check_output(
        [*command, "key", "create", "--dialect", "native", "--json"], env=environment, cwd=folder
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port)],
            env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        assert process.stdout
        assert process.stdout.readline().startswith(b"Lacre listening"), (folder / "log").read_text()
        yield Served(port, process.pid, json.loads(said)["api_key"], content)
    except AssertionError:
        print(*_complaints(folder / "log"), sep="\n", file=sys.stderr)
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _complaints(log: Path) -> list[str]:
    return [line for line in log.read_text().splitlines() if '"level": "info"' not in line][:20]


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _named(clients: int) -> str:
    return "1 client" if clients == 1 else f"{clients} clients"


def _medians(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(row[name] for row in rows), 2) for name in rows[0]}


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=2))
