"""kill -9 of workers at any moment, over and over, under load: nothing lost, nothing doubled without cause.

Some two hundred by default, a thousand on each database with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from lacre.store.workers import SILENCE_SECONDS
from lacre.webhooks.lane import Ordering
from lacre.worker.deliver import Limits
from tests.faults.watched import Watched
from tests.support.checker import Kept, violations
from tests.support.cramping import cramped
from tests.support.database import running_postgres
from tests.support.nursery import Begin
from tests.support.plain import Steady
from tests.support.receiver import Receiver
from tests.support.working import Site, eventually

LONG = bool(os.environ.get("LACRE_LONG_FAULTS"))
KILLS = 1000 if LONG else 100
RECOVERY_SECONDS = SILENCE_SECONDS - 10
LEASE = 1.5
LOOK_EVERY = 10
MANNERS = [(200, 0.0)] * 6 + [(200, 0.05), (200, 0.2), (500, 0.0), (503, 0.02)]

pytestmark = pytest.mark.slow


@pytest.fixture
def watched(database_url: str, tmp_path: Path) -> Iterator[Watched]:
    with Receiver() as receiver:
        site = Site(database_url, tmp_path / "data", plain=Steady(), time_scale=20)
        watched = Watched(site, receiver)
        watched.subscribe()
        yield watched
        site.close()


def test_killed_at_any_moment_under_load_every_promise_is_kept(
    watched: Watched, begin: Begin, log: Path
) -> None:
    watched.subscribe(Ordering.SUBJECT)
    watched.manner = lambda: random.choice(MANNERS)  # noqa: S311
    place = (watched.site.settings.database, watched.site.settings.data_dir)
    workers, waits, in_flight = [begin(*place), begin(*place)], [], 0
    for number in range(KILLS):
        watched.happen()
        sleep(random.uniform(0, 0.1))  # noqa: S311
        in_flight += watched.interrupt(workers.pop(0))
        workers.append(begin(*place))
        if number % LOOK_EVERY == 0:
            watched.announce()
            waits.append(watched.seconds_until_next())
    watched.drain(seconds=60 + KILLS / 4)

    assert violations(watched.history(log=log.read_text())) == {}
    assert in_flight > 0
    assert max(waits) < RECOVERY_SECONDS


def test_a_worker_that_wakes_after_its_holds_were_given_away_writes_nothing(
    watched: Watched, begin: Begin
) -> None:
    place = (watched.site.settings.database, watched.site.settings.data_dir)
    watched.most = 0
    sleeper = begin(*place, lease_seconds=LEASE)
    watched.announce(20)
    eventually(lambda: len(watched.heard) == 20)
    stopped_at = monotonic()
    sleeper.stop()
    stale = watched.held_by(sleeper)
    watched.journal.interrupted.update(stale)
    called_dead(watched.site)
    watched.free.set()
    begin(*place)
    watched.drain()

    sleep(max(0.0, LEASE - (monotonic() - stopped_at)))
    sleeper.go_on()
    watched.announce(20)
    watched.drain()
    eventually(lambda: len(present(watched.site)) == 2)

    assert violations(watched.history()) == {}
    assert len(stale) == 20
    assert {len(one) for one in Kept.read(place[0]).attempts.values()} == {1}


def test_a_full_disk_costs_patience_and_no_delivery_is_told_twice(
    tmp_path: Path, migrated_file: Path, begin: Begin
) -> None:
    shutil.copy(migrated_file, tmp_path / "lacre.db")
    with Receiver() as receiver:
        site = Site(f"sqlite:///{tmp_path / 'lacre.db'}", tmp_path / "data", plain=Steady(), time_scale=20)
        watched = Watched(site, receiver)
        watched.subscribe()
        watched.most = 0
        worker = begin(site.settings.database, site.settings.data_dir)
        watched.announce(30)
        eventually(lambda: len(watched.heard) == 30)
        with cramped(worker.pid, 1000):
            watched.free.set()
            sleep(1.0)
            written_meanwhile = 30 - watched.left()
        watched.drain()
        history = watched.history()
        site.close()

    assert written_meanwhile == 0
    assert violations(history) == {}
    assert len(watched.heard) == 30


def test_a_killed_database_server_loses_nothing(tmp_path: Path, begin: Begin) -> None:
    with running_postgres(durable=True) as server, Receiver() as receiver:
        site = Site(
            server.create(template="lacre_template"), tmp_path / "data", plain=Steady(), time_scale=20
        )
        watched = Watched(site, receiver)
        watched.subscribe()
        watched.manner, watched.most = lambda: (200, 0.05), 300
        begin(site.settings.database, site.settings.data_dir)
        watched.announce(400)
        eventually(lambda: len(watched.heard) >= 100)
        server.kill()
        # what was under way when it died may or may not be written down
        watched.journal.interrupted.update(watched.open_deliveries())
        watched.free.set()
        waited = watched.seconds_until_next()
        watched.drain()
        history = watched.history()
        site.close()

    assert violations(history) == {}
    assert len(watched.heard) <= 400 + Limits().per_endpoint
    assert waited < RECOVERY_SECONDS


def called_dead(site: Site) -> None:
    """As another worker would, a minute later."""
    with site.store.open_work() as work:
        work.workers.gone(at=0)
        assert len(work.workers.gone(at=SILENCE_SECONDS + 1)) == 1


def present(site: Site) -> list[str]:
    with site.store.open_work() as work:
        return [one.id for one in work.workers.present()]
