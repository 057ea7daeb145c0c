"""How an endpoint fares: when it rests, when its owner is told, when it is paused, when all is well again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum, auto

from lacre.kit.times import CLOCKS_APART, scaled

STRIKES = 5
"""Attempts in a row that found nobody: then it rests."""
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
REST_JITTER = 0.1
"""Each rest is longer by up to this share."""
TOLD_AFTER, TOLD_FAILURES = timedelta(minutes=1), 4
"""A restart or a hiccup of the receiver is nobody's news."""
MAILED_AFTER = timedelta(hours=1)
PAUSED_AFTER, PAUSED_FAILURES = timedelta(days=5), 10

_BUSY = frozenset({408, 425, 429})
OUR_OWN_FAULTS = frozenset({"wording_failed", "file_unreadable"})
"""Reasons that say nothing about the receiver."""


class Sign(StrEnum):
    """What one attempt says about the endpoint, whatever it means for its delivery."""

    GOOD = auto()
    REFUSED = auto()
    """Somebody is there and answers, but does not take it: only resting would not help."""
    DOWN = auto()
    """Nobody answered, or it cannot cope: the next one would fare no better."""
    GONE = auto()
    """It asks never to be told again."""


class News(StrEnum):
    """What its owner hears about an endpoint, each once an episode."""

    FAILING = auto()
    STILL_FAILING = auto()
    PAUSED = auto()
    RECOVERED = auto()


class Told(IntEnum):
    NOTHING = 0
    FAILING = 1
    STILL_FAILING = 2


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One attempt, as its endpoint's health sees it."""

    sign: Sign
    at: datetime
    """When it began: whoever left before a rest comes back during it, and is no probe."""
    status_code: int | None = None
    reason: str = ""
    by_type: bool = False
    """Its promise gives events up type by type: that it failed for long never pauses the endpoint itself."""
    of_news: bool = False
    """It told of the health of another endpoint. Its failure is no news: two that fail would never end."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """Nothing but zeros while all is well."""

    failures: int = 0
    """Attempts that failed in a row."""
    since: datetime | None = None
    """When the first of them began."""
    strikes: int = 0
    """Those at the end of them, in a row, that found nobody."""
    rests: int = 0
    """In a row."""
    rest_until: datetime | None = None
    """From then on there may be one attempt at a time, until one finds somebody."""
    told: Told = Told.NOTHING
    resumed: bool = False
    """Somebody resumed it, and waits to hear that it works."""
    paused_at: datetime | None = None
    """When we paused it."""
    last_status_code: int | None = None
    last_reason: str = ""

    @property
    def well(self) -> bool:
        return self == WELL

    @property
    def fails(self) -> bool:
        """More than a hiccup."""
        return self.failures >= TOLD_FAILURES

    def after_resuming(self) -> Health:
        """As if nothing had happened; but who resumes what was failing hears when it works."""
        return Health(resumed=self.fails or self.resumed or self.paused_at is not None)


WELL = Health()


@dataclass(frozen=True, kw_only=True)
class Judgment:
    health: Health
    news: tuple[News, ...] = ()


def sign_of(*, ok: bool, status_code: int | None, reason: str, gone: bool) -> Sign | None:
    """`None` when the attempt says nothing about the endpoint, since the fault is ours."""
    if ok:
        return Sign.GOOD
    if gone:
        return Sign.GONE
    if reason in OUR_OWN_FAULTS:
        return None
    answered = not reason and status_code is not None
    if answered and (status_code or 0) < 500 and status_code not in _BUSY:
        return Sign.REFUSED
    return Sign.DOWN


def judge(health: Health, heard: Iterable[Heard], *, now: datetime, scale: float, roll: float) -> Judgment:
    """In the order in which the attempts ended; `roll`, in [0, 1), spreads the rests."""
    news: list[News] = []
    for one in heard:
        if health.paused_at is not None:
            break
        if one.sign is Sign.GOOD:
            news += _recovery(health)
            health = WELL
        else:
            health = _failed(health, one, now=now, scale=scale, roll=roll)
            due = _due_news(health, one, now=now, scale=scale)
            health = _told(health, due, now)
            news += due
    return Judgment(health=health, news=tuple(news))


def _recovery(health: Health) -> list[News]:
    return [News.RECOVERED] if health.resumed or health.told else []


def _failed(health: Health, one: Heard, *, now: datetime, scale: float, roll: float) -> Health:
    counted = replace(
        health,
        failures=health.failures + 1,
        since=health.since or one.at,
        last_status_code=one.status_code,
        last_reason=one.reason,
    )
    if one.sign is not Sign.DOWN:
        return replace(counted, strikes=0, rests=0, rest_until=None)
    struck = replace(counted, strikes=health.strikes + 1)
    if not _begins_rest(struck, one, scale):
        return struck
    rests = struck.rests + 1
    return replace(struck, rests=rests, rest_until=now + scaled(rest(rests, roll), scale))


def _begins_rest(health: Health, one: Heard, scale: float) -> bool:
    if health.rest_until is None:
        return health.strikes >= STRIKES
    return not is_resting(health.rest_until, one.at, scale=scale)


def is_resting(rest_until: datetime, now: datetime, *, scale: float) -> bool:
    """Not if it ends so far ahead that its clock was set back since."""
    return now < rest_until <= now + longest_rest(scale)


def longest_rest(scale: float) -> timedelta:
    """As the clocks of different machines see it."""
    return scaled(LONGEST_REST * (1 + REST_JITTER), scale) + CLOCKS_APART


def rest(rests: int, roll: float) -> timedelta:
    """The how-manieth in a row."""
    # held down: 5 s × 2⁶ is past the longest
    doubled: int = 2 ** min(rests - 1, 6)
    return min(FIRST_REST * doubled, LONGEST_REST) * (1 + REST_JITTER * roll)


def _due_news(health: Health, one: Heard, *, now: datetime, scale: float) -> list[News]:
    lasted = now - (health.since or now)
    for_long = health.failures >= PAUSED_FAILURES and lasted >= scaled(PAUSED_AFTER, scale)
    if one.sign is Sign.GONE or (for_long and not one.by_type):
        return [News.PAUSED]
    if not health.fails or one.of_news:
        return []
    due = [] if health.told or lasted < scaled(TOLD_AFTER, scale) else [News.FAILING]
    if health.told < Told.STILL_FAILING and lasted >= scaled(MAILED_AFTER, scale):
        due.append(News.STILL_FAILING)
    return due


def _told(health: Health, news: Iterable[News], now: datetime) -> Health:
    for one in news:
        if one is News.PAUSED:
            health = replace(health, paused_at=now, rest_until=None)
        else:
            health = replace(health, told=Told[one.name])
    return health
