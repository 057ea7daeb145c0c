"""Whatever a receiver does, an exchange ends in time, with the right outcome and in little memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_network
from pathlib import Path

import pytest

from lacre.engines.http import HttpEngine
from lacre.webhooks.request import BODY_CAP, Answer, Outcome, Request
from tests.faults.hostile import BEHAVIOURS, Hostile
from tests.support.receiver import Receiver

DEADLINE = 1.0
AMPLE = 20.0
"""For what need not be waited for."""
GRACE = 10.0
BODY = b'{"event":"x"}' * 100


@pytest.fixture
def engine() -> Iterator[HttpEngine[str]]:
    engine: HttpEngine[str] = HttpEngine([ip_network("127.0.0.0/8")])
    yield engine
    engine.close()


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_hostile_receiver_is_judged_rightly_and_in_time(name: str, engine: HttpEngine[str]) -> None:
    with receiver(BEHAVIOURS[name]) as hostile:
        began = time.monotonic()
        outcome = engine.send(request(hostile.url, seconds=DEADLINE if BEHAVIOURS[name].spends else AMPLE))
        took = time.monotonic() - began

    assert said(outcome) in BEHAVIOURS[name].expected, outcome
    assert took < DEADLINE + GRACE
    assert not isinstance(outcome, Answer) or len(outcome.body) <= BODY_CAP


def test_all_of_them_at_once_hold_up_nobody(engine: HttpEngine[str]) -> None:
    with ExitStack() as stack:
        urls = {name: stack.enter_context(receiver(case)).url for name, case in BEHAVIOURS.items()}
        for name, url in urls.items():
            engine.start(request(url, seconds=4.0), name)
        early = gather(engine, seconds=3.9, count=sum(not case.spends for case in BEHAVIOURS.values()))
        late = gather(engine, seconds=20.0, count=len(BEHAVIOURS) - len(early))

    wrong = {
        name: outcome
        for name, outcome in {**early, **late}.items()
        if said(outcome) not in BEHAVIOURS[name].expected
    }
    assert wrong == {}
    assert set(late) == {name for name, case in BEHAVIOURS.items() if case.spends}
    assert engine.in_flight == 0


@pytest.mark.parametrize("name", [name for name, case in BEHAVIOURS.items() if "endless" in name])
def test_what_never_ends_costs_no_memory(name: str, engine: HttpEngine[str]) -> None:
    with receiver(BEHAVIOURS[name]) as hostile:
        engine.send(request(hostile.url))
        before = peak_kilobytes(afresh=True)
        engine.send(request(hostile.url))

    assert peak_kilobytes() - before < 8 * 1024


def receiver(case: Hostile) -> Receiver:
    if case.on_connect:
        return Receiver(on_connect=case.answer)
    hostile = Receiver()
    hostile.answers(case.answer)
    return hostile


def request(url: str, *, seconds: float = DEADLINE) -> Request:
    return Request(
        method="POST",
        url=url,
        headers=(("Content-Type", "application/json"),),
        body=BODY,
        deadline_seconds=seconds,
    )


def gather(engine: HttpEngine[str], *, seconds: float, count: int) -> dict[str, Outcome]:
    """The next `count` outcomes, or those that came in time."""
    outcomes: dict[str, Outcome] = {}
    until = time.monotonic() + seconds
    while len(outcomes) < count and time.monotonic() < until:
        outcomes.update(engine.poll(until - time.monotonic()))
    return outcomes


def said(outcome: Outcome) -> int | str:
    return outcome.status if isinstance(outcome, Answer) else outcome.reason


def peak_kilobytes(*, afresh: bool = False) -> int:
    """The process's largest resident size, since the last time it was asked afresh."""
    status, clear = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not clear.exists():
        pytest.skip("peak memory is read from /proc, which this system lacks")
    if afresh:
        clear.write_text("5")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])
