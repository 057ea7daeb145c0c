"""Bodies that are not held, on their way: whole, and from the beginning again if need be."""

from __future__ import annotations

from ipaddress import ip_network
from time import monotonic
from typing import Any

import pytest

from lacre.webhooks.body import RAW, BodyParts, InBase64
from lacre.webhooks.request import Answer, NoAnswer, Request
from tests.engines.http.conftest import Engine
from tests.engines.http.test_many import drain
from tests.support.memory_files import MemoryFiles
from tests.support.receiver import Line, Receiver, close, hang, in_turn, raw, reset, stall, status
from tests.support.requests import a_request

LARGE = bytes(range(256)) * 12_000
"""More than what a connection swallows while nobody reads."""


class Kept:
    def __init__(self, content: bytes = LARGE) -> None:
        self.files = MemoryFiles()
        self.digest = self.files.keep_bytes(content)
        pieces = (b"begin ", InBase64(digest=self.digest), b" end")
        self.parts, _ = BodyParts(pieces=pieces).read(self.files)
        self.body = b"".join(self.parts.chunks())

    def request(self, url: str, **changes: Any) -> Request:  # noqa: ANN401
        return a_request(url, body=b"", parts=self.parts, **changes)


def outcome_of(engine: Engine, request: Request) -> Answer | NoAnswer:
    engine.start(request, "")
    ((_, outcome),) = drain(engine, 1)
    return outcome


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_it_arrives_byte_for_byte_with_its_length(open_engine: Engine, method: str) -> None:
    kept = Kept()
    with Receiver() as receiver:
        outcome = outcome_of(open_engine, kept.request(receiver.url, method=method))
        (heard,) = receiver.heard

    assert isinstance(outcome, Answer)
    assert (heard.method, heard.body) == (method, kept.body)
    assert heard.header("Content-Length") == str(len(kept.body))
    assert heard.header("Transfer-Encoding") is heard.header("Expect") is None


def test_sent_and_waited_for_it_arrives_too(open_engine: Engine) -> None:
    kept = Kept()
    with Receiver() as receiver:
        outcome = open_engine.send(kept.request(receiver.url))

    assert isinstance(outcome, Answer)
    assert receiver.heard[0].body == kept.body


def test_connections_are_shared_with_bodies_that_are_held(open_engine: Engine) -> None:
    kept = Kept(b"small")
    with Receiver() as receiver:
        for request in (a_request(receiver.url), kept.request(receiver.url), a_request(receiver.url)):
            outcome_of(open_engine, request)

    assert [heard.connection for heard in receiver.heard] == [1, 1, 1]
    assert [heard.body for heard in receiver.heard] == [b'{"ok":true}', kept.body, b'{"ok":true}']


def test_a_kept_connection_that_dies_meanwhile_costs_no_attempt(open_engine: Engine) -> None:
    """What was sent on it is sent again from the beginning."""
    kept = Kept()
    with Receiver() as receiver:
        receiver.answers(status(200), close(), status(200))
        outcome_of(open_engine, a_request(receiver.url))
        outcome = outcome_of(open_engine, kept.request(receiver.url))

    assert isinstance(outcome, Answer)
    assert [heard.body for heard in receiver.heard[1:]] == [kept.body, kept.body]
    assert [heard.connection for heard in receiver.heard] == [1, 1, 2]


def test_a_receiver_that_refuses_early_is_heard(open_engine: Engine) -> None:
    kept = Kept()
    no = raw(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", keep_open=True)
    # as servers do: one that left at once would take its answer with it
    refuse = in_turn(swallow(10_000), no, hang())
    with Receiver(on_connect=refuse) as receiver:
        outcome = outcome_of(open_engine, kept.request(receiver.url))

    assert isinstance(outcome, Answer)
    assert outcome.status == 413


def test_a_receiver_that_stops_reading_meets_the_deadline(open_engine: Engine) -> None:
    kept = Kept()
    with Receiver(on_connect=in_turn(swallow(10_000), stall())) as receiver:
        outcome = outcome_of(open_engine, kept.request(receiver.url, deadline_seconds=0.4))

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "deadline"
    assert outcome.timings.total < 20


def test_a_receiver_that_resets_in_mid_body_is_a_reset(open_engine: Engine) -> None:
    kept = Kept()
    with Receiver(on_connect=in_turn(swallow(10_000), reset())) as receiver:
        outcome = outcome_of(open_engine, kept.request(receiver.url))

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "reset"


def test_a_file_that_cannot_be_read_any_more_ends_the_exchange(open_engine: Engine) -> None:
    kept = Kept()
    kept.files.unreadable.add(kept.digest)
    with Receiver() as receiver:
        outcome = outcome_of(open_engine, kept.request(receiver.url))

    assert isinstance(outcome, NoAnswer)
    assert (outcome.reason, outcome.detail) == ("file_unreadable", "OSError: the disk is gone")


def test_an_engine_closed_in_mid_body_asks_for_no_more_of_it() -> None:
    kept, engine = Kept(), Engine([ip_network("127.0.0.0/8")])
    with Receiver(on_connect=stall()) as receiver:
        engine.start(kept.request(receiver.url), "")
        until = monotonic() + 30
        while not kept.files.reads and monotonic() < until:
            engine.poll(0.1)

        engine.close()

    assert 0 < kept.files.reads < 3 * len(LARGE) // RAW


def swallow(size: int) -> Any:  # noqa: ANN401
    """Reads so much of what comes, requests or not."""

    def answer(line: Line) -> None:
        line.read_exactly(size)

    return answer
