"""The receiver of `receiver.c` for machines without a C compiler: it costs as much CPU as a client.

`python -m bench.python_receiver` prints its port and serves until its standard input closes.
"""

from __future__ import annotations

import re
import selectors
import socket
import sys
from contextlib import suppress

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n" + b'{"ok":true}'
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def serve(listener: socket.socket) -> None:
    """Answers every request that comes, until standard input closes."""
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.buffer, selectors.EVENT_READ)
    selector.register(listener, selectors.EVENT_READ)
    held: dict[socket.socket, bytes] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin.buffer:
                return
            if key.fileobj is listener:
                sock = _welcome(listener)
                selector.register(sock, selectors.EVENT_READ)
                held[sock] = b""
            elif isinstance(key.fileobj, socket.socket) and not _converse(key.fileobj, held):
                selector.unregister(key.fileobj)
                held.pop(key.fileobj)
                key.fileobj.close()


def _welcome(listener: socket.socket) -> socket.socket:
    sock, _ = listener.accept()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _converse(sock: socket.socket, held: dict[socket.socket, bytes]) -> bool:
    """Answers the requests that are complete; false when the peer has left."""
    with suppress(OSError):
        data = sock.recv(262144)
        if data:
            complete, held[sock] = _cut(held[sock] + data)
            if complete:
                sock.sendall(_ANSWER * complete)
            return True
    return False


def _cut(data: bytes) -> tuple[int, bytes]:
    """How many whole requests `data` starts with, and what is left."""
    complete = 0
    while (end := data.find(b"\r\n\r\n")) >= 0:
        length = _LENGTH.search(data, 0, end)
        size = end + 4 + (int(length[1]) if length else 0)
        if len(data) < size:
            break
        data = data[size:]
        complete += 1
    return complete, data


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as bound:
        print(bound.getsockname()[1], flush=True)
        serve(bound)
