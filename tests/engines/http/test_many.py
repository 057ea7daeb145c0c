"""Many exchanges at once on one thread: outcomes by token, connections kept, waking, closing."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from ipaddress import ip_address, ip_network
from pathlib import Path

from lacre.engines.http import HttpEngine
from lacre.engines.http.address import Address
from lacre.webhooks.request import Answer, NoAnswer, Outcome
from tests.engines.http.conftest import LOOPBACK, Engine, MakeEngine, Names
from tests.support.receiver import Receiver, after, hang, raw, status
from tests.support.requests import a_request

PATIENCE = 30.0
"""In seconds: for what comes at once on any machine, unless it never comes."""


def test_each_outcome_comes_out_once_under_its_token(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.chooses(lambda heard: status(200 + int(heard.body)))
        for number in range(99):
            open_engine.start(a_request(receiver.url, body=str(number).encode()), str(number))
        outcomes = drain(open_engine, 99)

    statuses = {token: outcome.status for token, outcome in outcomes if isinstance(outcome, Answer)}
    assert len(outcomes) == 99
    assert statuses == {str(number): 200 + number for number in range(99)}
    assert open_engine.in_flight == 0


def test_connections_are_kept_alive_within_an_account_only(open_engine: Engine) -> None:
    with Receiver() as receiver:
        for account in ("a", "b", "a", "b", "a"):
            open_engine.start(a_request(receiver.url, pool_key=account), "")
            drain(open_engine, 1)

    assert [heard.connection for heard in receiver.heard] == [1, 2, 1, 2, 1]


def test_connections_are_not_shared_between_addresses_of_one_name(make_engine: MakeEngine) -> None:
    with Receiver(host="0.0.0.0") as receiver:  # noqa: S104 - two loopback addresses
        names = Names(two_test=[["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1"]])
        engine = make_engine(LOOPBACK, resolver=names, names_kept_seconds=0)
        answers = [drive(engine, f"http://two.test:{receiver.port}/") for _ in range(3)]

    assert [each.address for each in answers if isinstance(each, Answer)] == [
        "127.0.0.1",
        "127.0.0.2",
        "127.0.0.1",
    ]
    assert [heard.connection for heard in receiver.heard] == [1, 2, 1]


def test_a_connection_that_the_receiver_closed_costs_no_attempt(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        for _ in range(5):
            open_engine.start(a_request(receiver.url), "")
            ((_, outcome),) = drain(open_engine, 1)
            assert isinstance(outcome, Answer)
            time.sleep(0.01)

    assert receiver.connections == 5


def test_an_idle_connection_that_the_receiver_closes_does_not_busy_the_loop(open_engine: Engine) -> None:
    with Receiver() as receiver:
        open_engine.start(a_request(receiver.url), "")
        drain(open_engine, 1)
    spent = time.thread_time()

    assert open_engine.poll(0.3) == []

    assert time.thread_time() - spent < 0.1


def test_the_second_address_of_a_name_is_tried_when_the_first_is_dead(make_engine: MakeEngine) -> None:
    with Receiver() as receiver:
        engine = make_engine(LOOPBACK, resolver=Names(two_test=[["127.0.0.9", "127.0.0.1"]]))
        request = a_request(f"http://two.test:{receiver.port}/")
        engine.start(request, "")
        ((_, outcome),) = drain(engine, 1)
        also = engine.send(request)

    assert isinstance(outcome, Answer)
    assert isinstance(also, Answer)
    assert (outcome.address, also.address) == ("127.0.0.1", "127.0.0.1")


def test_a_silent_address_leaves_time_for_the_next(make_engine: MakeEngine) -> None:
    nobody = ip_network("192.0.2.0/24")  # a documentation network: packets there vanish
    with Receiver() as receiver:
        names = Names(two_test=[["192.0.2.1", "127.0.0.1"]])
        engine = make_engine(LOOPBACK, nobody, resolver=names)
        request = a_request(f"http://two.test:{receiver.port}/", deadline_seconds=2)
        engine.start(request, "")
        ((_, outcome),) = drain(engine, 1)
        also = engine.send(request)

    assert isinstance(outcome, Answer)
    assert isinstance(also, Answer)
    assert len(receiver.heard) == 2


def test_slow_names_hold_up_nobody_and_end_at_the_deadline(make_engine: MakeEngine) -> None:
    release = threading.Event()

    def never(_: str) -> list[Address]:
        release.wait(30)
        return []

    engine = make_engine(LOOPBACK, resolver=never)
    with Receiver() as receiver:
        for number in range(40):
            engine.start(a_request(f"http://slow{number}.test/", deadline_seconds=1), f"slow {number}")
        engine.start(a_request(receiver.url), "quick")
        first, *_ = engine.poll(30)
        rest = drain(engine, 40)
    release.set()

    assert first[0] == "quick"
    assert {outcome.reason for _, outcome in rest if isinstance(outcome, NoAnswer)} == {"deadline"}
    assert all(1 <= outcome.timings.total < 20 for _, outcome in rest)


def test_names_of_one_account_that_do_not_answer_keep_no_other_account_waiting(
    make_engine: MakeEngine,
) -> None:
    release = threading.Event()

    def mostly_never(name: str) -> list[Address]:
        if name != "quick.test":
            release.wait(30)
        return [ip_address("127.0.0.1")]

    engine = make_engine(LOOPBACK, resolver=mostly_never)
    with Receiver() as receiver:
        quick = f"http://quick.test:{receiver.port}/"
        for number in range(100):
            engine.start(a_request(f"http://slow{number}.test/", pool_key="a"), "slow")
        # the name of the other's receiver is asked for as well, and stands behind all of these
        engine.start(a_request(quick, pool_key="a"), "slow too")
        engine.start(a_request(quick, pool_key="b"), "quick")
        heard = dict(drain(engine, 2))
    release.set()

    assert isinstance(heard["quick"], Answer)


def test_a_burst_to_one_name_asks_for_it_once(make_engine: MakeEngine) -> None:
    names = Names(one_test=[["127.0.0.1"]])
    engine = make_engine(LOOPBACK, resolver=names)
    with Receiver() as receiver:
        for _ in range(50):
            engine.start(a_request(f"http://one.test:{receiver.port}/"), "")
        drain(engine, 50)

    assert names.asked == ["one.test"]


def test_other_threads_start_exchanges_while_one_polls(open_engine: Engine) -> None:
    with Receiver() as receiver, ThreadPoolExecutor(4) as others:
        polled = others.submit(drain, open_engine, 60)
        time.sleep(0.05)
        for number in range(60):
            others.submit(open_engine.start, a_request(receiver.url), str(number))
        began = time.monotonic()
        tokens = {token for token, _ in polled.result()}

    assert tokens == {str(number) for number in range(60)}
    assert time.monotonic() - began < PATIENCE / 2


def test_send_from_other_threads_needs_no_poll(open_engine: Engine) -> None:
    with Receiver() as receiver, ThreadPoolExecutor(8) as others:
        outcomes = list(others.map(lambda _: open_engine.send(a_request(receiver.url)), range(40)))

    assert all(isinstance(outcome, Answer) for outcome in outcomes)


def test_waking_ends_a_poll(open_engine: Engine) -> None:
    waker = threading.Timer(0.1, open_engine.wake)
    began = time.monotonic()

    waker.start()
    outcomes = open_engine.poll(PATIENCE)

    assert outcomes == []
    assert time.monotonic() - began < PATIENCE / 2
    waker.join()


def test_a_wake_before_the_poll_counts(open_engine: Engine) -> None:
    open_engine.wake()
    began = time.monotonic()

    open_engine.poll(PATIENCE)

    assert time.monotonic() - began < PATIENCE / 2
    assert open_engine.poll(0.05) == []


def test_a_poll_without_work_waits_its_time(open_engine: Engine) -> None:
    began = time.monotonic()

    assert open_engine.poll(0.2) == []

    assert 0.19 <= time.monotonic() - began < PATIENCE / 2


def test_in_flight_counts_what_poll_has_not_handed_out(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(after(0.1, status(200)))
        open_engine.start(a_request(receiver.url), "a")
        open_engine.start(a_request("http://nowhere.invalid:1/"), "b")
        counted = open_engine.in_flight
        drain(open_engine, 2)

    assert (counted, open_engine.in_flight) == (2, 0)


def test_closing_drops_what_is_under_way() -> None:
    engine: Engine = HttpEngine([LOOPBACK])
    with Receiver() as receiver:
        receiver.answers(hang())
        for number in range(20):
            engine.start(a_request(receiver.url), str(number))
        until = time.monotonic() + PATIENCE
        while len(receiver.heard) < 20 and time.monotonic() < until:
            engine.poll(0.1)
        engine.close()

    assert len(receiver.heard) == 20


def test_handles_are_as_good_as_new_after_a_failure(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(status(500, b"long answer", {"X-Old": "1"}), raw(b"garbage"), status(200, b"ok"))
        outcomes = [drive(open_engine, receiver.url) for _ in range(3)]

    assert isinstance(outcomes[1], NoAnswer)
    assert isinstance(outcomes[2], Answer)
    assert (outcomes[2].body, outcomes[2].headers) == (b"ok", (("Content-Length", "2"),))


def drive(engine: Engine, url: str) -> Outcome:
    engine.start(a_request(url), "")
    ((_, outcome),) = drain(engine, 1)
    return outcome


def drain(engine: Engine, count: int, *, seconds: float = PATIENCE) -> list[tuple[str, Outcome]]:
    """The next `count` outcomes."""
    outcomes: list[tuple[str, Outcome]] = []
    until = time.monotonic() + seconds
    while len(outcomes) < count and time.monotonic() < until:
        outcomes += engine.poll(until - time.monotonic())
    assert len(outcomes) == count
    return outcomes


def test_a_name_that_is_found_too_late_writes_into_no_other_file(tmp_path: Path) -> None:
    asked, over, told = threading.Event(), threading.Event(), threading.Event()

    def slow(_name: str) -> Sequence[Address]:
        asked.set()
        over.wait(PATIENCE)
        threading.Timer(0.05, told.set).start()
        return []

    engine: Engine = HttpEngine([LOOPBACK], resolver=slow)
    engine.start(a_request("http://slow.test/", deadline_seconds=PATIENCE), "")
    engine.poll(0.05)
    assert asked.wait(PATIENCE)
    engine.close()
    with ExitStack() as stack:
        # whichever numbers were given back are now these files
        files = [stack.enter_context((tmp_path / str(n)).open("wb")) for n in range(8)]
        over.set()
        assert told.wait(PATIENCE)

    assert [Path(one.name).read_bytes() for one in files] == [b""] * 8
