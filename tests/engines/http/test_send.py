"""One exchange: what goes over the wire, and what comes back as data."""

from __future__ import annotations

import pytest

from lacre.webhooks.request import BODY_CAP, Answer, NoAnswer
from tests.engines.http.conftest import Engine
from tests.support.receiver import Answer as Answering
from tests.support.receiver import Receiver, after, hang, raw, status
from tests.support.requests import a_request


def test_a_request_arrives_as_it_was_worded(open_engine: Engine) -> None:
    headers = (("Content-Type", "application/json"), ("X-Key", "a: b"), ("X-Empty", ""), ("x-lower", "1"))
    with Receiver() as receiver:
        open_engine.send(a_request(receiver.url + "hook?a=1&b=%20", headers=headers, body=b"\x00\xff"))

    heard = receiver.heard[0]
    assert (heard.method, heard.target, heard.body) == ("POST", "/hook?a=1&b=%20", b"\x00\xff")
    assert [header for header in heard.headers if header in headers] == list(headers)


def test_a_header_of_blanks_is_sent_as_an_empty_one(open_engine: Engine) -> None:
    with Receiver() as receiver:
        open_engine.send(a_request(receiver.url, headers=(("X-Blank", "  "),)))

    assert receiver.heard[0].header("X-Blank") == ""


def test_nothing_is_added_that_could_make_the_answer_swell(open_engine: Engine) -> None:
    with Receiver() as receiver:
        open_engine.send(a_request(receiver.url, headers=(), body=b"x" * 2_000_000))

    names = {name.lower() for name, _ in receiver.heard[0].headers}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "content-length"}
    assert receiver.heard[0].header("Accept-Encoding") == "identity"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"])
def test_any_method_is_sent_on_one_engine(method: str, open_engine: Engine) -> None:
    with Receiver() as receiver:
        for body in (b"", b"text"):
            open_engine.start(a_request(receiver.url, method=method, body=body), "")
            assert open_engine.poll(30)

    heard = [(each.method, each.body) for each in receiver.heard]
    assert heard == [(method, b""), (method, b"text")]


def test_an_answer_comes_back_as_data(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(status(418, b"teapot", {"X-Tea": "Earl Grey"}))
        answer = open_engine.send(a_request(receiver.url))

    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.truncated) == (418, b"teapot", False)
    assert ("X-Tea", "Earl Grey") in answer.headers
    assert answer.address == "127.0.0.1"


def test_a_long_body_is_cut(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, b"x" * BODY_CAP), status(200, b"x" * (BODY_CAP + 1)))
        whole, cut = open_engine.send(a_request(receiver.url)), open_engine.send(a_request(receiver.url))

    assert isinstance(whole, Answer)
    assert isinstance(cut, Answer)
    assert (len(whole.body), whole.truncated) == (BODY_CAP, False)
    assert (len(cut.body), cut.truncated) == (BODY_CAP, True)


def test_as_much_is_read_as_was_asked_for_and_no_more_the_next_time(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, b"x" * 200_000))
        caps, answers = (200_000, 150_000, BODY_CAP), []
        for cap in caps:
            open_engine.start(a_request(receiver.url, answer_cap=cap), "")
            answers += [outcome for _, outcome in open_engine.poll(30)]

    read = [(len(one.body), one.truncated) for one in answers if isinstance(one, Answer)]
    assert read == [(200_000, False), (150_000, True), (BODY_CAP, True)]


def test_time_is_told_by_step(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(after(0.1, status(200)))
        answer = open_engine.send(a_request(receiver.url))

    assert 0 < answer.timings.connect <= answer.timings.first_byte - 0.1
    assert answer.timings.first_byte <= answer.timings.total < 30
    assert answer.timings.tls == 0


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer(code: int, open_engine: Engine) -> None:
    with Receiver() as elsewhere, Receiver() as receiver:
        receiver.answers(status(code, headers={"Location": elsewhere.url}))
        answer = open_engine.send(a_request(receiver.url))

    assert isinstance(answer, Answer)
    assert answer.status == code
    assert elsewhere.heard == []


def test_a_dead_port_is_no_answer(open_engine: Engine) -> None:
    with Receiver() as gone:
        url = gone.url

    outcome = open_engine.send(a_request(url))

    assert isinstance(outcome, NoAnswer)
    assert (outcome.reason, outcome.sent) == ("connect_failed", False)


def test_nothing_is_sent_before_a_connection_is_secured(open_engine: Engine) -> None:
    with Receiver(on_connect=hang()) as receiver:
        url = receiver.url.replace("http:", "https:")
        outcome = open_engine.send(a_request(url, deadline_seconds=0.1))

    assert isinstance(outcome, NoAnswer)
    assert (outcome.reason, outcome.sent) == ("deadline", False)


@pytest.mark.parametrize(("answer", "reason"), [(hang(), "deadline"), (raw(b""), "reset")])
def test_what_was_heard_and_not_answered_was_sent(
    answer: Answering, reason: str, open_engine: Engine
) -> None:
    with Receiver() as receiver:
        receiver.answers(answer)
        outcome = open_engine.send(a_request(receiver.url, deadline_seconds=1))

    assert isinstance(outcome, NoAnswer)
    assert (outcome.reason, outcome.sent) == (reason, True)


def test_what_was_sent_before_on_the_same_handle_does_not_count(open_engine: Engine) -> None:
    with Receiver() as receiver, Receiver() as gone:
        open_engine.start(a_request(receiver.url), "")
        assert open_engine.poll(30)
        url = gone.url
    open_engine.start(a_request(url), "")
    ((_, outcome),) = open_engine.poll(30)

    assert isinstance(outcome, NoAnswer)
    assert not outcome.sent


@pytest.mark.parametrize(
    "header",
    [
        ("X-A", "1\r\nX-B: 2"),
        ("X-A", "é"),
        ("X-A", "\x00"),
        ("Content-Length", "3"),
        ("Host", "h"),
        ("X A", "1"),
    ],
)
def test_a_header_that_would_reframe_the_request_stops_it(
    header: tuple[str, str], open_engine: Engine
) -> None:
    with Receiver() as receiver:
        outcome = open_engine.send(a_request(receiver.url, headers=(header,)))
        open_engine.start(a_request(receiver.url, headers=(header,)), "")
        (_, also), *_ = open_engine.poll(30)

    assert isinstance(outcome, NoAnswer)
    assert isinstance(also, NoAnswer)
    assert (outcome.reason, also.reason) == ("headers_invalid", "headers_invalid")
    assert receiver.heard == []


def test_a_method_that_is_no_word_stops_it(open_engine: Engine) -> None:
    with Receiver() as receiver:
        outcome = open_engine.send(a_request(receiver.url, method="GET / HTTP/1.1\r\nX-A: b\r\n\r\nPOST"))

    assert isinstance(outcome, NoAnswer)
    assert receiver.heard == []


def test_proxies_of_the_environment_are_not_used(
    open_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Receiver() as proxy, Receiver() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        open_engine.send(a_request(receiver.url))

    assert (len(proxy.heard), len(receiver.heard)) == (0, 1)
