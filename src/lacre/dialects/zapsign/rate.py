"""500 requests a minute, per valid token or else per address, in windows of one minute, as they promise."""

from __future__ import annotations

from datetime import datetime

from lacre.dialects.zapsign.errors import Declined
from lacre.kit.pace import Allowance
from lacre.services import Services

PER_MINUTE = 500
ALLOWED = (Allowance(most=PER_MINUTE, seconds=60),)


def count(services: Services, who: str, *, now: datetime) -> None:
    """Raises 429 for the request that is one too many."""
    left = services.turnstile.enter(f"zapsign {who}", ALLOWED, now=now)
    if left is not None:
        text = f"Pedido foi limitado. Disponível em {left} segundos."
        raise Declined(429, text, headers={"Retry-After": str(left)})
