"""Files from customers' URLs, and answers of timestamp servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from lacre.documents.fetching import Fetched, NotFetched
from lacre.engines.http import Downloaded
from lacre.webhooks.request import BODY_CAP, Answer, NoAnswer, Outcome
from tests.engines.http.conftest import Engine
from tests.support.receiver import Answer as Told
from tests.support.receiver import Heard, Receiver, after, drip, endless_body, in_turn, raw, status
from tests.support.requests import a_request

PDF = b"%PDF-1.7 " + bytes(range(256)) * 4096


def test_a_file_comes_whole(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, PDF, {"Content-Type": "application/pdf"}))
        outcome = download(open_engine, receiver.url, tmp_path)

    assert isinstance(outcome, Downloaded)
    assert (outcome.size, outcome.content_type) == (len(PDF), "application/pdf")
    assert outcome.path.read_bytes() == PDF


def test_redirects_are_followed_three_times(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.chooses(lambda heard: countdown(heard, b"here"))
        fourth = download(open_engine, receiver.url + "4", tmp_path)
        third = download(open_engine, receiver.url + "3", tmp_path)

    assert isinstance(fourth, NoAnswer)
    assert isinstance(third, Downloaded)
    assert third.path.read_bytes() == b"here"
    assert third.url == receiver.url + "0"


def test_all_hops_share_one_deadline(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.chooses(lambda heard: after(0.2, countdown(heard, b"here")))
        outcome = download(open_engine, receiver.url + "3", tmp_path, seconds=0.5)

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "deadline"


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_past_the_limit_is_refused_early(announced: bool, open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, PDF) if announced else endless_body())
        outcome = download(open_engine, receiver.url, tmp_path, max_bytes=100_000)

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "too_large"
    assert (tmp_path / "file").stat().st_size <= 100_000


def test_a_file_of_exactly_the_limit_is_taken(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, PDF))
        outcome = download(open_engine, receiver.url, tmp_path, max_bytes=len(PDF))

    assert isinstance(outcome, Downloaded)


def test_a_file_that_breaks_off_is_no_file(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"))
        outcome = download(open_engine, receiver.url, tmp_path)

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "reset"


def test_a_dripping_file_ends_at_the_deadline(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        head = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", keep_open=True)
        receiver.answers(in_turn(head, drip(b"x" * 99)))
        outcome = download(open_engine, receiver.url, tmp_path, seconds=0.3)

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "deadline"


def test_a_failure_comes_back_as_the_answer_it_is(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(404, b"not here"))
        outcome = download(open_engine, receiver.url, tmp_path)

    assert isinstance(outcome, Answer)
    assert (outcome.status, outcome.body) == (404, b"not here")


def test_a_redirect_without_a_place_is_an_answer(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(302))
        outcome = download(open_engine, receiver.url, tmp_path)

    assert isinstance(outcome, Answer)
    assert outcome.status == 302


@pytest.mark.parametrize("place", ["file:///etc/passwd", "gopher://127.0.0.1/", "//:0/"])
def test_a_redirect_to_something_else_is_refused(place: str, open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(302, headers={"Location": place}))
        outcome = download(open_engine, receiver.url, tmp_path)

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "url_invalid"


def test_fetching_says_what_was_fetched_or_why_not(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, PDF), status(404))
        first = open_engine.fetch(receiver.url, tmp_path / "file", max_bytes=len(PDF))
        second = open_engine.fetch(receiver.url, tmp_path / "file", max_bytes=len(PDF))
    third = open_engine.fetch("http://10.0.0.1/", tmp_path / "file", max_bytes=1)

    assert first == Fetched(path=tmp_path / "file", size=len(PDF))
    assert second == NotFetched(reason="status_404")
    assert third == NotFetched(reason="address_forbidden")


def test_a_timestamp_server_is_asked_and_answers(open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, b"\x30\x03granted"))
        answer = open_engine.post(receiver.url, b"\x30\x00", "application/timestamp-query")

    assert answer == b"\x30\x03granted"
    assert receiver.heard[0].body == b"\x30\x00"
    assert receiver.heard[0].header("Content-Type") == "application/timestamp-query"


@pytest.mark.parametrize(
    "told",
    [
        status(500, b"\x30"),
        status(200, b"\x30" * (BODY_CAP + 1)),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x30"),
    ],
    ids=["failure", "too long", "broken off"],
)
def test_a_broken_timestamp_answer_is_none(told: Told, open_engine: Engine) -> None:
    with Receiver() as receiver:
        receiver.answers(told)
        answer = open_engine.post(receiver.url, b"\x30\x00", "application/timestamp-query")

    assert answer is None


def test_a_delivery_after_a_download_is_not_affected(open_engine: Engine, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(200, b"text"))
        download(open_engine, receiver.url, tmp_path)
        outcome = open_engine.send(a_request(receiver.url))

    assert isinstance(outcome, Answer)
    assert outcome.body == b"text"


def countdown(heard: Heard, body: bytes) -> Told:
    left = int(heard.target.strip("/"))
    return status(302, headers={"Location": f"/{left - 1}"}) if left else status(200, body)


def download(
    engine: Engine, url: str, folder: Path, *, max_bytes: int = 10_000_000, seconds: float = 20
) -> Downloaded | Outcome:
    return engine.download(url, max_bytes=max_bytes, deadline_seconds=seconds, into=folder / "file")
