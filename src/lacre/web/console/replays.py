"""Replays: chosen and counted, begun, watched, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from starlette.routing import BaseRoute

from lacre.kit.ids import EndpointId, ReplayId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.kit.times import BRASILIA, parse_rfc3339, rfc3339
from lacre.web.console import notes
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.envelopes import seen
from lacre.web.console.said import Said
from lacre.web.console.words import EVENTS
from lacre.webhooks import replaying
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.replay import Replay, Scope, Wanted

NEW = "/app/replays/new"
SPANS: Mapping[str, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
EVER = "ever"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
MOST_LISTED = 25


class SpanUnreadable(Refusal):
    __doc__ = notes.SPAN_UNREADABLE


@dataclass(frozen=True)
class Replays:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = "/app/replays/{id}"
        return [
            self.door.page("/app/replays", index),
            self.door.page(NEW, new),
            self.door.act(NEW, create),
            self.door.page(one, show),
            self.door.act(f"{one}/stop", stop),
        ]


@dataclass(frozen=True, kw_only=True)
class ReplayRow:
    replay: Replay
    endpoint: Endpoint | None
    """Nothing when it goes to all, or when that was deleted."""


def index(visit: Visit) -> Answer:
    after = as_uuid(visit.asked("after"))
    last = ReplayId(after) if after else None
    found = visit.work.replays.find(visit.account_id, after=last, limit=MOST_LISTED + 1)
    endpoints = _endpoints(visit)
    rows = [_row(one, endpoints) for one in found[:MOST_LISTED]]
    return Page("console/replays.html", {"rows": rows, "more": len(found) > MOST_LISTED})


def new(visit: Visit) -> Answer:
    """What can be chosen, and how much that would be now."""
    asked = {name: visit.asked(name) for name in ("scope", "span", "day", "endpoint", "document")}
    types = tuple(one for one in visit.request.query_params.getlist("types") if one in EVENTS)
    since = _since(asked, visit.now)
    wanted = _wanted(visit, asked, since, types)
    counted = replaying.preview(
        visit.work, visit.account_id, wanted, wordings=visit.services.wordings, now=visit.now
    )
    values = {
        "asked": {**asked, "scope": wanted.scope.value, "span": asked["span"] or "day"},
        "wanted": wanted,
        "since": rfc3339(since),
        "counted": counted,
        "endpoints": list(_endpoints(visit).values()),
        "endpoint": _endpoints(visit).get(wanted.endpoint_id or EndpointId("")),
        "document": _title(visit, wanted),
        "most": replaying.MOST_COUNTED,
        "looks": replaying.MOST_LOOKED,
    }
    return Page("console/replay_new.html", values)


def create(visit: Visit) -> Answer:
    asked = {name: visit.typed(name) for name in ("scope", "endpoint", "document")}
    types = tuple(str(one) for one in visit.form.getlist("types") if one in EVENTS)
    try:
        since = parse_rfc3339(visit.typed("since"))
    except ValueError:
        raise SpanUnreadable from None
    wanted = _wanted(visit, asked, since, types)
    begun = replaying.ask(visit.work, visit.account_id, wanted, by=visit.visitor.user.email, now=visit.now)
    page = f"/app/replays/{begun.id}"
    said = notes.REPLAY_BEGUN if begun.created_at == visit.now else notes.REPLAY_RUNS
    return Goto(page, Said(words=said, undo=f"{page}/stop"))


def show(visit: Visit) -> Answer:
    replay = visit.work.replays.glance(ReplayId(visit.named()))
    if replay.account_id != visit.account_id:
        raise NotFound("replay")
    row = _row(replay, _endpoints(visit))
    return Page("console/replay.html", {"row": row, "document": _title(visit, replay.wanted)})


def stop(visit: Visit) -> Answer:
    replay = replaying.stop(visit.work, visit.account_id, ReplayId(visit.named()), now=visit.now)
    return Goto(f"/app/replays/{replay.id}", Said(words=notes.REPLAY_STOPPED))


def _wanted(visit: Visit, asked: Mapping[str, str], since: datetime, types: tuple[str, ...]) -> Wanted:
    endpoint, document = as_uuid(asked["endpoint"]), as_uuid(asked["document"])
    if endpoint is not None:
        visit.work.endpoints.get(visit.account_id, EndpointId(endpoint))
    return Wanted(
        since=since,
        types=types,
        subject_id=document,
        endpoint_id=EndpointId(endpoint) if endpoint else None,
        scope=Scope(asked["scope"]) if asked["scope"] in set(Scope) else Scope.FAILED,
    )


def _since(asked: Mapping[str, str], now: datetime) -> datetime:
    """A day, if one is named: from its beginning in Brasília."""
    try:
        day = date.fromisoformat(asked["day"])
    except ValueError:
        return BEGINNING if asked["span"] == EVER else now - SPANS.get(asked["span"], SPANS["day"])
    return max(datetime.combine(day, time.min, tzinfo=BRASILIA).astimezone(UTC), BEGINNING)


def _endpoints(visit: Visit) -> Mapping[EndpointId, Endpoint]:
    return {one.id: one for one in visit.work.endpoints.of_account(visit.account_id)}


def _row(replay: Replay, endpoints: Mapping[EndpointId, Endpoint]) -> ReplayRow:
    return ReplayRow(replay=replay, endpoint=endpoints.get(replay.wanted.endpoint_id or EndpointId("")))


def _title(visit: Visit, wanted: Wanted) -> str:
    """Of the document that it is narrowed to."""
    if wanted.subject_id is None:
        return ""
    try:
        return seen(visit, wanted.subject_id).title
    except NotFound:
        return ""
