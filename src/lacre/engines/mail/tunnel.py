"""A connection by way of an HTTP proxy, for a protocol in which the other side speaks first."""

from __future__ import annotations

import re
import socket
from base64 import b64encode
from urllib.parse import SplitResult, unquote, urlsplit

LONGEST_HEAD = 16 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*")


def tunnel(proxy: str, host: str, port: int, *, seconds: float) -> socket.socket:
    """Asks it by CONNECT, and it looks the name up; raises `OSError` when it does not."""
    way = urlsplit(proxy)
    near = socket.create_connection((way.hostname or "", way.port or 0), seconds)
    try:
        near.sendall(_asking(way, f"[{host}]" if ":" in host else host, port))
        _require_connected(_head(near))
    except BaseException:
        near.close()
        raise
    return near


def _asking(way: SplitResult, host: str, port: int) -> bytes:
    lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
    if way.username is not None:
        known = f"{unquote(way.username)}:{unquote(way.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {b64encode(known.encode()).decode()}")
    return "\r\n".join([*lines, "", ""]).encode()


def _head(near: socket.socket) -> bytes:
    """Sign by sign: what follows is the other side's, and not for us to read."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = near.recv(1)
        if not more or len(head) > LONGEST_HEAD:
            raise OSError("the proxy broke off")
        head += more
    return head


def _require_connected(head: bytes) -> None:
    status = _STATUS.match(head)
    if status is None or not status[1].startswith(b"2"):
        said = status[0].decode("latin-1") if status else "no HTTP"
        raise OSError(f"the proxy does not connect us: {said}")
