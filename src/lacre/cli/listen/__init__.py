"""`lacre listen`: a developer's events as they come, from a server anywhere, and on to a local address."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

import click

from lacre.cli.listen.feed import Feed, KeyRefused, Unreachable
from lacre.cli.listen.forwarding import Forwarding
from lacre.cli.listen.shown import line, whole
from lacre.cli.listen.web import WebAddress
from lacre.cli.replay import Instant
from lacre.kit.json import JsonObject
from lacre.kit.times import rfc3339

LOCAL = "http://127.0.0.1:8000"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Before the server is asked again that was not there."""


@click.command(short_help="Print what happens as it happens, and forward it.")
@click.option(
    "--url", type=WebAddress(), envvar="LACRE_URL", default=LOCAL, show_default=True, help="The server."
)
@click.option("--api-key", envvar="LACRE_API_KEY", required=True, help="Of its native API; or LACRE_API_KEY.")
@click.option("--forward-to", type=WebAddress(), help="Posts each event there, signed.")
@click.option("--type", "types", multiple=True, metavar="NAME", help="Only this type; may be given again.")
@click.option("--since", type=Instant(), help="Events from then on; by default from now on.")
@click.option("--json", "as_json", is_flag=True, help="Print whole events, one a line.")
def listen(
    url: str,
    api_key: str,
    forward_to: str | None,
    types: Sequence[str],
    since: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Print what happens in your account as it happens, and forward it to an address of this machine.

    The server needs no way to reach this machine: it is asked, and answers when there is something.
    """
    feed = Feed(url.rstrip("/"), api_key, types=types, since=rfc3339(since) if since else "")
    forwarding = Forwarding.to(forward_to) if forward_to else None
    try:
        _begin(feed, forwarding, quietly=as_json)
        for event in _events(feed):
            click.echo(whole(event) if as_json else line(event))
            if forwarding is not None:
                click.echo(f"    → {forwarding.forward(event)}", err=as_json)
    except KeyRefused as refused:
        raise click.ClickException(str(refused)) from refused
    except KeyboardInterrupt:
        click.echo("", err=True)


def _begin(feed: Feed, forwarding: Forwarding | None, *, quietly: bool) -> None:
    """Beside the output, when that is for programs."""
    click.echo(f"Listening to {feed.base}; Ctrl-C ends it.", err=quietly)
    if forwarding is not None:
        click.echo(f"Forwarding to {forwarding.url}, signed with {forwarding.secret}", err=quietly)


def _events(feed: Feed) -> Iterator[JsonObject]:
    """For ever; a server that is away is asked again, and goes on where it was left."""
    pause = FIRST_PAUSE
    while True:
        try:
            events = feed.wait()
        except Unreachable as away:
            if pause == FIRST_PAUSE:
                click.echo(f"The server is away ({away}); asking again.", err=True)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        if pause != FIRST_PAUSE:
            click.echo("The server is back.", err=True)
        pause = FIRST_PAUSE
        yield from events
