"""Where somebody was when they signed."""

from __future__ import annotations

from starlette.requests import Request

from lacre.web.origin import LONGEST_AGENT, origin_of


def test_it_is_who_asked_and_from_which_port() -> None:
    origin = origin_of(request())

    assert (origin.ip, origin.port) == ("203.0.113.7", 4321)


def test_an_endless_user_agent_is_cut() -> None:
    assert len(origin_of(request(agent=b"x" * 9_000)).user_agent) == LONGEST_AGENT


def request(*, agent: bytes = b"Firefox") -> Request:
    return Request({"type": "http", "client": ("203.0.113.7", 4321), "headers": [(b"user-agent", agent)]})
