"""What the benches send to: one process, epoll, keep-alive, always the same short answer.

In C, compiled at the first use, so that the receiver does not compete with the sender for the CPU; in Python,
with a note, where there is no C compiler.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_SOURCE = _HERE / "receiver.c"
_BUILT = _HERE / "build"
_COMPILERS = ("cc", "gcc", "clang")


@contextmanager
def running_receiver() -> Iterator[str]:
    """A receiver in a process of its own; gives its URL."""
    program = compiled()
    command = [str(program)] if program else [sys.executable, "-m", "bench.python_receiver"]
    with _running(command) as port:
        yield f"http://127.0.0.1:{port}/hook"


@contextmanager
def recording_receiver(record: Path) -> Iterator[str]:
    """Gives the URL up to the path, for `/hook` and for `/hang`, which is never answered.

    After it, `record` has one line for each request: when its first byte came (`time.monotonic_ns`) and its
    `webhook-id`. Only in C: call it where `compiled()` gives something.
    """
    with _running([str(compiled()), str(record)]) as port:
        yield f"http://127.0.0.1:{port}"


@cache
def compiled() -> Path | None:
    """The program, made anew when its source changed; nothing where there is no C compiler."""
    program = _BUILT / f"receiver-{hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]}"
    if not program.exists():
        compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
        if compiler is None:
            print("No C compiler: the receiver is a slow one, and takes CPU from what is measured.")
            return None
        _compile(compiler, program)
    return program


def _compile(compiler: str, program: Path) -> None:
    _BUILT.mkdir(exist_ok=True)
    new = program.with_suffix(f".{os.getpid()}")  # several may need it at the same moment
    subprocess.run([compiler, "-O2", "-Wall", "-o", new, _SOURCE], check=True)
    new.replace(program)


@contextmanager
def _running(command: Sequence[str]) -> Iterator[int]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=_HERE.parent) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
