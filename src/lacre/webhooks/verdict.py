"""What an attempt's outcome means for its delivery and its endpoint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from msgspec import Struct

from lacre.kit.times import scaled
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Answer, NoAnswer, Outcome
from lacre.webhooks.retry import NOTHING_ASKED, asked_wait, next_wait


class NotWorded(Struct, frozen=True, kw_only=True, gc=False):
    """Our own bug: the dialect could not say the event. It costs an attempt, as any failure does."""

    detail: str


class NotAuthorized(Struct, frozen=True, kw_only=True, gc=False):
    """The token that the receiver wants could not be had: nothing was sent to it, and the attempt failed."""

    method: str
    url: str
    """Of the token server, without what may be secret in it."""
    detail: str
    outcome: Outcome
    """What came from the token server; its body is for nobody's eyes."""


Ending: TypeAlias = Outcome | NotWorded | NotAuthorized
"""What an attempt may come to."""


class Verdict(Struct, frozen=True, kw_only=True, gc=False):
    status: DeliveryStatus
    due_at: datetime
    disable_endpoint: bool = False
    """The delivery goes on waiting then, as every other one to that endpoint does."""
    by_type: bool = False
    """It is given up event type by event type."""
    stop_type: bool = False
    """The endpoint is told of no more events of this type."""


def settle(
    delivery: Delivery,
    outcome: Ending,
    promise: Promise,
    *,
    now: datetime,
    roll: Callable[[], float],
    scale: float = 1.0,
    began_at: datetime | None = None,
) -> Verdict:
    """`roll` gives a number in [0, 1) that spreads the waits; `scale` shortens them in a sandbox.

    `began_at`: when the attempt began, where waits run from there. What the receiver asks runs from `now`.
    """
    if succeeded(outcome, promise):
        return Verdict(status=DeliveryStatus.DELIVERED, due_at=now)
    wait = next_wait(
        promise.waits,
        delivery.attempts - delivery.forgiven + 1,
        jitter=promise.jitter,
        roll=roll(),
    )
    if wait is None:
        status, due_at = DeliveryStatus.DISCARDED, now
    else:
        status, planned = DeliveryStatus.WAITING, (began_at or now) + scaled(wait, scale)
        due_at = max(planned, now + scaled(_asked(outcome, now), scale))
    return Verdict(
        status=status,
        due_at=due_at,
        disable_endpoint=_stops(outcome, promise),
        by_type=promise.stops_type_at_end,
        stop_type=wait is None and promise.stops_type_at_end,
    )


def succeeded(outcome: Ending, promise: Promise) -> bool:
    """Judged by the status line alone: a body that breaks off after a 200 was still a 200."""
    if isinstance(outcome, NoAnswer) and promise.silence_is_success:
        return outcome.reason == "deadline" and outcome.sent
    if not isinstance(outcome, Answer):
        return False
    return outcome.status == 200 if promise.only_200 else 200 <= outcome.status < 300


def _asked(outcome: Ending, now: datetime) -> timedelta:
    heard = outcome.outcome if isinstance(outcome, NotAuthorized) else outcome
    return asked_wait(heard.headers, now=now) if isinstance(heard, Answer) else NOTHING_ASKED


def _stops(outcome: Ending, promise: Promise) -> bool:
    return isinstance(outcome, Answer) and outcome.status in promise.stops_at
