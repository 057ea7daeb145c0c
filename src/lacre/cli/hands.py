"""More processes that deliver beside this one: each may use a core of its own.

They are workers like any other, which share the work through the database; only, they end with this process,
and tell it once a second what they counted, on their standard output: so that one answer to Prometheus holds
what all of them did.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from lacre.services import Measures

log = structlog.get_logger("lacre.worker")

PAUSE_SECONDS = 1.0
"""Before one that ended by itself is started anew."""
FAREWELL_SECONDS = 40.0
"""Longer than a worker's own grace; what it still has in hand then goes to others."""
TELL_SECONDS = 1.0


@contextmanager
def more_hands(count: int, measures: Measures, *, public_url: str) -> Iterator[None]:
    """`count` processes; each is told to finish, and waited for, when the context ends."""
    stop = threading.Event()
    watches = [threading.Thread(target=_watch, args=(public_url, measures, stop)) for _ in range(count)]
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


@contextmanager
def telling_parent(measures: Measures) -> Iterator[None]:
    """What is counted meanwhile, to the end."""
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(measures, over), daemon=True, name="lacre-teller")
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join(PAUSE_SECONDS)


def _tell(measures: Measures, over: threading.Event) -> None:
    last, ending = b"", False
    while not ending:
        ending = over.wait(TELL_SECONDS)
        now = measures.told()
        if now != last and not _say(now):
            return
        last = now


def _say(line: bytes) -> bool:
    """Whether anybody listens: the other process may be gone, and we are about to end."""
    try:
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    except OSError:
        return False
    return True


def _watch(public_url: str, measures: Measures, stop: threading.Event) -> None:
    while not stop.is_set():
        with _hand(public_url, measures) as hand:
            while hand.poll() is None and not stop.wait(PAUSE_SECONDS / 4):
                pass
            if hand.poll() is not None and not stop.is_set():
                log.error("hand_ended", code=hand.returncode)
                stop.wait(PAUSE_SECONDS)


@contextmanager
def _hand(public_url: str, measures: Measures) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "lacre", "worker", "--only-deliver"]
    environment = {**os.environ, "LACRE_PUBLIC_URL": public_url} if public_url else None
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as hand:
        listener = threading.Thread(target=_listen, args=(hand, measures), daemon=True, name="lacre-listener")
        listener.start()
        try:
            yield hand
        finally:
            _bid_farewell(hand)
            listener.join(PAUSE_SECONDS)
            measures.ended(str(hand.pid))


def _listen(hand: subprocess.Popen[bytes], measures: Measures) -> None:
    for line in hand.stdout or ():
        measures.hear(str(hand.pid), line)


def _bid_farewell(hand: subprocess.Popen[bytes]) -> None:
    if hand.stdin is not None:
        hand.stdin.close()
    try:
        hand.wait(FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        hand.kill()
