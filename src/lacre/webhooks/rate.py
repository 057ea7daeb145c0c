"""How many attempts an endpoint takes in a time, and how many it may be sent now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from lacre.kit.times import CLOCKS_APART
from lacre.webhooks.errors import RateNotUsable

MOST_COUNT = 10_000
LONGEST_SECONDS = 86_400
AT_ONCE = timedelta(milliseconds=500)
"""As much as comes together in this time may go at once: twice the time between looks of a worker."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """`count` attempts in `seconds`, spread evenly over them."""

    count: int
    seconds: int = 1

    def __str__(self) -> str:
        return f"{self.count}/{self.seconds}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The inverse of `str`."""
        count, seconds = text.split("/")
        return cls(count=int(count), seconds=int(seconds))

    @property
    def apart(self) -> timedelta:
        """From one to the next; rounded so that it is never too often."""
        return timedelta(microseconds=-(self.seconds * -1_000_000 // self.count))

    @property
    def at_once(self) -> int:
        return max(1, AT_ONCE // self.apart)

    @property
    def longest_ahead(self) -> timedelta:
        """As much may be booked, and no more."""
        return self.at_once * self.apart


def check_rate(rate: Rate) -> None:
    if not 1 <= rate.count <= MOST_COUNT:
        raise RateNotUsable(f"1 to {MOST_COUNT} attempts")
    if not 1 <= rate.seconds <= LONGEST_SECONDS:
        raise RateNotUsable(f"in 1 to {LONGEST_SECONDS} seconds")


def allowed(rate: Rate, booked_until: datetime, now: datetime) -> int:
    """How many may go now, when all that went before them fills the time until `booked_until`."""
    ahead = max(booked_until - now, timedelta())
    return max(0, rate.at_once - -(-ahead // rate.apart))


def believed(rate: Rate, booked_until: datetime, now: datetime) -> datetime:
    """What was booked; by a clock that was set back since, as much as may be: so the rate holds."""
    most = now + rate.longest_ahead
    return most if booked_until > most + CLOCKS_APART else booked_until


def booked(rate: Rate, booked_until: datetime, now: datetime, *, taken: int) -> datetime:
    """What they fill together with these."""
    return max(booked_until, now) + taken * rate.apart


def free_at(rate: Rate, booked_until: datetime) -> datetime:
    """From when on at least one more may go."""
    return booked_until - (rate.at_once - 1) * rate.apart


def is_free(rate: Rate, free_at: datetime, now: datetime) -> bool:
    """Or so far ahead that it was booked by a clock that was set back since."""
    return free_at <= now or free_at > now + rate.apart + CLOCKS_APART
