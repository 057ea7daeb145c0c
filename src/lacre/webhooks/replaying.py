"""Telling again, page by page: a replay can end anywhere, go on, and never doubles what is on its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, ReplayId
from lacre.kit.jobs import Job
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.replay import (
    Again,
    Count,
    Glimpse,
    Replay,
    ReplayStatus,
    Scope,
    Told,
    Wanted,
    is_meant,
)
from lacre.webhooks.repositories import WebhookWork
from lacre.webhooks.wording import Wording

REPLAY = "webhooks.replay"
PAGE = 1_000
"""Events looked at in one transaction; fewer when many endpoints may hear them."""
MOST_PAIRS = 5_000
"""Of an event and an endpoint, in one transaction: others wait for it."""
MOST_COUNTED = 10_000
"""What a preview counts exactly."""
MOST_LOOKED = 100_000
"""Events that a preview looks at, however few of them are wanted."""
MOST_TOTALLED = 1_000_000
"""Events that are counted before a replay begins: an index is read for it."""

LAST_POSITION = 32_767
"""What the tables can hold; those after it go out in any order."""

Wordings = Mapping[str, Wording]
Pair = tuple[KeptEvent, Endpoint]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be made, and what is on its way already."""

    new: list[Again] = field(default_factory=list)
    under_way: list[DeliveryId] = field(default_factory=list)
    hurried: list[DeliveryId] = field(default_factory=list)
    """Of those under way, what waits for later and goes out now instead."""
    events: set[EventId] = field(default_factory=set)


def ask(work: WebhookWork, account_id: AccountId, wanted: Wanted, *, by: str, now: datetime) -> Replay:
    """A new one, which the worker goes through; or the one that runs already, if the same was asked."""
    if wanted.endpoint_id is not None:
        work.endpoints.get(account_id, wanted.endpoint_id)
    total = work.replays.events_in(account_id, wanted, now, most=MOST_TOTALLED + 1)
    known = total if total <= MOST_TOTALLED else None
    replay = work.replays.add(account_id, wanted, by=by, total=known, now=now)
    _go_on_later(work, replay, now)
    return replay


def stop(work: WebhookWork, account_id: AccountId, replay_id: ReplayId, *, now: datetime) -> Replay:
    """No page follows, and what it made and nobody tried yet is taken back. May be repeated."""
    replay = work.replays.get(account_id, replay_id)
    if replay.running:
        replay.status, replay.finished_at = ReplayStatus.STOPPED, now
        work.replays.save(replay)
        _go_on_later(work, replay, now)
    return replay


def turn_page(
    work: WebhookWork, replay: Replay, *, wordings: Wordings, now: datetime, most: int = PAGE
) -> None:
    """Its place and what it makes commit together; the job for the next page too."""
    match replay.status:
        case ReplayStatus.RUNNING:
            more = _tell_page(work, replay, wordings, now, most)
        case ReplayStatus.STOPPED:
            taken = work.replays.take_back(replay, limit=most)
            replay.deliveries -= taken
            more = taken > 0
        case ReplayStatus.DONE:
            more = False
    work.replays.save(replay)
    if more:
        _go_on_later(work, replay, now)


def preview(
    work: WebhookWork,
    account_id: AccountId,
    wanted: Wanted,
    *,
    wordings: Wordings,
    now: datetime,
    most: int = MOST_COUNTED,
    looks: int = MOST_LOOKED,
) -> Count:
    """What `ask` would make; beyond `most`, or after as many `looks`, at least how much."""
    audience, events, made, hurried, looked = _audience(work, account_id, wanted), 0, 0, 0, 0
    for glimpses in _looks(work, account_id, wanted, audience, now, looks):
        planned = _plan(work, account_id, glimpses, wanted, audience, wordings, now)
        events, made = events + len(planned.events), made + len(planned.new)
        hurried, looked = hurried + len(planned.hurried), looked + len(glimpses)
        if max(made, hurried) > most or looked >= looks:
            return Count(events=events, deliveries=made, hurried=hurried, exact=False)
    return Count(events=events, deliveries=made, hurried=hurried)


def tell_again(work: WebhookWork, account_id: AccountId, pairs: Iterable[Pair], *, now: datetime) -> int:
    """At once and before retries, in this order; how many are on their way, with those that were anyway."""
    asked = list(pairs)
    work.replays.take_turn(account_id)
    told = work.replays.told(account_id, {kept.id for kept, _ in asked})
    planned = _sorted_out(asked, told, now)
    work.replays.tell_again(account_id, planned.new, now=now)
    work.replays.hurry(account_id, planned.hurried, now=now)
    return len(planned.new) + len(planned.under_way)


def listening(
    work: WebhookWork, account_id: AccountId, events: Iterable[KeptEvent], wordings: Wordings
) -> Iterator[Pair]:
    """Whoever listens to these events today."""
    endpoints = work.endpoints.of_account(account_id)
    for kept in events:
        for endpoint in endpoints:
            if wordings[endpoint.dialect].listens(endpoint, kept.event):
                yield kept, endpoint


