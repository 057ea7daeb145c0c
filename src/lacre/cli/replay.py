"""`lacre replay`: tell the endpoints again of what happened."""

from __future__ import annotations

from datetime import datetime

import click

from lacre.cli.installation import installation
from lacre.kit.ids import without_prefix
from lacre.kit.jobs import Job
from lacre.kit.json import Json
from lacre.kit.times import parse_rfc3339, rfc3339
from lacre.webhooks.replaying import REPLAY


class Instant(click.ParamType[datetime]):
    """An RFC 3339 instant such as 2026-11-20T12:00:00Z."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return parse_rfc3339(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an instant with a zone, like 2026-11-20T12:00:00Z", param, ctx)


@click.command()
@click.option("--since", type=Instant(), required=True, help="Events from then on.")
@click.option("--until", type=Instant(), help="Events before then; by default up to now.")
@click.option("--endpoint", default="", help="Only to this endpoint (ep_…).")
@click.option("--only-failed", is_flag=True, help="Only what never arrived.")
def replay(since: datetime, until: datetime | None, endpoint: str, only_failed: bool) -> None:
    """Queue past events again; the worker delivers them."""
    endpoint_id = without_prefix("ep", endpoint) if endpoint else None
    if endpoint and endpoint_id is None:
        raise click.BadParameter(f"{endpoint} is no endpoint's id (ep_…)", param_hint="--endpoint")
    with installation() as opened, opened.services.open_work() as work:
        now = opened.services.clock()
        payload: dict[str, Json] = {
            "since": rfc3339(since),
            "until": rfc3339(until or now),
            "endpoint_id": endpoint_id,
            "only_failed": only_failed,
        }
        name = opened.services.tokens.uuid()
        work.jobs.add(Job(kind=REPLAY, key=name, due_at=now, payload=payload))
    click.echo(f"Replay {name} is queued; the worker's log tells how far it is.")
