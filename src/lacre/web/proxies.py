"""Who really asks: behind proxies of ours, the address that the outermost of them saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

Networks = Sequence[IPv4Network | IPv6Network]


@dataclass(frozen=True)
class TrustedProxies:
    """ASGI middleware: puts the asker into `client`, where all look; a forwarded port is unknown, 0."""

    app: ASGIApp
    networks: Networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = (scope.get("client") or ("", 0))[0]
        if scope["type"] == "http" and _within(peer, self.networks):
            asker = _stranger(scope["headers"], self.networks) or peer
            scope = {**scope, "client": (asker, 0)}
        await self.app(scope, receive, send)


def _stranger(headers: Iterable[tuple[bytes, bytes]], networks: Networks) -> str | None:
    """From the right: what stands left of a stranger was written by the stranger."""
    said = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    hops = [hop.strip() for header in said for hop in header.split(",")]
    return next((hop for hop in reversed(hops) if _is_address(hop) and not _within(hop, networks)), None)


def _within(address: str, networks: Networks) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
