"""Who asks, seen through proxies of ours and through nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network

import pytest
from starlette.types import Message, Receive, Scope, Send

from lacre.web.proxies import TrustedProxies

OURS = (ip_network("10.0.0.0/8"),)


@pytest.mark.parametrize(
    ("peer", "forwarded", "asker"),
    [
        ("10.0.0.1", ["203.0.113.9"], ("203.0.113.9", 0)),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9, 10.0.0.2"], ("203.0.113.9", 0)),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9"], ("203.0.113.9", 0)),
        ("10.0.0.1", [], ("10.0.0.1", 0)),
        ("10.0.0.1", ["nonsense"], ("10.0.0.1", 0)),
        ("203.0.113.7", ["198.51.100.1"], ("203.0.113.7", 1234)),
        ("::ffff:203.0.113.7", ["198.51.100.1"], ("203.0.113.7", 1234)),
        ("2001:db8:0:0::7", [], ("2001:db8::7", 1234)),
        # with the port, as some gateways write it: what the stranger wrote before it is not believed
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9:50123"], ("203.0.113.9", 0)),
        ("10.0.0.1", ["198.51.100.1, [2001:db8::9]:50123"], ("2001:db8::9", 0)),
        ("10.0.0.1", ["198.51.100.1, unknown"], ("10.0.0.1", 0)),
        ("10.0.0.1", ["198.51.100.1, _hidden, 10.0.0.2"], ("10.0.0.1", 0)),
        # of a socket that takes both families
        ("::ffff:10.0.0.1", ["203.0.113.9"], ("203.0.113.9", 0)),
        ("10.0.0.1", ["203.0.113.9, ::ffff:10.0.0.2"], ("203.0.113.9", 0)),
        ("10.0.0.1", ["fe80::1%<b>"], ("fe80::1", 0)),
        ("10.0.0.1", ["::1"], ("::1", 0)),
    ],
)
def test_the_outermost_of_our_proxies_is_believed(
    peer: str, forwarded: list[str], asker: tuple[str, int]
) -> None:
    headers = [(b"x-forwarded-for", hops.encode()) for hops in forwarded]

    assert _client_of((peer, 1234), headers) == asker


def test_a_port_is_a_number_whatever_the_server_says() -> None:
    assert _client_of(("203.0.113.7", "1234")) == ("203.0.113.7", 1234)


def test_a_request_through_a_local_socket_comes_from_nowhere() -> None:
    assert _client_of(None) == ("", 0)


def _client_of(peer: object, headers: Sequence[tuple[bytes, bytes]] = ()) -> object:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        seen.append(scope)

    scope = {"type": "http", "client": peer, "headers": headers}
    asyncio.run(TrustedProxies(app, OURS)(scope, _nothing_to_read, _nothing_to_write))
    return seen[0]["client"]


async def _nothing_to_read() -> Message:
    raise AssertionError


async def _nothing_to_write(_: Message) -> None:
    raise AssertionError
