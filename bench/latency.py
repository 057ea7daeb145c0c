"""From the commit of an event to the first byte at the receiver, at 50 and 200 events a second.

Events come at a steady pace, whether earlier ones were delivered or not. Each segment is a process of its
own, as `lacre serve` is one: it commits and it delivers; on PostgreSQL also with the worker apart. Segments
of all conditions are interleaved, and the samples of all rounds are taken together.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from bench.backlog import pile_up
from bench.http_receiver import compiled, recording_receiver
from bench.sites import FILLING, accounts_with, both_databases, opened, quietly, subscribed, workers
from lacre.kit.ids import AccountId, EventId
from lacre.webhooks.endpoint import EndpointStatus
from tests.support.working import Site

RATES = (50, 200)
ENDPOINTS = 16
HANDS = 4
"""Threads that commit, so that a slow disk does not slow the pace."""
WARM_SECONDS = 1.0
PATIENCE_SECONDS = 3.0
"""What has not come by then counts as come then."""


QUIET = "quiet"
DEAD, PAUSED = "a dead endpoint, {:,} due", "that endpoint paused, {:,} due"


@dataclass(frozen=True)
class Sizes:
    waiting: int = 1_000_000
    endpoints: int = 10_000
    dead: int = 1_000_000


@dataclass(frozen=True)
class Condition:
    """An installation, and in whose name events are told."""

    database: str
    folder: Path
    accounts: Sequence[AccountId]
    hanging: AccountId | None = None
    """Another account, whose endpoint never answers."""
    paused: bool = False
    """That endpoint: all that is due to it is there, and nothing hangs."""
    apart: bool = False


Prepare = Callable[[Site, str], tuple[Sequence[AccountId], AccountId | None]]


def measure(rounds: int = 2, *, seconds: float = 8.0, sizes: Sizes | None = None) -> dict[str, object]:
    """Milliseconds; `p99_ratio` is to the quiet condition of the same database and pace, and of the dead
    endpoint `p99_paused` to the same table with that endpoint paused: what its hanging does by itself."""
    if compiled() is None:
        print("Latency is left out: its receiver needs a C compiler", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack, quietly():
        folder = Path(name)
        noted = _Notes(folder / "notes")
        with recording_receiver(folder / "record") as url:
            conditions = _conditions(stack, folder, url, sizes or Sizes())
            for _ in range(rounds):
                for title, condition in conditions.items():
                    noted.add(title, condition, seconds)
        return _rows(noted.taken, _heard(folder / "record"))


# ── the conditions ───────────────────────────────────────────────────────────


def _conditions(stack: ExitStack, folder: Path, url: str, sizes: Sizes) -> dict[str, Condition]:
    prepared: Mapping[str, Prepare] = {
        QUIET: _quiet,
        f"{sizes.waiting:,} retries wait": partial(_with_retries, sizes.waiting),
        f"{sizes.endpoints:,} endpoints": partial(_with_endpoints, sizes.endpoints),
        DEAD.format(sizes.dead): partial(_with_dead, sizes.dead),
    }
    found: dict[str, Condition] = {}
    for kind, (make, _) in stack.enter_context(both_databases()).items():
        for number, (title, prepare) in enumerate(prepared.items()):
            own = folder / f"{kind}-{number}"
            own.mkdir()
            database = make(own)
            with opened(database, own) as site:
                found[f"{kind}, {title}"] = Condition(database, own, *prepare(site, url))
        dead = found[f"{kind}, {DEAD.format(sizes.dead)}"]
        found[f"{kind}, {PAUSED.format(sizes.dead)}"] = replace(dead, paused=True)
        if kind == "postgresql":
            found[f"{kind}, {QUIET}, worker apart"] = replace(found[f"{kind}, {QUIET}"], apart=True)
    return found


def _quiet(site: Site, url: str) -> tuple[Sequence[AccountId], None]:
    return _with_endpoints(ENDPOINTS, site, url)


def _with_retries(count: int, site: Site, url: str) -> tuple[Sequence[AccountId], None]:
    accounts, _ = _quiet(site, url)
    pile_up(site, accounts, count, retries=True)
    return accounts, None


def _with_endpoints(count: int, site: Site, url: str) -> tuple[Sequence[AccountId], None]:
    return accounts_with(site, [f"{url}/hook?endpoint={number}" for number in range(count)]), None


def _with_dead(count: int, site: Site, url: str) -> tuple[Sequence[AccountId], AccountId]:
    (accounts, _), hanging = _quiet(site, url), subscribed(site, [f"{url}/hang"])
    pile_up(site, [hanging], count, retries=False)
    return accounts, hanging


def _turn_hanging(site: Site, condition: Condition) -> None:
    if condition.hanging is not None:
        with site.store.open_work() as work:
            (hanging,) = work.endpoints.of_account(condition.hanging)
            hanging.status = EndpointStatus.PAUSED if condition.paused else EndpointStatus.ACTIVE
            work.endpoints.save(hanging)


# ── one segment, in a process of its own ─────────────────────────────────────


class _Notes:
    """When which event was committed, by title and pace."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.taken: dict[tuple[str, int], dict[str, int]] = {}

    def add(self, title: str, condition: Condition, seconds: float) -> None:
        arguments = (condition, seconds, self._file)
        process = get_context("spawn").Process(target=_segment, args=arguments)
        apart = workers(condition.database, condition.folder, 1) if condition.apart else nullcontext()
        with apart:
            process.start()
            process.join()
        assert process.exitcode == 0, f"{title} broke off"
        for line in self._file.read_text().splitlines():
            rate, at, name = line.split()
            self.taken.setdefault((title, int(rate)), {})[name] = int(at)


