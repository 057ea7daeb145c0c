"""Deliveries and attempts as our API shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lacre.dialects.native import subject, words
from lacre.dialects.native.wire.deliveries import BriefAttempt, ShownAttempt, ShownDelivery, ToldDelivery
from lacre.kit.ids import with_prefix
from lacre.webhooks.delivery import Attempt
from lacre.webhooks.repositories import Listed
from lacre.webhooks.sample import is_sample, sampled


def shown_delivery(one: Listed) -> ShownDelivery:
    delivery = one.delivery
    return ShownDelivery(
        id=with_prefix("dlv", delivery.id),
        status=delivery.status,
        event_id=with_prefix("evt", delivery.event_id),
        event_type=words.event_type(sampled(one.event_type)) or "",
        sample=is_sample(one.event_type),
        **subject.shown(one.event_type, one.subject_id),
        endpoint_id=with_prefix("ep", delivery.endpoint_id),
        url=one.url,
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        due_at=delivery.due_at,
        settled_at=delivery.settled_at,
        replay_of=with_prefix("dlv", delivery.replay_of) if delivery.replay_of else None,
        last_status_code=one.last_status_code,
        last_reason=one.last_reason or "",
    )


def told_delivery(one: Listed, made: Sequence[Attempt]) -> ToldDelivery:
    """With its own among the attempts that were made."""
    mine = [_brief(each) for each in made if each.delivery_id == one.delivery.id]
    return ToldDelivery(**shown_delivery(one).model_dump(), made=mine)


def _brief(one: Attempt) -> BriefAttempt:
    return BriefAttempt(
        id=with_prefix("att", one.id),
        number=one.number,
        at=one.at,
        milliseconds=one.milliseconds,
        ok=one.ok,
        status_code=one.status_code,
        reason=one.reason,
        problem=str(one.detail.get("problem", "")),
    )


def shown_attempt(one: Attempt) -> ShownAttempt:
    detail: Mapping[str, Any] = one.detail
    return ShownAttempt(
        id=with_prefix("att", one.id),
        number=one.number,
        at=one.at,
        milliseconds=one.milliseconds,
        ok=one.ok,
        status_code=one.status_code,
        reason=one.reason,
        method=detail.get("method", ""),
        url=detail.get("url", ""),
        request_headers=detail.get("request_headers", []),
        request_body=_text(one.request_body),
        request_sha256=one.request_digest,
        response_headers=detail.get("response_headers", []),
        response_body=_text(one.response_body),
        truncated=detail.get("truncated", False),
        address=detail.get("address", ""),
        timings=detail.get("timings", {}),
        problem=detail.get("problem", ""),
    )


def _text(body: bytes | None) -> str | None:
    return None if body is None else body.decode("utf-8", "replace")
