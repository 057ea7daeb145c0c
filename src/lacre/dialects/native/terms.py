"""What an endpoint's owner chooses of our promise: how it is said, and how shown."""

from __future__ import annotations

from typing import Any

from lacre.dialects.native.promise import DEFAULT, PROMISE
from lacre.dialects.native.wire.endpoints import EndpointChange, NewEndpoint
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Terms


def meant(kept: Terms | None, said: NewEndpoint | EndpointChange) -> Terms | None:
    """What is not said stays as it is; nothing where nothing differs from what everybody gets."""
    kept = kept or Terms(retry=DEFAULT)
    retry = tuple(said.retry) if isinstance(said.retry, list) else said.retry
    chosen = Terms(
        retry=kept.retry if retry is None else retry,
        deadline_seconds=kept.deadline_seconds if said.deadline_seconds is None else said.deadline_seconds,
        only_200=kept.only_200 if said.success is None else said.success == "200",
    )
    return None if chosen == Terms(retry=DEFAULT) else chosen


def shown(endpoint: Endpoint) -> dict[str, Any]:
    retry = (endpoint.terms and endpoint.terms.retry) or DEFAULT
    promise = endpoint.promised(PROMISE)
    return {
        "retry": list(retry) if isinstance(retry, tuple) else retry,
        "waits": [round(one.total_seconds()) for one in promise.waits],
        "deadline_seconds": round(promise.deadline_seconds),
        "success": "200" if promise.only_200 else "2xx",
        "stops_at": sorted(promise.stops_at),
    }
