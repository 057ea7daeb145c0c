"""More processes that deliver beside this one: each may use a core of its own.

They are workers like any other, which share the work through the database; only, they end with this process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger("lacre.worker")

PAUSE_SECONDS = 1.0
"""Before one that ended by itself is started anew."""
FAREWELL_SECONDS = 40.0
"""Longer than a worker's own grace; what it still has in hand then goes to others."""


@contextmanager
def more_hands(count: int, *, public_url: str) -> Iterator[None]:
    """`count` processes; each is told to finish, and waited for, when the context ends."""
    stop = threading.Event()
    watches = [threading.Thread(target=_watch, args=(public_url, stop)) for _ in range(count)]
    for watch in watches:
        watch.start()
    try:
        yield
    finally:
        stop.set()
        for watch in watches:
            watch.join()


def end_with_parent(stop: threading.Event) -> None:
    """Our standard input is a pipe that nobody writes to: it ends when the other process does."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        stop.set()

    threading.Thread(target=wait, daemon=True, name="lacre-parent").start()


def _watch(public_url: str, stop: threading.Event) -> None:
    while not stop.is_set():
        with _hand(public_url) as hand:
            while hand.poll() is None and not stop.wait(PAUSE_SECONDS / 4):
                pass
            if hand.poll() is not None and not stop.is_set():
                log.error("hand_ended", code=hand.returncode)
                stop.wait(PAUSE_SECONDS)


@contextmanager
def _hand(public_url: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "lacre", "worker", "--only-deliver"]
    environment = {**os.environ, "LACRE_PUBLIC_URL": public_url} if public_url else None
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment) as hand:
        try:
            yield hand
        finally:
            assert hand.stdin is not None  # noqa: S101 - asked for
            hand.stdin.close()
            try:
                hand.wait(FAREWELL_SECONDS)
            except subprocess.TimeoutExpired:
                hand.kill()
