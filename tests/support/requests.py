"""Requests as tests need them."""

from __future__ import annotations

from typing import Any

from lacre.webhooks.request import Request


def a_request(url: str, **changes: Any) -> Request:  # noqa: ANN401
    sensible = {
        "method": "POST",
        "headers": (("Content-Type", "application/json"),),
        "body": b'{"ok":true}',
        "deadline_seconds": 20.0,
    }
    return Request(url=url, **{**sensible, **changes})
