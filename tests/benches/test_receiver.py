"""What the benches send to counts and answers rightly, whatever way the bytes come in."""

from __future__ import annotations

import socket
from pathlib import Path
from time import monotonic_ns

import pytest

from bench.http_receiver import compiled, recording_receiver, running_receiver

BODY = b"x" * 1024
REQUEST = b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 1024\r\nWebhook-Id: msg_1\r\n\r\n" + BODY
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'

needs_compiler = pytest.mark.skipif(compiled() is None, reason="no C compiler here")


def test_each_request_is_answered_however_it_is_cut() -> None:
    with running_receiver() as url, _connected(url) as client:
        for start in range(0, len(REQUEST), 31):
            client.sendall(REQUEST[start : start + 31])

        assert _heard(client, len(ANSWER)) == ANSWER


def test_requests_that_come_together_are_all_answered() -> None:
    with running_receiver() as url, _connected(url) as client:
        client.sendall(REQUEST * 200)

        assert _heard(client, len(ANSWER) * 200) == ANSWER * 200


@needs_compiler
def test_it_records_when_each_request_came(tmp_path: Path) -> None:
    record, before = tmp_path / "record", monotonic_ns()

    with recording_receiver(record) as url, _connected(url) as client:
        client.sendall(REQUEST * 2 + REQUEST.replace(b"msg_1", b"msg_2"))
        _heard(client, len(ANSWER) * 3)

    lines = [line.split() for line in record.read_text().splitlines()]
    assert [name for _, name in lines] == ["msg_1", "msg_1", "msg_2"]
    assert all(before <= int(at) <= monotonic_ns() for at, _ in lines)


@needs_compiler
def test_what_is_sent_to_hang_is_never_answered(tmp_path: Path) -> None:
    with recording_receiver(tmp_path / "record") as url, _connected(url) as client:
        client.sendall(REQUEST.replace(b"/hook", b"/hang") + REQUEST)

        assert _heard(client, len(ANSWER)) == ANSWER
        client.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.recv(1)


def _connected(url: str) -> socket.socket:
    port = int(url.removeprefix("http://127.0.0.1:").partition("/")[0])
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def _heard(client: socket.socket, size: int) -> bytes:
    heard = b""
    while len(heard) < size:
        some = client.recv(65536)
        assert some, heard
        heard += some
    return heard