class Audience:
    """The endpoints that a replay may tell; those of one document are looked up, not gone through."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._by_subject: dict[str | None, list[Endpoint]] = defaultdict(list)
        for endpoint in endpoints:
            self._by_subject[endpoint.subject_id].append(endpoint)

    def about(self, subject_id: str) -> Sequence[Endpoint]:
        return [*self._by_subject.get(None, ()), *self._by_subject.get(subject_id, ())]

    @property
    def page(self) -> int:
        """How many events to look at in one transaction; none when nobody is there to hear."""
        everywhere = len(self._by_subject.get(None, ()))
        return max(1, min(PAGE, MOST_PAIRS // max(1, everywhere))) if self._by_subject else 0


def _tell_page(work: WebhookWork, replay: Replay, wordings: Wordings, now: datetime, most: int) -> bool:
    """Whether there are more."""
    audience = _audience(work, replay.account_id, replay.wanted)
    page = min(audience.page, most)
    glimpses = work.replays.look(
        replay.account_id, replay.wanted, replay.until, after=replay.last, limit=page
    )
    planned = _plan(work, replay.account_id, glimpses, replay.wanted, audience, wordings, now)
    replay.deliveries += work.replays.tell_again(replay.account_id, planned.new, now=now, replay_id=replay.id)
    replay.hurried += work.replays.hurry(replay.account_id, planned.hurried, now=now)
    replay.events += len(glimpses)
    if glimpses:
        replay.last = glimpses[-1].place
    more = 0 < page == len(glimpses)
    if not more:
        replay.status, replay.finished_at = ReplayStatus.DONE, now
    return more


def _looks(
    work: WebhookWork, account_id: AccountId, wanted: Wanted, audience: Audience, now: datetime, looks: int
) -> Iterator[Sequence[Glimpse]]:
    """The same events as in the pages; of failures and of certain types, while they are few, those alone."""
    until, page = wanted.until or now, audience.page
    if not page:
        return
    found = None
    if wanted.scope is Scope.FAILED:
        found = work.replays.failures(account_id, wanted, until, most=looks)
    elif wanted.types:
        found = work.replays.of_types(account_id, wanted, until, most=min(looks, MOST_COUNTED))
    if found is not None:
        yield from (found[begin : begin + page] for begin in range(0, len(found), page))
        return
    after = None
    while glimpses := work.replays.look(account_id, wanted, until, after=after, limit=page):
        yield glimpses
        after = glimpses[-1].place


def _audience(work: WebhookWork, account_id: AccountId, wanted: Wanted) -> Audience:
    endpoints = work.endpoints.of_account(account_id)
    return Audience(one for one in endpoints if wanted.endpoint_id in (None, one.id))


def _plan(
    work: WebhookWork,
    account_id: AccountId,
    glimpses: Sequence[Glimpse],
    wanted: Wanted,
    audience: Audience,
    wordings: Wordings,
    now: datetime,
) -> Plan:
    typed = [one for one in glimpses if not wanted.types or one.type in wanted.types]
    told = work.replays.told(account_id, {one.id for one in typed})
    meant = [
        (one.id, endpoint)
        for one in typed
        for endpoint in audience.about(one.subject_id)
        if is_meant(told.get((one.id, endpoint.id)), wanted.scope)
    ]
    events = work.replays.named(account_id, {event_id for event_id, _ in meant})
    # an event may have come to the end of its keeping since it was looked at
    pairs = [(events[event_id], endpoint) for event_id, endpoint in meant if event_id in events]
    heard = [
        (kept, endpoint)
        for kept, endpoint in pairs
        if wordings[endpoint.dialect].listens(endpoint, kept.event)
    ]
    return _sorted_out(heard, told, now)


def _sorted_out(
    pairs: Iterable[Pair], told: Mapping[tuple[EventId, EndpointId], Told], now: datetime
) -> Plan:
    """What is on its way already is not made twice."""
    planned = Plan()
    for kept, endpoint in pairs:
        before = told.get((kept.id, endpoint.id))
        planned.events.add(kept.id)
        if before is not None and before.open is not None:
            planned.under_way.append(before.open)
            if before.due_at is not None and before.due_at > now:
                planned.hurried.append(before.open)
        else:
            planned.new.append(
                Again(
                    event_id=kept.id,
                    subject_id=kept.event.subject_id,
                    endpoint=endpoint,
                    replay_of=before.first if before is not None else None,
                    position=min(len(planned.new), LAST_POSITION),
                )
            )
    return planned


def _go_on_later(work: WebhookWork, replay: Replay, now: datetime) -> None:
    # the account as key: of one account, one page at a time; and the pages of several take turns
    whose, payload = replay.account_id, {"replay_id": replay.id}
    work.jobs.add(Job(kind=REPLAY, key=whose, due_at=now, payload=payload, account_id=whose))
