"""What a delivery costs with 10³ to 10⁶ others waiting: retries that wait for hours, or up to 10⁵ due now.

CPU microseconds for each of 4,000 deliveries to sixteen endpoints, on SQLite with a worker in the process
and on PostgreSQL with two, its own processes counted.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from sqlalchemy import text

from bench.backlog import pile_up
from bench.http_receiver import running_receiver
from bench.machine import cpu_seconds, own_cpu_seconds
from bench.sites import ENDPOINTS, FILLING, accounts_with, both_databases, opened, quietly, workers
from lacre.kit.ids import AccountId
from tests.support.working import Site

WAITING = {"retries": (1_000, 10_000, 100_000, 1_000_000), "due": (1_000, 10_000, 100_000)}
DELIVERIES = 4_000


def measure(
    *, waiting: Mapping[str, Sequence[int]] = WAITING, deliveries: int = DELIVERIES
) -> dict[str, object]:
    """`{"sqlite, retries, 1,000": {"waiting", "cpu_us", "server_us"}, …}`; a backlog is built up once."""
    rows: dict[str, object] = {}
    with running_receiver() as url, both_databases() as databases, quietly():
        for kind, (make, pid) in databases.items():
            for what, counts in waiting.items():
                with tempfile.TemporaryDirectory() as folder:
                    pile = _Pile(make(folder), folder, pid, retries=what == "retries")
                    for count in counts:
                        row = pile.measured(url, count, deliveries)
                        rows[f"{kind}, {what}, {count:,}"] = {"waiting": count, **row}
    return rows


class _Pile:
    """One installation, on which more and more waits."""

    def __init__(self, database: str, folder: str, server_pid: int, *, retries: bool) -> None:
        self._database, self._folder, self._server_pid = database, folder, server_pid
        self._retries = retries
        self._accounts: Sequence[AccountId] = ()
        self._waiting = 0

    def measured(self, url: str, waiting: int, deliveries: int) -> dict[str, float]:
        with opened(self._database, self._folder) as site:
            urls = [f"{url}?endpoint={number}" for number in range(ENDPOINTS)]
            self._accounts = self._accounts or accounts_with(site, urls)
            pile_up(site, self._accounts, waiting - self._waiting, retries=self._retries)
            self._waiting = waiting
            if self._retries:
                _announce(site, self._accounts, deliveries)
                return self._deliver(site, deliveries)[1]
            done, row = self._deliver(site, min(deliveries, waiting))
            self._waiting -= done
            return row

    def _deliver(self, site: Site, deliveries: int) -> tuple[int, dict[str, float]]:
        before, cpu, served = _attempts(site), own_cpu_seconds(), self._served()
        with ExitStack() as stack:
            if self._server_pid:
                hands = stack.enter_context(workers(self._database, self._folder))
            else:
                stack.enter_context(site.at_work())
            while _attempts(site) - before < deliveries * 0.99:
                time.sleep(0.05)
        done, served = _attempts(site) - before, self._served() - served
        cpu = hands.cpu_seconds if self._server_pid else own_cpu_seconds() - cpu
        return done, {"cpu_us": round(cpu / done * 1e6, 1), "server_us": round(served / done * 1e6, 1)}

    def _served(self) -> float:
        return cpu_seconds(self._server_pid) if self._server_pid else 0.0


def _announce(site: Site, accounts: Sequence[AccountId], deliveries: int) -> None:
    for account in accounts:
        site.announce(account, deliveries // len(accounts), filling=FILLING)


def _attempts(site: Site) -> int:
    with site.store.open_work() as work:
        count: int = work.queue._transaction.read(text("SELECT count(*) FROM attempt")).scalar_one()
        return count
