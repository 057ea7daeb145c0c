"""Where somebody was when they signed."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from lacre.web.origin import LONGEST_AGENT, origin_of


@pytest.mark.parametrize("port", [4321, "4321"])
def test_a_port_may_come_as_a_number_or_as_its_digits(port: int | str) -> None:
    assert origin_of(request(port)).port == 4321


def test_an_endless_user_agent_is_cut() -> None:
    assert len(origin_of(request(agent=b"x" * 9_000)).user_agent) == LONGEST_AGENT


def request(port: int | str = 4321, agent: bytes = b"Firefox") -> Request:
    return Request({"type": "http", "client": ("203.0.113.7", port), "headers": [(b"user-agent", agent)]})
