"""Where the CPU of one delivery goes, by part: `python -m bench.profile` prints it.

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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import random
from types import CodeType, FrameType
from typing import cast

from tests.support.working import LOOPBACK, Site

from bench.http_receiver import running_receiver
from bench.machine import own_cpu_seconds
from bench.sites import both_databases, fill, opened, quietly
from bench.tables import Row, table
from lacre.engines.http import HttpEngine
from lacre.kit.ids import new_uuid
from lacre.worker.deliver import Deliverer
from lacre.worker.loop import guard
from lacre.worker.sending import Sending

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
    "bench/sites.py": "word",
}
_BY_FOLDER: Mapping[str, str] = {"engines/http": "send", "structlog": "tell", "lacre/dialects": "word"}
_BY_FUNCTION: Mapping[str, str] = {
    "claim": "claim",
    "settle": "write",
    "_commit": "commit",
    "do_commit": "commit",
    "_word": "word",
    "_tell": "tell",
}


def measure(deliveries: int = DELIVERIES) -> dict[str, object]:
    """`{"claim": {"sqlite_us", "sqlite_share", "postgresql_us", …}, …, "all": …}`."""
    rows: dict[str, dict[str, float]] = {part: {} for part in (*PARTS, "all")}
    with running_receiver() as url, both_databases() as databases, quietly():
        for kind, (make, _) in databases.items():
            with tempfile.TemporaryDirectory() as folder, opened(make(folder), folder) as site:
                fill(site, url, deliveries)
                spent = _profiled(site)
            for part, seconds in {**spent, "all": sum(spent.values())}.items():
                rows[part][f"{kind}_us"] = round(seconds / deliveries * 1e6, 1)
                rows[part][f"{kind}_share"] = round(seconds / sum(spent.values()), 3)
    return dict(rows)


def _profiled(site: Site) -> dict[str, float]:
    """CPU seconds by part, scaled up to all that the process used: the timer misses what is between looks."""
    spent: dict[str, float] = dict.fromkeys(PARTS, 0.0)
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
    return {part: cpu * seconds / seen for part, seconds in spent.items()}


def _until_idle(deliverer: Deliverer) -> None:
    deliverer.turn(0)
    while not deliverer.idle:
        deliverer.turn(0.05)


@contextmanager
def _looking(spent: dict[str, float]) -> Iterator[None]:
    last = time.thread_time()

    def look(_signal: int, frame: FrameType | None) -> None:
        nonlocal last
        spent[_part(frame)] += time.thread_time() - last
        last = time.thread_time()

    signal.signal(signal.SIGALRM, look)
    signal.siginterrupt(signal.SIGALRM, False)
    signal.setitimer(signal.ITIMER_REAL, EVERY_SECONDS, EVERY_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def _part(frame: FrameType | None) -> str:
    while frame is not None:
        part = _part_of(frame.f_code)
        if part:
            return part
        frame = frame.f_back
    return "rest"


@cache
def _part_of(code: CodeType) -> str:
    path = Path(code.co_filename)
    return (
        _BY_FUNCTION.get(code.co_name)
        or _BY_FILE.get("/".join(path.parts[-2:]))
        or next((part for folder, part in _BY_FOLDER.items() if f"/{folder}/" in str(path)), "")
    )


if __name__ == "__main__":
    print(table("profile", cast("dict[str, Row]", measure(*map(int, sys.argv[1:])))))
    print("\n".join(["", *(f"{part:8} {said}" for part, said in PARTS.items())]))
