"""Whether a worker's memory stays flat: its resident size while 200 events a second go through it.

On SQLite and on PostgreSQL at the same time, each with a worker in a process of its own; for a minute, or
with `--long` for an hour.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.http_receiver import running_receiver
from bench.sites import FILLING, both_databases, opened, quietly, subscribed, workers
from tests.support.working import Site

SECONDS = 60.0
LONG_SECONDS = 3_600.0
PER_SECOND = 200
BATCH = 20
SAMPLES = 120


def measure(*, seconds: float = SECONDS) -> dict[str, object]:
    """`slope_mb_per_h` is of the second half, by least squares; `growth_mb` from its begin to its end."""
    series: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack, quietly():
        url, over = stack.enter_context(running_receiver()), threading.Event()
        pids: dict[str, int] = {}
        for kind, (make, _) in stack.enter_context(both_databases()).items():
            folder = Path(name, kind)
            folder.mkdir()
            database = make(folder)
            site = stack.enter_context(opened(database, folder))
            pids[kind] = stack.enter_context(workers(database, folder, 1)).pids[0]
            teller = threading.Thread(target=_tell, args=(site, url, over))
            stack.callback(teller.join)
            stack.callback(over.set)
            teller.start()
        began = time.monotonic()
        while (now := time.monotonic() - began) < seconds:
            for kind, pid in pids.items():
                series.setdefault(kind, []).append((round(now, 1), _resident_mb(pid)))
            time.sleep(seconds / SAMPLES)
    return {kind: _row(points) for kind, points in series.items()}


def _tell(site: Site, url: str, over: threading.Event) -> None:
    account = subscribed(site, [url])
    while not over.wait(BATCH / PER_SECOND):
        site.announce(account, BATCH, filling=FILLING)


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1_024


def _row(points: Sequence[tuple[float, float]]) -> dict[str, object]:
    settled = points[len(points) // 2 :]
    line = statistics.linear_regression(*zip(*settled, strict=True))
    tenth = max(1, len(settled) // 10)
    growth = statistics.mean(mb for _, mb in settled[-tenth:]) - statistics.mean(
        mb for _, mb in settled[:tenth]
    )
    return {
        "seconds": round(points[-1][0]),
        "rss_mb": round(points[-1][1], 1),
        "growth_mb": round(growth, 2),
        "slope_mb_per_h": round(line.slope * 3_600, 1),
        "series": [[at, round(mb, 2)] for at, mb in points],
    }
