"""Where a request came from, as evidence; proxies of ours were seen through before (`web/proxies.py`)."""

from __future__ import annotations

from starlette.requests import Request

from lacre.signing.evidence import Origin

LONGEST_AGENT = 500


def origin_of(request: Request) -> Origin:
    peer, told = request.client or ("", 0)
    # the specification says a number, some servers say its digits
    return Origin(ip=peer, port=int(told), user_agent=request.headers.get("user-agent", "")[:LONGEST_AGENT])
