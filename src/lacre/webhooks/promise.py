"""What a dialect promises about delivery, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


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
    jitter: float = 0.1
    """Each wait is longer by up to this share."""
    user_agent: str = "Lacre"
