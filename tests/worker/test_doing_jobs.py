"""A worker does jobs, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from time import sleep

import pytest
from sqlalchemy import text

from lacre.kit.ids import AccountId
from lacre.kit.jobs import HeldJob
from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.worker.jobs import Failed, Handler, Lane
from tests.support.working import Site, eventually

SLOW = Lane(kinds=("slow",), at_once=2)
_ALL = text("SELECT key, status, attempts, problem FROM job")
ALL = 1_000
QUICK = Lane(kinds=("quick",), at_once=1)


class Hands:
    """A handler that notes what it did, and how many did so at once; `bound`, it waits to be let go."""

    def __init__(self, *outcomes: Failed | Exception | None, bound: bool = False) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self.most_at_once = 0
        self._leave = threading.Semaphore(0 if bound else ALL)
        self._outcomes = list(outcomes)
        self._at_once = 0
        self._lock = threading.Lock()

    def __call__(self, services: Services, job: HeldJob, now: datetime) -> Failed | None:
        del services, now
        with self._lock:
            self.begun.append(job.key)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self._leave.acquire(timeout=30)
        with self._lock:
            self._at_once -= 1
            self.done.append(job.key)
            outcome = self._outcomes.pop(0) if self._outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def let_go(self, count: int = ALL) -> None:
        self._leave.release(count)


def states(site: Site) -> dict[str, tuple[str, int, str]]:
    """By key: status, attempts and problem, as the console will show them."""
    with site.store.open_work() as work:
        rows = work.queue._transaction.read(_ALL).all()
    return {row.key: (row.status, row.attempts, row.problem) for row in rows}


def test_a_job_is_done_once(site: Site) -> None:
    hands = Hands()
    site.ask_for("quick", "a")
    site.ask_for("quick", "b")

    with site.at_work(handlers={"quick": hands}, lanes=[QUICK]):
        eventually(lambda: len(hands.done) == 2)

    assert sorted(hands.done) == ["a", "b"]
    assert {state for state, _, _ in states(site).values()} == {"done"}


def test_a_failed_job_is_tried_again(site: Site) -> None:
    hands = Hands(Failed(problem="the mail server is away"), None)
    site.ask_for("quick")

    with site.at_work(handlers={"quick": hands}, lanes=[QUICK]):
        eventually(lambda: len(hands.done) == 2)

    assert states(site)["key"] == ("done", 2, "")


def test_a_bug_in_a_job_is_kept_and_tried_again(site: Site) -> None:
    hands = Hands(ZeroDivisionError("oops"), Failed(problem="no such mailbox", retry=False))
    site.ask_for("quick")

    with site.at_work(handlers={"quick": hands}, lanes=[QUICK]):
        eventually(lambda: states(site)["key"][0] == "given_up")

    assert states(site)["key"] == ("given_up", 2, "no such mailbox")


def test_a_job_that_a_rule_refuses_is_given_up(site: Site) -> None:
    site.ask_for("quick")

    with site.at_work(handlers={"quick": Hands(NotFound("envelope"))}, lanes=[QUICK]):
        eventually(lambda: states(site)["key"][0] == "given_up")

    assert states(site)["key"][2] == "There is no such envelope."


def test_of_one_kind_and_key_never_two_run_at_once(site: Site) -> None:
    hands = Hands(bound=True)
    site.ask_for("slow", "same")

    with site.at_work(handlers={"slow": hands}, lanes=[SLOW]) as worker:
        eventually(lambda: states(site)["same"][0] == "held")
        site.ask_for("slow", "same")
        worker.wake()
        sleep(0.3)
        hands.let_go()
        eventually(lambda: len(hands.done) == 2)

    assert hands.most_at_once == 1


def test_slow_work_does_not_delay_quick_work(site: Site) -> None:
    slow, quick = Hands(bound=True), Hands()
    handlers: dict[str, Handler] = {"slow": slow, "quick": quick}
    for number in range(4):
        site.ask_for("slow", str(number))

    with site.at_work(handlers=handlers, lanes=[SLOW, QUICK]):
        eventually(lambda: slow.most_at_once == 2)
        site.ask_for("quick")
        eventually(lambda: quick.done == ["key"])
        assert slow.done == []
        slow.let_go()


@pytest.mark.parametrize(("spares_half", "most_before"), [(False, 3), (True, 1)])
def test_one_accounts_slow_work_does_not_delay_anothers(
    site: Site, spares_half: bool, most_before: int
) -> None:
    hands, lane = Hands(bound=True), replace(SLOW, spares_half=spares_half)
    for number in range(6):
        site.ask_for("slow", f"ana {number}", account_id=AccountId("ana"))

    with site.at_work(handlers={"slow": hands}, lanes=[lane]) as worker:
        eventually(lambda: states(site)["ana 0"][0] == "held")
        site.ask_for("slow", "bruno", account_id=AccountId("bruno"))
        worker.wake()
        if not spares_half:
            hands.let_go(2)
        eventually(lambda: "bruno" in hands.begun)
        hands.let_go()

    assert hands.begun.index("bruno") <= most_before


def test_a_worker_leaves_what_it_cannot_do_to_others(site: Site) -> None:
    site.ask_for("slow")
    with site.at_work(handlers={"quick": Hands()}, lanes=[SLOW, QUICK]):
        sleep(0.6)

    assert states(site)["key"] == ("waiting", 0, "")


def test_a_worker_that_is_told_to_stop_finishes_its_jobs(site: Site) -> None:
    hands = Hands(bound=True)
    site.ask_for("slow")

    with site.at_work(handlers={"slow": hands}, lanes=[SLOW]):
        eventually(lambda: states(site)["key"][0] == "held")
        threading.Timer(0.3, hands.let_go).start()

    assert states(site)["key"][0] == "done"
