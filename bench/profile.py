"""Where the CPU of one delivery goes, by part; `python -m bench.profile` also prints it by function.

One worker's turns run in this thread, and a timer looks twice a millisecond at what it is doing; each look
counts for the CPU time that the thread used since the one before. A part is named by the innermost function
that has a name here, so that SQLAlchemy's and the driver's time belong to whoever asked them.
"""

from __future__ import annotations

import gc
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from pathlib import Path
from random import random
from types import CodeType, FrameType
from typing import cast

from bench.http_receiver import running_receiver
from bench.machine import own_cpu_seconds
from bench.sites import both_databases, fill, opened, quietly
from bench.tables import Row, table
from lacre.engines.http import HttpEngine
from lacre.kit.ids import new_uuid
from lacre.worker.deliver import Deliverer
from lacre.worker.loop import guard
from lacre.worker.sending import Sending
from tests.support.working import LOOPBACK, Site

DELIVERIES = 16_000
EVERY_SECONDS = 0.000_5

PARTS: Mapping[str, str] = {
    "claim": "which deliveries are due, marked as held; their events and endpoints read",
    "word": "the event's facts as the request's bytes and headers",
    "sign": "HMAC-SHA256 over id, time and body",
    "send": "libcurl, the vetting of the address, reading the answer",
    "judge": "what the answer means for the delivery",
    "keep": "the attempt as it is kept: headers, masks, digest, timings",
    "encrypt": "bodies and secrets, for the disk and from it",
    "write": "attempts and states into the tables",
    "commit": "until it is safe from a power cut",
    "tell": "one log line",
    "collect": "Python's garbage collector, whoever woke it",
    "rest": "the loop between them",
}

_BY_FILE: Mapping[str, str] = {
    "webhooks/signature.py": "sign",
    "webhooks/scheme.py": "sign",
    "webhooks/verdict.py": "judge",
    "webhooks/retry.py": "judge",
    "webhooks/exchange.py": "keep",
    "store/keys.py": "encrypt",
    "store/claims.py": "claim",
    "engines/attempt_log.py": "tell",
    "bench/sites.py": "word",
}
_BY_FOLDER: Mapping[str, str] = {"engines/http": "send", "structlog": "tell", "lacre/dialects": "word"}
_BY_FUNCTION: Mapping[str, str] = {
    "claim": "claim",
    "settle": "write",
    "_commit": "commit",
    "do_commit": "commit",
    "_word": "word",
    "_line": "tell",
}


Spent = dict[tuple[str, str], float]
"""CPU seconds by part, and by the innermost function of ours."""


def measure(deliveries: int = DELIVERIES) -> dict[str, object]:
    """`{"claim": {"sqlite_us", "sqlite_share", "postgresql_us", …}, …, "all": …}`."""
    return dict(by_part(profiles(deliveries)))


def by_part(spent: Mapping[str, Spent]) -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = {part: {} for part in (*PARTS, "all")}
    for kind, seen in spent.items():
        total = sum(seen.values())
        for part, row in rows.items():
            used = sum(seconds for (of, _), seconds in seen.items() if part in (of, "all"))
            row[f"{kind}_us"] = round(used * 1e6, 1)
            row[f"{kind}_share"] = round(used / total, 3)
    return rows


def profiles(deliveries: int) -> dict[str, Spent]:
    """For one delivery, on each database."""
    found: dict[str, Spent] = {}
    with running_receiver() as url, both_databases() as databases, quietly():
        for kind, (make, _) in databases.items():
            with tempfile.TemporaryDirectory() as folder, opened(make(folder), folder) as site:
                fill(site, url, deliveries)
                spent = profiled(site)
            found[kind] = {place: seconds / deliveries for place, seconds in spent.items()}
    return found


def profiled(site: Site) -> Spent:
    """Of all that waits; scaled up to what the process used, since the timer misses what is between looks."""
    spent: Spent = {}
    http: HttpEngine[Sending] = HttpEngine(LOOPBACK)
    worker_id = new_uuid()
    with site.services.presence(worker_id, "profile"):
        deliverer = Deliverer(site.services, http, worker_id, guard=guard, roll=random)
        gc.collect()
        cpu = own_cpu_seconds()
        with _looking(spent):
            _until_idle(deliverer)
        cpu = own_cpu_seconds() - cpu
        deliverer.give_back()
    http.close()
    seen = sum(spent.values())
    return {place: cpu * seconds / seen for place, seconds in spent.items()}


def _until_idle(deliverer: Deliverer) -> None:
    deliverer.turn(0)
    while not deliverer.idle:
        deliverer.turn(0.05)


@contextmanager
def _looking(spent: Spent) -> Iterator[None]:
    clock = _Clock(spent)
    before = signal.signal(signal.SIGALRM, clock.look)
    signal.siginterrupt(signal.SIGALRM, False)
    gc.callbacks.append(clock.collect)
    signal.setitimer(signal.ITIMER_REAL, EVERY_SECONDS, EVERY_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    gc.callbacks.remove(clock.collect)
    signal.signal(signal.SIGALRM, before)


class _Clock:
    """The CPU time of this thread, given to whoever is seen using it."""

    def __init__(self, spent: Spent) -> None:
        self._spent = spent
        self._last = self._collecting = time.thread_time()

    def look(self, _signal: int, frame: FrameType | None) -> None:
        place = (_innermost(frame, _part_of) or "rest", _innermost(frame, _function) or "-")
        self._give(place, time.thread_time() - self._last)
        self._last = time.thread_time()

    def collect(self, phase: str, _told: Mapping[str, int]) -> None:
        if phase == "start":
            self._collecting = time.thread_time()
        else:
            took = time.thread_time() - self._collecting
            self._give(("collect", "-"), took)
            self._last += took

    def _give(self, place: tuple[str, str], seconds: float) -> None:
        self._spent[place] = self._spent.get(place, 0.0) + seconds


def _innermost(frame: FrameType | None, named: Callable[[CodeType], str]) -> str:
    while frame is not None:
        name = named(frame.f_code)
        if name:
            return name
        frame = frame.f_back
    return ""


@cache
def _function(code: CodeType) -> str:
    _, ours, path = code.co_filename.rpartition("/src/lacre/")
    return f"{path} {code.co_qualname}" if ours else ""


@cache
def _part_of(code: CodeType) -> str:
    path = Path(code.co_filename)
    return (
        _BY_FUNCTION.get(code.co_name)
        or _BY_FILE.get("/".join(path.parts[-2:]))
        or next((part for folder, part in _BY_FOLDER.items() if f"/{folder}/" in str(path)), "")
    )


def main(deliveries: int = DELIVERIES) -> None:
    found = profiles(deliveries)
    print(table("profile", cast("dict[str, Row]", by_part(found))))
    print("\n".join(["", *(f"{part:8} {said}" for part, said in PARTS.items())]))
    for kind, spent in found.items():
        print(f"\n{kind}, by function")
        for (part, function), seconds in sorted(spent.items(), key=itemgetter(1), reverse=True)[:25]:
            print(f"{seconds * 1e6:7.1f} us  {part:8} {function}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
