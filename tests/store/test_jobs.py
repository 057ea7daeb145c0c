"""Jobs are done once, one after another for each thing they work on, and by who holds them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lacre.kit.ids import JobId
from lacre.kit.jobs import HeldJob, HoldLost, Job
from lacre.store.migrations.steps import _connected
from lacre.store.opening import Store
from lacre.store.tables import job
from tests.support.kept import NOW, SECOND, an_account


def test_a_job_is_claimed_once_it_is_due(store: Store) -> None:
    add(store, Job(kind="seal", key="a", due_at=NOW + SECOND, payload={"número": 1}))

    assert claim(store) == []
    (held,) = claim(store, now=NOW + SECOND)
    assert (held.kind, held.key, held.payload, held.attempts) == ("seal", "a", {"número": 1}, 1)
    assert claim(store, now=NOW + SECOND) == []


def test_a_job_of_a_transaction_that_failed_is_not_there(store: Store) -> None:
    def fail() -> None:
        with store.open_work() as work:
            work.jobs.add(Job(kind="seal", key="a", due_at=NOW))
            raise HoldLost

    with pytest.raises(HoldLost):
        fail()

    assert claim(store) == []


def test_jobs_are_claimed_in_the_order_in_which_they_are_due(store: Store) -> None:
    for second in (3, 1, 2):
        add(store, Job(kind="seal", key=str(second), due_at=NOW + second * SECOND))

    first, then = claim(store, now=NOW + 9 * SECOND, limit=2), claim(store, now=NOW + 9 * SECOND)

    assert [one.key for one in (*first, *then)] == ["1", "2", "3"]


def test_only_the_kinds_asked_for_are_claimed(store: Store) -> None:
    for kind in ("seal", "mail", "expire"):
        add(store, Job(kind=kind, key="a", due_at=NOW))

    assert {held.kind for held in claim(store, kinds=("mail", "expire"))} == {"mail", "expire"}


def test_of_one_kind_and_key_only_one_is_held_at_a_time(store: Store) -> None:
    for number in range(3):
        add(store, Job(kind="mail", key="a", due_at=NOW, payload={"n": number}))
    add(store, Job(kind="seal", key="a", due_at=NOW))

    held = claim(store)
    while_held = claim(store)
    (mail,) = [one for one in held if one.kind == "mail"]
    finish(store, mail)

    assert sorted(one.kind for one in held) == ["mail", "seal"]
    assert while_held == []
    assert [one.kind for one in claim(store)] == ["mail"]


def test_the_same_job_is_not_added_twice_but_drawn_forward(store: Store) -> None:
    for due_at in (NOW + 2 * SECOND, NOW, NOW + SECOND):
        add(store, Job(kind="seal", key="a", due_at=due_at))

    (held,) = claim(store)
    finish(store, held)

    assert claim(store, now=NOW + 9 * SECOND) == []


def test_a_job_asked_for_while_its_like_is_under_way_comes_after_it(store: Store) -> None:
    """Somebody signed while the seal was being made: it must be made again."""
    add(store, Job(kind="seal", key="a", due_at=NOW))
    (held,) = claim(store)

    add(store, Job(kind="seal", key="a", due_at=NOW))
    finish(store, held)

    assert len(claim(store)) == 1


def test_a_failed_job_comes_again_and_says_how_often_it_was_begun(store: Store) -> None:
    add(store, Job(kind="seal", key="a", due_at=NOW))
    (held,) = claim(store)

    with store.open_work() as work:
        work.queue.retry("worker", held.id, due_at=NOW + SECOND, problem="disk full")

    assert claim(store) == []
    (again,) = claim(store, now=NOW + SECOND)
    assert (again.id, again.attempts) == (held.id, 2)


def test_a_job_given_up_stays_to_be_seen(store: Store, database_url: str) -> None:
    add(store, Job(kind="seal", key="a", due_at=NOW))
    (held,) = claim(store)

    with store.open_work() as work:
        work.queue.give_up("worker", held.id, now=NOW, problem="broken file")

    assert claim(store, now=NOW + timedelta(days=9)) == []
    with _connected(database_url) as connection:
        row = connection.execute(select(job)).one()
    assert (row.status, row.problem) == ("given_up", "broken file")


def test_a_released_job_is_as_if_never_begun(store: Store) -> None:
    add(store, Job(kind="seal", key="a", due_at=NOW))
    (held,) = claim(store)

    with store.open_work() as work:
        work.queue.release("worker", held.id)

    (again,) = claim(store)
    assert (again.id, again.attempts) == (held.id, 1)


def test_who_lost_a_job_undoes_its_effects_with_it(store: Store) -> None:
    add(store, Job(kind="seal", key="a", due_at=NOW))
    (held,) = claim(store)

    def take_effect(worker_id: str) -> None:
        with store.open_work() as work:
            an_account(work, "the effect")
            work.queue.finish(worker_id, held.id, now=NOW)

    with pytest.raises(HoldLost):
        take_effect("another")

    with store.open_work() as work:
        assert work.accounts.by_name("the effect") is None
    take_effect("worker")
    with pytest.raises(HoldLost):
        finish(store, held)


def test_many_workers_do_each_job_once_and_never_two_of_a_key(store: Store) -> None:
    for number in range(60):
        add(store, Job(kind="seal", key=str(number % 6), due_at=NOW, payload={"n": number}))
    done: list[JobId] = []
    busy: set[str] = set()
    together: list[str] = []

    def work(worker_id: str) -> None:
        while held := claim_or_wait(store, worker_id, done, 60):
            for one in held:
                if one.key in busy:
                    together.append(one.key)
                busy.add(one.key)
            for one in held:
                busy.discard(one.key)
                finish(store, one, worker_id)
                done.append(one.id)

    with ThreadPoolExecutor(4) as pool:
        for finished in [pool.submit(work, name) for name in "abcd"]:
            finished.result()

    assert together == []
    assert len(set(done)) == len(done) == 60


def add(store: Store, wanted: Job) -> None:
    with store.open_work() as work:
        work.jobs.add(wanted)


def claim(
    store: Store, worker_id: str = "worker", *, now: datetime = NOW, limit: int = 9, kinds: Sequence[str] = ()
) -> Sequence[HeldJob]:
    with store.open_work() as work:
        return work.queue.claim(worker_id, now=now, limit=limit, kinds=kinds)


def claim_or_wait(store: Store, worker_id: str, done: Sequence[JobId], all_of: int) -> Sequence[HeldJob]:
    """Nothing once all are done."""
    pause = threading.Event()
    while len(done) < all_of:
        if held := claim(store, worker_id, limit=3):
            return held
        pause.wait(0.01)
    return []


def finish(store: Store, held: HeldJob, worker_id: str = "worker") -> None:
    with store.open_work() as work:
        work.queue.finish(worker_id, held.id, now=NOW)
