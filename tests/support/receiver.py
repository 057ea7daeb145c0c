"""A real HTTP receiver on loopback: hears everything, answers as told.

    with Receiver() as receiver:
        receiver.answers(status(500), after(0.2, status(200)))   # the last one repeats
        …send to receiver.url…
        assert receiver.wait_for(2)[0].json["event_type"] == "doc_signed"

An answer is a function of the `Line`; `status`, `hang`, `drip`, `endless_body`, `reset` … make them.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from tests.support import catalogue


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One request as it came over the wire; `at` is monotonic seconds."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: float
    connection: int

    @property
    def json(self) -> Any:  # noqa: ANN401 - a test knows what it sent
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Line:
    """Our end of one connection, for an answer to use or abuse."""

    def __init__(self, sock: socket.socket, number: int, closing: threading.Event) -> None:
        self.socket, self.number, self.closing = sock, number, closing
        self.open = True
        self._held = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def close(self) -> None:
        self.open = False

    def reset(self) -> None:
        """RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.open = False

    def wait(self, seconds: float | None = None) -> None:
        """Until the time is over or the receiver closes; the peer may leave meanwhile."""
        if self.closing.wait(seconds):
            self.open = False

    def read_line(self) -> bytes:
        while b"\n" not in self._held:
            self._more()
        line, _, self._held = self._held.partition(b"\n")
        return line.rstrip(b"\r")

    def read_exactly(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        data, self._held = self._held[:size], self._held[size:]
        return data

    def read_until_left(self) -> None:
        """Swallows everything until the peer goes away."""
        while self.socket.recv(65536):
            pass
        self.open = False

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionResetError("peer left")
        self._held += data


Answer: TypeAlias = Callable[[Line], None]
Choice: TypeAlias = Callable[[Heard], Answer]


# ── answers ──────────────────────────────────────────────────────────────────


def status(code: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    lines = [f"HTTP/1.1 {code} Told", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return raw("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body, keep_open=True)


def raw(data: bytes, *, keep_open: bool = False) -> Answer:
    def answer(line: Line) -> None:
        line.send(data)
        if not keep_open:
            line.close()

    return answer


def after(seconds: float, answer: Answer) -> Answer:
    return in_turn(lambda line: line.wait(seconds), answer)


def once(free: threading.Event, answer: Answer) -> Answer:
    """Not before the test says so."""

    def wait(line: Line) -> None:
        while line.open and not free.is_set():
            line.wait(0.02)

    return in_turn(wait, answer)


def in_turn(*answers: Answer) -> Answer:
    def answer(line: Line) -> None:
        for each in answers:
            each(line)

    return answer


def hang() -> Answer:
    """Says nothing more, until the peer leaves."""
    return Line.read_until_left


def stall() -> Answer:
    """Says nothing more and reads nothing, until the receiver closes."""
    return lambda line: line.wait(None)


def drip(data: bytes, *, every: float = 0.05, step: int = 1) -> Answer:
    def answer(line: Line) -> None:
        for start in range(0, len(data), step):
            line.send(data[start : start + step])
            line.wait(every)
            if not line.open:
                break

    return answer


def endless(piece: bytes, *, first: bytes = b"", every: float = 0.0) -> Answer:
    """`first` once, then `piece` until the peer leaves."""

    def answer(line: Line) -> None:
        line.send(first)
        while not line.closing.is_set():
            line.send(piece)
            if every:
                line.wait(every)
        line.close()

    return answer


def endless_body(code: int = 200) -> Answer:
    head = f"HTTP/1.1 {code} Told\r\nContent-Type: text/plain\r\n\r\n".encode()
    return endless(b"x" * 65536, first=head)


def close() -> Answer:
    """Leaves without a word."""
    return Line.close


def reset() -> Answer:
    return Line.reset


# ── the receiver ─────────────────────────────────────────────────────────────


class Receiver:
    """Listens from `with` to its end. `on_connect` takes a connection before any request is read."""

    def __init__(
        self,
        *,
        on_connect: Answer | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self._on_connect, self._tls = on_connect, tls
        self._script: deque[Answer] = deque([status(200)])
        self._choice: Choice | None = None
        self._heard: list[Heard] = []
        self._news = threading.Condition()
        self._closing = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((host, 0), backlog=1024)
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.told_whole = True
        """Whether what is ours among it is as the catalogue has it: not if an endpoint asked for less."""

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}/"

    @property
    def heard(self) -> list[Heard]:
        with self._news:
            return list(self._heard)

    def answers(self, *answers: Answer) -> None:
        """One after the other; the last one for ever."""
        with self._news:
            self._script, self._choice = deque(answers), None

    def chooses(self, choice: Choice) -> None:
        """The answer depends on the request."""
        self._choice = choice

    def wait_for(self, count: int, *, seconds: float = 45.0) -> list[Heard]:
        """The first `count` requests; fails when they have not come in time."""
        with self._news:
            came = self._news.wait_for(lambda: len(self._heard) >= count, seconds)
            assert came, f"heard {len(self._heard)} of {count} requests in {seconds} s"
            return self._heard[:count]

    def __enter__(self) -> Receiver:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):  # wakes the accept; not every system allows it
            self._listener.shutdown(socket.SHUT_RDWR)
        with self._news:
            sockets = list(self._sockets)
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._listener.close()
        if self.told_whole:
            catalogue.check(one.json for one in self.heard if one.body and one.header("webhook-id"))

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._news:
                self._sockets.add(sock)
                self.connections += 1
                number = self.connections
            self._spawn(partial(self._converse, sock, number))

    def _converse(self, sock: socket.socket, number: int) -> None:
        secured = self._secured(sock)
        # whatever the peer does to the connection ends only this conversation
        with contextlib.suppress(OSError, ValueError), secured:
            if isinstance(secured, ssl.SSLSocket):
                secured.do_handshake()
            secured.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = Line(secured, number, self._closing)
            if self._on_connect:
                self._on_connect(line)
            while line.open and not self._closing.is_set() and not self._on_connect:
                self._next_answer(self._hear(line))(line)
        with self._news:
            self._sockets.discard(secured)

    def _secured(self, sock: socket.socket) -> socket.socket:
        if not self._tls:
            return sock
        with self._news:  # the plain socket is an empty shell from here on
            self._sockets.discard(sock)
            secured = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
            self._sockets.add(secured)
        return secured

    def _hear(self, line: Line) -> Heard:
        method, target, _ = line.read_line().decode("latin-1").split(" ", 2)
        headers = tuple(_read_headers(line))
        heard = Heard(
            method=method,
            target=target,
            headers=headers,
            body=_read_body(line, headers),
            at=time.monotonic(),
            connection=line.number,
        )
        with self._news:
            self._heard.append(heard)
            self._news.notify_all()
        return heard

    def _next_answer(self, heard: Heard) -> Answer:
        if self._choice:
            return self._choice(heard)
        with self._news:
            return self._script.popleft() if len(self._script) > 1 else self._script[0]


def _read_headers(line: Line) -> list[tuple[str, str]]:
    headers = []
    while header := line.read_line():
        name, _, value = header.decode("latin-1").partition(":")
        headers.append((name, value.strip()))
    return headers


def _read_body(line: Line, headers: Sequence[tuple[str, str]]) -> bytes:
    named = {name.lower(): value for name, value in headers}
    if named.get("transfer-encoding", "").lower() == "chunked":
        return _read_chunks(line)
    return line.read_exactly(int(named.get("content-length", "0")))


def _read_chunks(line: Line) -> bytes:
    body = b""
    while size := int(line.read_line().split(b";")[0], 16):
        body += line.read_exactly(size)
        line.read_line()
    line.read_line()
    return body
