"""What ArqSIGN promises about delivery: fourteen attempts in five days, to the minute."""

from __future__ import annotations

from dataclasses import replace

from lacre.webhooks.promise import Promise, waits_of

# attempts at 0, 5, 15, 30 min, 1, 2, 4, 8, 16 h, 1, 2, 3, 4, 5 days
PROMISE = Promise(
    waits=waits_of("5m 10m 15m 30m 1h 2h 4h 8h 8h 24h 24h 24h 24h"),
    deadline_seconds=100.0,
    only_200=True,
    stops_at=frozenset({401, 403, 404}),
    jitter=0.0,
    user_agent="Lacre (ArqSIGN)",
    stops_type_at_end=True,
    begins_anew=True,
    on_schedule=True,
)
UNANSWERED = replace(PROMISE, silence_is_success=True)
"""Where no answer is waited for: one that does not come in time is no failure."""
