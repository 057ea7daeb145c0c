"""What an endpoint's owner chooses of our promise: how it is said, and how shown."""

from __future__ import annotations

from typing import Any

from lacre.dialects.native.door import DIALECT
from lacre.dialects.native.promise import DEFAULT
from lacre.dialects.native.wire.endpoints import EndpointChange, NewEndpoint
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Promise, Terms

USUAL = Terms(retry=DEFAULT)


def meant(kept: Terms | None, said: NewEndpoint | EndpointChange, *, usual: Terms = USUAL) -> Terms | None:
    """What is not said stays as it is; nothing where nothing differs from what everybody gets."""
    kept = kept or usual
    told = said.retry if "retry" in said.model_fields_set else None
    retry = tuple(told) if isinstance(told, list) else told
    chosen = Terms(
        retry=kept.retry if retry is None else retry,
        deadline_seconds=kept.deadline_seconds if said.deadline_seconds is None else said.deadline_seconds,
        only_200=kept.only_200 if said.success is None else said.success == "200",
    )
    return None if chosen == usual else chosen


def shown(endpoint: Endpoint, promise: Promise) -> dict[str, Any]:
    """`promise`: what it comes to. One that its dialect makes is said by its waits."""
    waits = [round(one.total_seconds()) for one in promise.waits]
    retry = (endpoint.terms and endpoint.terms.retry) or (DEFAULT if endpoint.dialect == DIALECT else waits)
    return {
        "retry": list(retry) if isinstance(retry, tuple) else retry,
        "waits": waits,
        "deadline_seconds": round(promise.deadline_seconds),
        "success": "200" if promise.only_200 else "2xx",
        "stops_at": sorted(promise.stops_at),
    }
