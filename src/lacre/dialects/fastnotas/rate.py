"""120 requests a minute for each company, told with every answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lacre.dialects.fastnotas.errors import TOO_FAST, Declined
from lacre.kit.pace import Allowance
from lacre.services import Services

PER_MINUTE = 120
ALLOWED = Allowance(most=PER_MINUTE, seconds=60)


@dataclass(frozen=True)
class Standing:
    """How much of this minute is left."""

    remaining: int
    reset: int
    """Seconds since 1970."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {
            "Rate-Limit-Limit": str(PER_MINUTE),
            "Rate-Limit-Remaining": str(self.remaining),
            "Rate-Limit-Reset": str(self.reset),
        }


def count(services: Services, who: str, *, now: datetime) -> Standing:
    """Raises 429 for the request that is one too many; that one is not counted."""
    counted, reset = f"fastnotas {who}", int(now.timestamp()) + ALLOWED.left(now)
    left = services.turnstile.enter(counted, (ALLOWED,), now=now)
    if left is not None:
        full = Standing(remaining=0, reset=reset).headers
        raise Declined(429, TOO_FAST.format(left), headers={**full, "Retry-After": str(left)})
    return Standing(remaining=services.turnstile.remaining(counted, ALLOWED, now=now), reset=reset)
