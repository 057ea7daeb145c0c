"""The last word on where a connection goes: libcurl asks us for each socket, and says for which address."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Protocol

import pycurl

from lacre.engines.http.address import Network, is_allowed


class Destination(Protocol):
    """What libcurl says of the socket that it wants."""

    family: int
    socktype: int
    protocol: int
    addr: tuple[str, int]


class Veto:
    """Hands out sockets to allowed addresses only, whatever names, pins or parsers said before."""

    def __init__(self, allow: tuple[Network, ...], tell: Callable[[int], None] | None = None) -> None:
        self._allow = allow
        self._tell = tell
        """Called with the descriptor of each new socket."""

    def open(self, _purpose: int, to: Destination) -> _Handed | int:
        if to.family not in (socket.AF_INET, socket.AF_INET6):
            return int(pycurl.SOCKET_BAD)
        if not is_allowed(ip_address(to.addr[0]), self._allow):
            return int(pycurl.SOCKET_BAD)
        try:
            return _Handed(socket.socket(to.family, to.socktype, to.protocol).detach())
        except OSError:  # too many open files: this exchange fails, and only this one
            return int(pycurl.SOCKET_BAD)

    def opened(self, descriptor: int, _purpose: int) -> int:
        # pycurl works on a duplicate, and duplicates are inherited by child processes unless told otherwise
        os.set_inheritable(descriptor, False)
        if self._tell:
            self._tell(descriptor)
        return int(pycurl.SOCKOPT_OK)


class _Handed:
    """pycurl duplicates the descriptor and lets go of this object; ours is closed then."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def __del__(self) -> None:
        os.close(self._descriptor)
