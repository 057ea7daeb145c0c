"""A delivery and its attempts as people read them: what happened, why, and what comes next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lacre.services import Services
from lacre.web.console.words import Explanation, explain, phrase
from lacre.webhooks.delivery import Attempt, Delivery, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.promise import Promise
from lacre.webhooks.repositories import Listed
from lacre.webhooks.sample import is_sample

STEPS = ("dns", "connect", "tls", "first_byte")


class Course(StrEnum):
    """How a delivery stands: its status, and what a status alone does not say."""

    QUEUED = "queued"
    WAITING = "waiting"
    SENDING = "sending"
    RETRYING = "retrying"
    """Failed at least once, tried again later."""
    DELIVERED = "delivered"
    DISCARDED = "discarded"


def course(delivery: Delivery) -> Course:
    if delivery.status is DeliveryStatus.HELD:
        return Course.SENDING
    if delivery.status is DeliveryStatus.WAITING:
        return Course.RETRYING if delivery.attempts else Course.WAITING
    return Course(delivery.status)


@dataclass(frozen=True, kw_only=True)
class Span:
    """A part of an attempt's time, placed in percent of the whole."""

    name: str
    milliseconds: float
    start: float
    width: float


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    attempt: Attempt
    explanation: Explanation

    @property
    def answer(self) -> str:
        return phrase(self.attempt.status_code) if self.attempt.status_code is not None else ""

    @property
    def method(self) -> str:
        return str(self.attempt.detail.get("method") or "")

    @property
    def url(self) -> str:
        return str(self.attempt.detail.get("url") or "")

    @property
    def problem(self) -> str:
        return str(self.attempt.detail.get("problem") or "")

    @property
    def address(self) -> str:
        return str(self.attempt.detail.get("address") or "")

    @property
    def truncated(self) -> bool:
        return bool(self.attempt.detail.get("truncated"))

    @property
    def request_headers(self) -> list[tuple[str, str]]:
        return _pairs(self.attempt.detail.get("request_headers"))

    @property
    def response_headers(self) -> list[tuple[str, str]]:
        return _pairs(self.attempt.detail.get("response_headers"))

    @property
    def request_body(self) -> str:
        return readable(self.attempt.request_body)

    @property
    def response_body(self) -> str:
        return readable(self.attempt.response_body)

    @property
    def spans(self) -> list[Span]:
        return _spans(self.attempt.detail.get("timings"))


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    listed: Listed
    endpoint: Endpoint
    promise: Promise
    attempts: Sequence[AttemptView]
    """The last one first."""
    happened_at: datetime
    title: str
    """Of the document that it is about; empty when it is about something else."""

    @property
    def delivery(self) -> Delivery:
        return self.listed.delivery

    @property
    def course(self) -> Course:
        return course(self.delivery)

    @property
    def is_sample(self) -> bool:
        return is_sample(self.listed.event_type)

    @property
    def settled(self) -> bool:
        return self.course in (Course.DELIVERED, Course.DISCARDED)

    @property
    def held_back(self) -> bool:
        """It waits for a person: its endpoint is paused or was disabled."""
        return not self.settled and self.endpoint.status is not EndpointStatus.ACTIVE

    @property
    def most_attempts(self) -> int:
        return len(self.promise.waits) + 1 + self.delivery.forgiven


def attempt_views(attempts: Sequence[Attempt], url: str, promise: Promise) -> list[AttemptView]:
    return [
        AttemptView(
            attempt=one,
            explanation=explain(
                ok=one.ok,
                status=one.status_code,
                reason=one.reason,
                url=str(one.detail.get("url") or url),
                seconds=promise.deadline_seconds,
            ),
        )
        for one in reversed(attempts)
    ]


def promise_to(services: Services, endpoint: Endpoint) -> Promise:
    return services.wordings[endpoint.dialect].promise(endpoint)


def readable(body: bytes | None) -> str:
    """JSON set in lines, other text as it came; of what is no text, its size must do."""
    if not body:
        return ""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"({len(body)} bytes)"
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _pairs(kept: object) -> list[tuple[str, str]]:
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return []
    return [(str(one[0]), str(one[1])) for one in kept if isinstance(one, Sequence) and len(one) == 2]


def _spans(kept: object) -> list[Span]:
    """One after the other; what is left of the whole is the answer's body."""
    if not isinstance(kept, Mapping):
        return []
    total = _number(kept.get("total"))
    taken = {name: _number(kept.get(name)) for name in STEPS}
    taken["body"] = max(0.0, total - sum(taken.values()))
    whole, start, spans = max(total, 0.1), 0.0, []
    for name, milliseconds in taken.items():
        width = min(100 * milliseconds / whole, 100 - start)
        if milliseconds > 0:
            spans.append(Span(name=name, milliseconds=milliseconds, start=start, width=max(width, 0.0)))
        start = min(start + width, 100.0)
    return spans


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
