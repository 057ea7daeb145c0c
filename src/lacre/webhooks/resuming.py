"""What waited for an endpoint that is resumed: all due again, the oldest first, however much it is.

Much of it is made due in steps, each a transaction of its own, and until the last the endpoint rests: what
waits longest would else be overtaken by what was made due before it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lacre.kit.ids import AccountId, EndpointId
from lacre.kit.jobs import HeldJob, Job
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.kit.times import CLOCKS_APART, parse_rfc3339, rfc3339
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.health import STRIKES, Health
from lacre.webhooks.repositories import WebhookWork

RESUME = "webhooks.resume"
AT_ONCE = 2_000
"""Made due in one transaction: others wait for it."""
STEP = CLOCKS_APART
"""So long the endpoint rests at most for the next step; whatever keeps that, it goes on then."""


def send_all(work: WebhookWork, endpoint: Endpoint, *, anew: bool, now: datetime) -> None:
    """`anew`: earlier attempts count no more."""
    _go_on(work, endpoint, anew=anew, since=None, now=now)


def step(work: WebhookWork, job: HeldJob, *, now: datetime) -> None:
    """Done twice, it takes two steps: what is due already is not made due again."""
    said = job.payload
    try:
        endpoint = work.endpoints.get(AccountId(str(said["account_id"])), EndpointId(job.key))
    except NotFound:
        # it was deleted meanwhile
        return
    _go_on(work, endpoint, anew=bool(said["anew"]), since=parse_rfc3339(str(said["since"])), now=now)


def _go_on(
    work: WebhookWork, endpoint: Endpoint, *, anew: bool, since: datetime | None, now: datetime
) -> None:
    reached = work.health.send_all(endpoint.id, anew=anew, since=since, limit=AT_ONCE)
    if reached is not None:
        whose = endpoint.account_id
        said: dict[str, Json] = {"account_id": whose, "anew": anew, "since": rfc3339(reached)}
        work.jobs.add(Job(kind=RESUME, key=endpoint.id, due_at=now, payload=said, account_id=whose))
        work.health.keep({endpoint.id: replace(endpoint.health, rest_until=now + STEP)})
    elif since is not None:
        work.health.keep({endpoint.id: _awake(endpoint.health)})


def _awake(health: Health) -> Health:
    """Unless nobody was found there meanwhile."""
    return health if health.strikes >= STRIKES else replace(health, rest_until=None)
