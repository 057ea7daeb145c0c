"""What ZapSign promises about delivery, where it says so; where it does not, what we chose."""

from __future__ import annotations

from datetime import timedelta

from lacre.webhooks.promise import Promise, evenly

ATTEMPTS = 30
"""The most that their settings page offers; theirs is a fixed pause between attempts, of minutes.
Here it is chosen in the console, endpoint by endpoint: their API has no word for it."""
PAUSE = timedelta(minutes=5)
"""The pause that their settings page shows first."""

# "must answer 200" they say, and send again otherwise; yet receivers that answer 201, 202 and 204 are
# common among their clients, and sending thirty doubles to those would serve nobody
PROMISE = Promise(
    waits=evenly(PAUSE, ATTEMPTS),
    deadline_seconds=20.0,
    only_200=False,
    stops_at=frozenset(),  # 410 is no special answer there
    user_agent="Lacre (ZapSign)",
)
