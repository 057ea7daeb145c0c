"""`lacre replay`: tell the endpoints again of what happened."""

from __future__ import annotations

from datetime import datetime

import click

from lacre.cli.installation import installation
from lacre.kit.times import parse_rfc3339


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
    with installation() as opened:
        count = opened.replay(since=since, until=until, endpoint=endpoint, only_failed=only_failed)
    click.echo(f"{count} deliveries queued again.")
