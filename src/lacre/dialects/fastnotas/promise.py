"""What Fast Notas promises about delivery: fifteen retries in about 48 hours; the exact waits are ours."""

from __future__ import annotations

from lacre.webhooks.promise import Promise, waits_of

PROMISE = Promise(
    # 48 h and a minute together
    waits=waits_of("10s 20s 40s 1m 2m 4m 8m 15m 30m 1h 2h 4h 6h 12h 22h"),
    deadline_seconds=20.0,
    only_200=False,
    stops_at=frozenset(),  # 410 is no special answer there
    user_agent="Fast-Notas-Hookshot/1.0",
)
