"""Where a client's request came from, as evidence keeps it."""

from __future__ import annotations

from starlette.requests import Request

from lacre.signing.evidence import Origin

LONGEST_AGENT = 500


def origin_of(request: Request) -> Origin:
    host, port = request.client or ("", 0)
    return Origin(ip=host, port=port, user_agent=request.headers.get("user-agent", "")[:LONGEST_AGENT])