def _segment(condition: Condition, seconds: float, into: Path) -> None:
    with quietly(), opened(condition.database, condition.folder) as site:
        _turn_hanging(site, condition)
        teller = _Teller(site, condition.accounts)
        # asked in this order: the commit is noted before a worker hears of it
        site.store.on_work(teller.note)
        with nullcontext() if condition.apart else site.at_work():
            teller.tell(RATES[0], WARM_SECONDS)
            teller.noted.clear()
            for rate in RATES:
                teller.tell(rate, seconds)
            time.sleep(PATIENCE_SECONDS / 2)
            into.write_text("".join(f"{rate} {at} {name}\n" for rate, at, name in teller.noted))
            # what hangs at a dead endpoint would be waited for otherwise
            os._exit(0)


class _Teller:
    def __init__(self, site: Site, accounts: Sequence[AccountId]) -> None:
        self._site, self._accounts = site, accounts
        self._own = threading.local()
        self.noted: list[tuple[int, int, EventId]] = []

    def note(self) -> None:
        self._own.committed_at = time.monotonic_ns()

    def tell(self, rate: int, seconds: float) -> None:
        began, count = time.monotonic(), int(rate * seconds)
        hands = [
            threading.Thread(target=self._tell_some, args=(began, rate, range(first, count, HANDS)))
            for first in range(HANDS)
        ]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()

    def _tell_some(self, began: float, rate: int, numbers: Iterable[int]) -> None:
        for number in numbers:
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            account = self._accounts[number * 7919 % len(self._accounts)]
            (event_id,) = self._site.announce(account, filling=FILLING)
            self.noted.append((rate, self._own.committed_at, event_id))


# ── what came of it ──────────────────────────────────────────────────────────


def _heard(record: Path) -> dict[str, int]:
    """When each message came first."""
    heard: dict[str, int] = {}
    for line in record.read_text().splitlines():
        at, _, name = line.partition(" ")
        heard.setdefault(name, int(at))
    return heard


def _rows(taken: Mapping[tuple[str, int], Mapping[str, int]], heard: Mapping[str, int]) -> dict[str, object]:
    rows: dict[str, dict[str, float]] = {}
    for (title, rate), committed in taken.items():
        row = rows[f"{title}, {rate}/s"] = _row(committed, heard)
        quiet = rows[f"{title.partition(',')[0]}, {QUIET}, {rate}/s"]
        row["p99_ratio"] = round(row["p99_ms"] / quiet["p99_ms"], 2)
    for name, row in rows.items():
        paused = rows.get(name.replace(_begin(DEAD), _begin(PAUSED)), row)
        if paused is not row:
            row["p99_paused"] = round(row["p99_ms"] / paused["p99_ms"], 2)
    return dict(sorted(rows.items(), key=lambda item: not item[0].startswith("sqlite")))


def _begin(title: str) -> str:
    return title.partition(",")[0]


def _row(committed: Mapping[str, int], heard: Mapping[str, int]) -> dict[str, float]:
    never = PATIENCE_SECONDS * 1e9
    waits = sorted(max(0.0, min(heard.get(name, never + at) - at, never)) for name, at in committed.items())
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    found = {name: round(waits[int(share * (len(waits) - 1))] / 1e6, 2) for name, share in shares.items()}
    return {**found, "samples": len(waits), "missing": sum(name not in heard for name in committed)}
