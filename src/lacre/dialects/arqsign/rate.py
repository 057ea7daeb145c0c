"""Four requests a second and 240 a minute for each AppKey, as their largest plan has it."""

from __future__ import annotations

from datetime import datetime

from lacre.dialects.arqsign.errors import TOO_FAST, Declined
from lacre.kit.pace import Allowance
from lacre.services import Services

PER_SECOND, PER_MINUTE = 4, 240
ALLOWED = (Allowance(most=PER_SECOND, seconds=1), Allowance(most=PER_MINUTE, seconds=60))


def count(services: Services, who: str, *, now: datetime) -> None:
    """Raises 429 for the request that is one too many; that one is not counted."""
    left = services.turnstile.enter(f"arqsign {who}", ALLOWED, now=now)
    if left is not None:
        raise Declined(429, TOO_FAST.format(left), headers={"Retry-After": str(left)})
