"""Where a request came from, as evidence; proxies of ours were seen through before (`web/proxies.py`)."""

from __future__ import annotations

from starlette.requests import Request

from lacre.signing.evidence import Origin

LONGEST_AGENT = 500


def origin_of(request: Request) -> Origin:
    peer, port = request.client or ("", 0)
    return Origin(ip=peer, port=port, user_agent=request.headers.get("user-agent", "")[:LONGEST_AGENT])
