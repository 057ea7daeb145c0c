"""A forward proxy on loopback: every name leads to the receiver that it was told of.

It knows CONNECT, and plain requests that name the whole URL.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit


class Proxy:
    """`asked` holds what it was asked to connect to, and by whom."""

    def __init__(
        self, names: Mapping[str, int], *, refuses: str = "", tls: ssl.SSLContext | None = None
    ) -> None:
        """`refuses` is a status line's rest, such as `407 Who are you`."""
        self._names, self._refuses, self._tls = names, refuses, tls
        self.asked: list[str] = []
        self.heads: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        # whatever either side does ends only this conversation
        with contextlib.suppress(OSError), self._secured(peer) as near:
            head = _read_head(near)
            method, wanted, _ = head.split(" ", 2)
            self.asked.append(f"{method} {wanted}")
            self.heads.append(head)
            tunnels = method == "CONNECT"
            name = wanted.rpartition(":")[0] if tunnels else urlsplit(wanted).hostname or ""
            port = self._names.get(name)
            if self._refuses or port is None:
                near.sendall(f"HTTP/1.1 {self._refuses or '502 Unknown'}\r\nX-Proxy: said\r\n\r\n".encode())
                return
            with socket.create_connection(("127.0.0.1", port)) as far:
                if tunnels:
                    near.sendall(b"HTTP/1.1 200 Connected\r\nX-Proxy: said\r\n\r\n")
                else:
                    far.sendall(head.encode("latin-1"))
                back = threading.Thread(target=_pour, args=(far, near), daemon=True)
                back.start()
                _pour(near, far)
                back.join()

    def _secured(self, peer: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(peer, server_side=True) if self._tls else peer


def _read_head(peer: socket.socket) -> str:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = peer.recv(1)
        if not more:
            raise ConnectionResetError("peer left")
        head += more
    return head.decode("latin-1")


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
