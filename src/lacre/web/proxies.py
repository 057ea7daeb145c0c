"""Who really asks: behind proxies of ours, the address that the outermost of them saw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

Address: TypeAlias = IPv4Address | IPv6Address
Networks: TypeAlias = Sequence[IPv4Network | IPv6Network]
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+|\[([^\]]+)\](?::[0-9]+)?")


@dataclass(frozen=True)
class TrustedProxies:
    """ASGI middleware: puts the asker into `client`, where all look; a forwarded port is unknown, 0.

    Also of who came without a proxy: IPv4 is IPv4, however the socket says it, and a port is a number.
    """

    app: ASGIApp
    networks: Networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "client": self._asker(scope)}
        await self.app(scope, receive, send)

    def _asker(self, scope: Scope) -> tuple[str, int]:
        host, port = scope.get("client") or ("", 0)
        peer = _read(host)
        if peer is not None and self._is_ours(peer):
            return str(self._stranger(scope["headers"]) or peer), 0
        # the specification says a number, some servers say its digits
        return str(peer or host), int(port)

    def _stranger(self, headers: Iterable[tuple[bytes, bytes]]) -> Address | None:
        """From the right: left of a stranger, or of what is no address, a stranger may have written."""
        said = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
        hops = [_read(hop) for header in said for hop in header.split(",")]
        return next((hop for hop in reversed(hops) if hop is None or not self._is_ours(hop)), None)

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def _read(said: str) -> Address | None:
    """Some proxies say the port too; a socket for both families says IPv4 as IPv6."""
    found = _WITH_PORT.fullmatch(said.strip())
    try:
        address = ip_address(found[1] or found[2] if found else said.strip())
    except ValueError:
        return None
    if address.version == 4:
        return address
    # what stands behind a % is a name of the sender's choice
    return address.ipv4_mapped or IPv6Address(int(address))
