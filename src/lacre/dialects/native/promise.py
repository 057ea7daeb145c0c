"""What our own webhooks promise: ten attempts within three days and four hours."""

from __future__ import annotations

from datetime import timedelta

from lacre.webhooks.promise import Promise

PROMISE = Promise(
    waits=(
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    ),
    deadline_seconds=20.0,
    # Standard Webhooks: any 2xx is success, and 410 means "never again"
    only_200=False,
    stops_at=frozenset({410}),
    user_agent="Lacre",
)
