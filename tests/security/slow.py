"""A client that means no good, over a plain socket: it says what it likes, as slowly as it likes."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

BODY_SECONDS = 4.0
"""What the server grants a body in these tests."""
PATIENCE = 4.0
"""In seconds beyond twenty times what it takes alone, in a crowd; without turns they wait for all of it."""
MB = 1_000_000
HEAD = b"%b %b HTTP/1.1\r\nHost: lacre\r\n"
FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"


@dataclass
class Client:
    """`seconds` is how long it hung on until the server had enough, `None` while the server is patient."""

    port: int
    seconds: float | None = None
    heard: bytes = b""
    _began: float = field(default_factory=time.monotonic)

    def __enter__(self) -> Self:
        self._socket = socket.socket()
        # small enough that an answer left lying is soon felt at the other end
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self._socket.settimeout(30)
        self._socket.connect(("127.0.0.1", self.port))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    @property
    def status(self) -> int:
        """0 when nothing was answered."""
        return int(self.heard.split(b" ", 2)[1]) if self.heard else 0

    def says(self, *words: bytes) -> Self:
        with contextlib.suppress(OSError):
            for word in words:
                self._socket.sendall(word)
        return self

    @property
    def answered(self) -> bool:
        """Something lies there for it, or it was hung up on."""
        self._socket.settimeout(0)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def hears(self, most: float = 30) -> Self:
        """Until the server answers."""
        end = time.monotonic() + most
        self._socket.settimeout(0.25)
        while time.monotonic() < end and self.seconds is None and b"\r\n\r\n" not in self.heard:
            self._listen()
        return self

    def waits(self, most: float, *, dripping: bytes = b"", every: float = 0.25) -> Self:
        """Until the server hangs up."""
        end = time.monotonic() + most
        self._socket.settimeout(every)
        while time.monotonic() < end and self.seconds is None:
            self._listen()
            self.says(dripping) if dripping else None
        return self

    def _listen(self) -> None:
        try:
            piece = self._socket.recv(65_536)
        except TimeoutError:
            return
        except OSError:
            piece = b""
        self.heard += piece
        if not piece:
            self.seconds = time.monotonic() - self._began


def seconds(do: Callable[[], object]) -> float:
    """How long it took."""
    began = time.monotonic()
    do()
    return time.monotonic() - began


def request(method: str, path: str, *headers: bytes) -> bytes:
    """The head of a request, without its end."""
    return HEAD % (method.encode(), path.encode()) + b"".join(header + b"\r\n" for header in headers)
