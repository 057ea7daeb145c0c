"""What IDEXA promises about delivery: nothing that is written down; so it is what we promise ourselves."""

from __future__ import annotations

from lacre.webhooks.promise import Promise, waits_of

PROMISE = Promise(
    waits=waits_of("5s 5m 30m 2h 5h 10h 14h 20h 24h"),
    deadline_seconds=30.0,
    user_agent="Lacre (IDEXA)",
)
