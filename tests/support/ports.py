"""Ports for servers that are told theirs, and that may be started there again."""

from __future__ import annotations

import secrets
import socket

LOWEST, BEYOND = 11_000, 30_000
"""Below those that systems give to whoever asks for any: no test beside this one gets it meanwhile. And above
10080, which browsers refuse."""


def free_port() -> int:
    while not _is_free(port := LOWEST + secrets.randbelow(BEYOND - LOWEST)):
        pass
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
