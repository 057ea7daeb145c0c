"""`lacre replay`: tell the endpoints again of what happened."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import sleep

import click

from lacre.cli.installation import installation
from lacre.dialects.native import words
from lacre.kit.ids import AccountId, EndpointId, with_prefix, without_prefix
from lacre.kit.times import parse_rfc3339
from lacre.services import Services, Work
from lacre.webhooks import replaying
from lacre.webhooks.filters import EventFilter
from lacre.webhooks.replay import Count, Replay, ReplayStatus, Scope, Wanted

LOOK_SECONDS = 0.5
INTERRUPTED = 130
_WIDTH = 30


class Instant(click.ParamType[datetime]):
    """An RFC 3339 instant such as 2026-11-20T12:00:00Z."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return parse_rfc3339(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an instant with a zone, like 2026-11-20T12:00:00Z", param, ctx)


class EventType(click.ParamType[str]):
    """As our API calls it: signer.signed."""

    name = "type"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if str(value) not in words.EVENTS:
            self.fail(f"there is no event type {value}, such as signer.signed", param, ctx)
        return words.EVENTS[str(value)]


class Shown(click.ParamType[str]):
    """An id as the API shows it, with the prefix of its kind."""

    name = "id"

    def __init__(self, prefix: str, what: str) -> None:
        self._prefix, self._what = prefix, what

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        found = without_prefix(self._prefix, str(value))
        if found is None:
            self.fail(f"{value} is no {self._what}'s id ({self._prefix}_…)", param, ctx)
        return found


@click.command()
@click.option("--since", type=Instant(), required=True, help="Events from then on.")
@click.option("--until", type=Instant(), help="Events before then; by default up to now.")
@click.option("--endpoint", type=Shown("ep", "endpoint"), help="Only to this endpoint (ep_…).")
@click.option("--envelope", type=Shown("env", "envelope"), help="Only of this envelope (env_…).")
@click.option("--extraction", type=Shown("ext", "extraction"), help="Only of this document read (ext_…).")
@click.option("--invoice", type=Shown("inv", "invoice"), help="Only of this invoice (inv_…).")
@click.option("--type", "types", type=EventType(), multiple=True, help="Only this type; may be repeated.")
@click.option("--only-failed", is_flag=True, help="Only what was given up or still fails.")
@click.option("--missing", is_flag=True, help="Only what an endpoint never got, because it came later.")
@click.option("--dry-run", is_flag=True, help="Only count what would be sent.")
@click.option("--follow", is_flag=True, help="Show progress until it is done.")
def replay(
    since: datetime,
    until: datetime | None,
    endpoint: str | None,
    envelope: str | None,
    extraction: str | None,
    invoice: str | None,
    types: tuple[str, ...],
    only_failed: bool,
    missing: bool,
    dry_run: bool,
    follow: bool,
) -> None:
    """Queue past events again; the worker delivers them."""
    wanted = Wanted(
        since=since,
        until=until,
        types=types,
        subject_id=_subject_id(envelope, extraction, invoice),
        endpoint_id=EndpointId(endpoint) if endpoint else None,
        scope=_scope(only_failed=only_failed, missing=missing),
    )
    with installation() as opened:
        if dry_run:
            for line in _counted(opened.services, wanted):
                click.echo(line)
        else:
            asked = _ask(opened.services, wanted)
            if follow:
                _follow(opened.services, asked)


def _scope(*, only_failed: bool, missing: bool) -> Scope:
    if only_failed and missing:
        raise click.UsageError("--only-failed and --missing exclude each other.")
    if missing:
        return Scope.MISSING
    return Scope.FAILED if only_failed else Scope.ALL


def _subject_id(*named: str | None) -> str | None:
    subjects = [one for one in named if one is not None]
    if len(subjects) > 1:
        raise click.UsageError("Name one of --envelope, --extraction and --invoice: no event is about two.")
    return subjects[0] if subjects else None


def _ask(services: Services, wanted: Wanted) -> Sequence[Replay]:
    """One replay for each account that it concerns."""
    with services.open_work() as work:
        now = services.clock()
        asked = [replaying.ask(work, one, wanted, by="cli", now=now) for one in _accounts(work, wanted)]
    for one in asked:
        state = "is queued" if one.created_at == now else "runs already"
        click.echo(f"Replay {with_prefix('rpl', one.id)} {state}; the worker makes its deliveries.")
    if not asked:
        click.echo("Nobody listens: there is nothing to replay.")
    return asked


def _counted(services: Services, wanted: Wanted) -> Iterator[str]:
    with services.open_work() as work:
        now = services.clock()
        counts = [
            replaying.preview(work, one, wanted, wordings=services.wordings, now=now)
            for one in _accounts(work, wanted)
        ]
    total = Count(
        events=sum(one.events for one in counts),
        deliveries=sum(one.deliveries for one in counts),
        hurried=sum(one.hurried for one in counts),
        exact=all(one.exact for one in counts),
    )
    more = "" if total.exact else "+"
    yield f"Would be made: {total.deliveries:,}{more} deliveries, of {total.events:,}{more} events."
    if total.hurried:
        yield f"Would go out at once instead of later: {total.hurried:,}{more}."


def _accounts(work: Work, wanted: Wanted) -> Sequence[AccountId]:
    accounts = work.replays.accounts(wanted.endpoint_id)
    if wanted.endpoint_id is not None and not accounts:
        raise click.ClickException("There is no such endpoint.")
    if wanted.subject_id is None:
        return accounts
    of_it = EventFilter(subject_id=wanted.subject_id)
    owners = [one for one in accounts if work.events.search(one, of_it, limit=1)]
    if not owners:
        raise click.ClickException("Of that nothing is known that anybody listens to.")
    return owners


def _follow(services: Services, asked: Sequence[Replay]) -> None:
    try:
        for one in asked:
            _until_over(services, one)
    except KeyboardInterrupt:
        click.echo("\nIt goes on without you; stop it in the console or with the API.")
        sys.exit(INTERRUPTED)


def _until_over(services: Services, asked: Replay) -> None:
    drawn = _Drawn(sys.stderr.isatty())
    while True:
        with services.open_work() as work:
            current = work.replays.glance(asked.id)
        drawn.show(_progress(current))
        if not current.running:
            break
        sleep(LOOK_SECONDS)
    drawn.end()
    over = "done" if current.status is ReplayStatus.DONE else "stopped"
    click.echo(f"Replay {with_prefix('rpl', current.id)} is {over}: {current.deliveries:,} deliveries made.")


def _progress(current: Replay) -> str:
    filled = round(_WIDTH * current.share)
    bar = "█" * filled + "░" * (_WIDTH - filled)
    return f"{bar} {current.share:4.0%}  {current.events:,} events, {current.deliveries:,} deliveries"


@dataclass
class _Drawn:
    """A bar over itself on a terminal; elsewhere nothing, the end is told anyway."""

    terminal: bool

    def show(self, line: str) -> None:
        if self.terminal:
            click.echo(f"\r\033[K{line}", nl=False, err=True)

    def end(self) -> None:
        if self.terminal:
            click.echo(err=True)
