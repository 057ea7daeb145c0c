"""Where a request came from, as evidence: behind proxies of ours the address they saw, else the peer's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.requests import Request

from lacre.signing.evidence import Origin

Networks = Sequence[IPv4Network | IPv6Network]
LONGEST_AGENT = 500


def origin_of(request: Request, proxies: Networks) -> Origin:
    peer, told = request.client or ("", 0)
    port = int(told)  # the specification says a number, some servers say its digits
    agent = request.headers.get("user-agent", "")[:LONGEST_AGENT]
    if not _within(peer, proxies):
        return Origin(ip=peer, port=port, user_agent=agent)
    forwarded = _forwarded(request.headers.getlist("x-forwarded-for"))
    # from the right: what stands left of a stranger was written by the stranger
    stranger = next((hop for hop in reversed(forwarded) if not _within(hop, proxies)), peer)
    return Origin(ip=stranger, port=port if stranger == peer else 0, user_agent=agent)


def _forwarded(headers: Iterable[str]) -> list[str]:
    hops = [hop.strip() for header in headers for hop in header.split(",")]
    return [hop for hop in hops if _is_address(hop)]


def _within(address: str, networks: Networks) -> bool:
    if not _is_address(address):
        return False
    return any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
