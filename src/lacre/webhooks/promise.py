"""What is promised about delivery, as data: a dialect's own promise, and those that endpoints may choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from lacre.webhooks.errors import RetryNotUsable

MOST_WAITS = 50
LONGEST_WAIT = timedelta(days=7)
LONGEST_RETRYING = timedelta(days=30)
MOST_ATTEMPTS_OF_ACCOUNTS = 30
"""What an account chooses for all of its endpoints holds for many: less than one may choose for itself."""
MOST_SECONDS = 100
"""Of a deadline; a worker that is told to stop waits less, and leaves the exchange to another."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    waits: tuple[timedelta, ...]
    """Between attempts; one more attempt than waits is made."""
    deadline_seconds: float = 20.0
    """For the whole exchange: name, connection, request and answer."""
    only_200: bool = False
    """Success is 200 alone; otherwise any 2xx."""
    stops_at: frozenset[int] = frozenset({410})
    """Answers that disable the endpoint at once."""
    silence_is_success: bool = False
    """Whoever got the whole request, and says nothing until the deadline, is believed to have it."""
    stops_type_at_end: bool = False
    """When the last attempt fails, the endpoint is told of no more events of that type; and for that it is
    never disabled for having failed for long."""
    on_schedule: bool = False
    """Waits run from one attempt's beginning to the next one's: slow answers delay nothing."""
    begins_anew: bool = False
    """Once somebody resumed the endpoint, attempts are counted from nothing again."""
    jitter: float = 0.1
    """Each wait is longer by up to this share."""
    user_agent: str = "Lacre"


def waits_of(text: str) -> tuple[timedelta, ...]:
    """`5s 5m 2h 1d`."""
    return tuple(timedelta(**{_UNITS[one[-1]]: int(one[:-1])}) for one in text.split())


def evenly(pause: timedelta, attempts: int) -> tuple[timedelta, ...]:
    return (pause,) * (attempts - 1)


class Preset(StrEnum):
    """Promises by name, for endpoints of any dialect."""

    STANDARD = "standard"
    """Standard Webhooks' own schedule: ten attempts in three days and four hours."""
    TWO_DAYS = "two_days"
    """Fifteen retries in about two days."""
    HALF_DAY = "half_day"
    """Quick ones first, then hourly: fifteen attempts in thirteen hours."""
    STRICT = "strict"
    """Fourteen attempts in five days, to the minute; only 200 is success, and 401, 403 and 404 disable."""
    EVERY_FIVE_MINUTES = "every_five_minutes"
    """Thirty attempts with the same pause between them: two and a half hours."""


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
PRESETS: Mapping[Preset, Promise] = {
    Preset.STANDARD: Promise(waits=waits_of("5s 5m 30m 2h 5h 10h 14h 20h 24h")),
    Preset.TWO_DAYS: Promise(waits=waits_of("10s 20s 40s 1m 2m 4m 8m 15m 30m 1h 2h 4h 6h 12h 20h")),
    Preset.HALF_DAY: Promise(waits=waits_of("30s 1m 210s 5m 15m 25m 1h 1h 1h 1h 1h 2h 2h 3h")),
    Preset.STRICT: Promise(
        waits=waits_of("5m 10m 15m 30m 1h 2h 4h 8h 8h 1d 1d 1d 1d"),
        deadline_seconds=100.0,
        only_200=True,
        stops_at=frozenset({401, 403, 404, 410}),
        jitter=0.0,
    ),
    Preset.EVERY_FIVE_MINUTES: Promise(waits=evenly(timedelta(minutes=5), 30)),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an endpoint's owner chose of the promise; the rest is as its dialect, or the preset, has it."""

    retry: Preset | tuple[int, ...] | None = None
    """A promise by name, or the waits between attempts in seconds."""
    deadline_seconds: int | None = None
    only_200: bool | None = None


@lru_cache(maxsize=1024)
def on_terms(promise: Promise, terms: Terms) -> Promise:
    """Who we say that we are stays the dialect's."""
    match terms.retry:
        case Preset():
            promise = replace(PRESETS[terms.retry], user_agent=promise.user_agent)
        case tuple():
            promise = replace(promise, waits=tuple(timedelta(seconds=one) for one in terms.retry))
    if terms.deadline_seconds is not None:
        promise = replace(promise, deadline_seconds=float(terms.deadline_seconds))
    if terms.only_200 is not None:
        promise = replace(promise, only_200=terms.only_200)
    return promise


def check_account_terms(terms: Terms) -> None:
    check_terms(terms)
    if isinstance(terms.retry, tuple) and len(terms.retry) + 1 > MOST_ATTEMPTS_OF_ACCOUNTS:
        raise RetryNotUsable(f"for a whole account there are at most {MOST_ATTEMPTS_OF_ACCOUNTS} attempts")


def check_terms(terms: Terms) -> None:
    """At save."""
    if isinstance(terms.retry, tuple):
        _check_waits(terms.retry)
    if terms.deadline_seconds is not None and not 1 <= terms.deadline_seconds <= MOST_SECONDS:
        raise RetryNotUsable(f"the deadline is between 1 and {MOST_SECONDS} seconds")


def _check_waits(waits: Sequence[int]) -> None:
    if not 1 <= len(waits) <= MOST_WAITS:
        raise RetryNotUsable(f"there are between 1 and {MOST_WAITS} waits")
    if not all(1 <= one <= LONGEST_WAIT.total_seconds() for one in waits):
        raise RetryNotUsable(f"each wait is between 1 second and {LONGEST_WAIT.days} days")
    if sum(waits) > LONGEST_RETRYING.total_seconds():
        raise RetryNotUsable(f"together the waits are at most {LONGEST_RETRYING.days} days")
