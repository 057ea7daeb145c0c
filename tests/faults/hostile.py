"""How receivers misbehave: each with what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.receiver import (
    Answer,
    close,
    drip,
    endless,
    endless_body,
    hang,
    in_turn,
    raw,
    reset,
    stall,
    status,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ZEROS = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\xed\xc1\x01\x0d" + b"\x00" * 40


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """`expected`: the statuses and reasons that are right; `spends` the whole deadline or returns early."""

    answer: Answer
    expected: frozenset[int | str]
    on_connect: bool = False
    spends: bool = False


def _case(answer: Answer, *expected: int | str, on_connect: bool = False, spends: bool = False) -> Hostile:
    return Hostile(answer=answer, expected=frozenset(expected), on_connect=on_connect, spends=spends)


def _head(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n"


BEHAVIOURS: Mapping[str, Hostile] = {
    "says nothing": _case(hang(), "deadline", spends=True),
    "never reads": _case(stall(), "deadline", on_connect=True, spends=True),
    "drips headers": _case(
        in_turn(raw(b"HTTP/1.1 200 OK\r\n", keep_open=True), drip(b"X-A: b\r\n" * 99)), 200, spends=True
    ),
    "drips the status line": _case(drip(b"HTTP/1.1 200 OK" + b" " * 99), "deadline", spends=True),
    "drips the body": _case(
        in_turn(raw(_head("HTTP/1.1 200 OK\nContent-Length: 99"), keep_open=True), drip(b"x" * 99)),
        200,
        spends=True,
    ),
    "endless body": _case(endless_body(), 200),
    "endless failure body": _case(endless_body(500), 500),
    "endless chunks": _case(endless(b"4\r\nabcd\r\n" * 999, first=CHUNKED), 200),
    "promises ten gigabytes": _case(
        endless(b"x" * 65536, first=_head("HTTP/1.1 200 OK\nContent-Length: 10000000000")), 200
    ),
    "gzip bomb": _case(endless(ZEROS * 999, first=_head("HTTP/1.1 200 OK\nContent-Encoding: gzip")), 200),
    "endless headers": _case(endless(b"X-A: b\r\n" * 999, first=b"HTTP/1.1 200 OK\r\n"), 200),
    "one endless header": _case(endless(b"b" * 65536, first=b"HTTP/1.1 200 OK\r\nX-A: "), 200),
    "endless status line": _case(
        endless(b"b" * 65536, first=b"HTTP/1.1 200 "), "too_large", "protocol_error", "reset"
    ),
    "endless 100 Continue": _case(
        endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 99), "too_large", "protocol_error"
    ),
    "slow 102 Processing": _case(
        endless(b"HTTP/1.1 102 Processing\r\n\r\n", every=0.05), "deadline", spends=True
    ),
    "early hints, then 200": _case(raw(_head("HTTP/1.1 103 Early Hints\nLink: </x>") + OK), 200),
    "redirects to metadata": _case(status(307, headers={"Location": "http://169.254.169.254/"}), 307),
    "redirects for ever": _case(status(302, headers={"Location": "/"}), 302),
    "redirects to a file": _case(status(301, headers={"Location": "file:///etc/passwd"}), 301),
    "resets at once": _case(reset(), "reset", "connect_failed", on_connect=True),
    "resets after the request": _case(reset(), "reset"),
    "resets in mid-body": _case(
        in_turn(raw(_head("HTTP/1.1 200 OK\nContent-Length: 99") + b"x", keep_open=True), reset()), 200
    ),
    "resets in mid-headers": _case(
        in_turn(raw(b"HTTP/1.1 200 OK\r\nX-A", keep_open=True), reset()), 200, "reset"
    ),
    "leaves without a word": _case(close(), "reset"),
    "body shorter than promised": _case(raw(_head("HTTP/1.1 200 OK\nContent-Length: 99") + b"x"), 200),
    "body longer than promised": _case(raw(OK + b"x" * 999), 200),
    "two lengths": _case(raw(_head("HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3") + b"hi"), 200),
    "negative length": _case(raw(_head("HTTP/1.1 200 OK\nContent-Length: -1") + b"hi"), 200),
    "length and chunks": _case(
        raw(_head("HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: chunked") + b"0\r\n\r\n"), 200
    ),
    "broken chunk size": _case(raw(CHUNKED + b"zz\r\nhi\r\n0\r\n\r\n"), 200),
    "huge chunk size": _case(raw(CHUNKED + b"ffffffffffffffffff\r\nhi"), 200),
    "endless chunk extension": _case(endless(b"e" * 65536, first=CHUNKED + b"2;"), 200, spends=True),
    "endless trailers": _case(endless(b"X-A: b\r\n" * 999, first=CHUNKED + b"0\r\n"), 200),
    "garbage": _case(raw(b"\x00\xff\x13\x37" * 99), "protocol_error"),
    "endless garbage": _case(endless(b"\x00\xff\x13\x37" * 9999), "protocol_error", "too_large"),
    "HTTP/0.9": _case(raw(b"<html>hello</html>"), "protocol_error"),
    "status 999": _case(raw(_head("HTTP/1.1 999 Odd\nContent-Length: 0")), 999),
    "status 000": _case(raw(_head("HTTP/1.1 000 Odd\nContent-Length: 0")), "protocol_error"),
    "status in words": _case(raw(_head("HTTP/1.1 abc Odd\nContent-Length: 0")), "protocol_error"),
    "no reason phrase": _case(raw(b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"), 200),
    "bare line feeds": _case(raw(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"), 200),
    "HTTP/1.0 that closes": _case(raw(b"HTTP/1.0 200 OK\r\n\r\nhi"), 200),
    "HTTP/2 status line": _case(raw(b"HTTP/2 200\r\nContent-Length: 0\r\n\r\n"), 200, "protocol_error"),
    "switches protocols": _case(
        raw(_head("HTTP/1.1 101 Switching\nUpgrade: x\nConnection: upgrade")), 101, "protocol_error"
    ),
    "204 with a body": _case(raw(_head("HTTP/1.1 204 None\nContent-Length: 5") + b"hello"), 204),
    "bad header bytes": _case(raw(b"HTTP/1.1 200 OK\r\nX-\xff: \x80\x00\r\nContent-Length: 0\r\n\r\n"), 200),
    "folded header": _case(raw(b"HTTP/1.1 200 OK\r\nX-A: b\r\n  c\r\nContent-Length: 0\r\n\r\n"), 200),
    "refuses early and resets": _case(
        in_turn(raw(_head("HTTP/1.1 413 Big\nContent-Length: 0"), keep_open=True), reset()),
        413,
        "reset",
        "connect_failed",
        on_connect=True,
    ),
    "speaks SSH": _case(raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "protocol_error", "reset", on_connect=True),
    "cookies that never end": _case(
        endless(b"Set-Cookie: a=" + b"b" * 4000 + b"\r\n", first=b"HTTP/1.1 200 OK\r\n"), 200
    ),
}
