"""Endpoints, events and deliveries in memory, for `fake_work`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime, timedelta

from msgspec.structs import replace

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, ReplayId, new_uuid
from lacre.kit.refusal import NotFound
from lacre.webhooks.delivery import Attempt, Delivery, DeliveryStatus, KeptEvent
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.filters import DeliveryFilter, EventFilter
from lacre.webhooks.health import Health
from lacre.webhooks.lane import lane_of
from lacre.webhooks.promise import Terms
from lacre.webhooks.rates import Hour
from lacre.webhooks.replay import Replay
from lacre.webhooks.repositories import NO_CAP, Feed, FeedPage, Held, Listed, Settled
from lacre.webhooks.token import AccessToken


@dataclass
class WebhookRows:
    events: dict[EventId, Event] = field(default_factory=dict)
    endpoints: dict[EndpointId, Endpoint] = field(default_factory=dict)
    deliveries: dict[DeliveryId, Delivery] = field(default_factory=dict)
    holders: dict[DeliveryId, str] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    tokens: dict[EndpointId, tuple[str, AccessToken]] = field(default_factory=dict)
    askers: dict[EndpointId, str] = field(default_factory=dict)
    replays: dict[ReplayId, Replay] = field(default_factory=dict)
    made_by: dict[DeliveryId, ReplayId | None] = field(default_factory=dict)
    terms: dict[AccountId, Terms | None] = field(default_factory=dict)


class FakeEndpoints:
    def __init__(self, rows: WebhookRows) -> None:
        self._rows = rows

    def add(self, endpoint: Endpoint) -> None:
        endpoint.number = len(self._rows.endpoints) + 1
        self.save(endpoint)

    def save(self, endpoint: Endpoint) -> None:
        self._rows.endpoints[endpoint.id] = copy.deepcopy(endpoint)

    def get(self, account_id: AccountId, endpoint_id: EndpointId) -> Endpoint:
        return self._first(lambda one: (one.account_id, one.id) == (account_id, endpoint_id))

    def by_number(self, account_id: AccountId, number: int) -> Endpoint:
        return self._first(lambda one: (one.account_id, one.number) == (account_id, number))

    def agreed(self, account_id: AccountId) -> Terms | None:
        return self._rows.terms.get(account_id)

    def agree(self, account_id: AccountId, terms: Terms | None) -> None:
        self._rows.terms[account_id] = terms

    def of_account(self, account_id: AccountId) -> Sequence[Endpoint]:
        kept = sorted(self._rows.endpoints.values(), key=lambda one: one.number)
        return [copy.deepcopy(one) for one in kept if one.account_id == account_id and not one.deleted_at]

    def _first(self, meant: Callable[[Endpoint], bool]) -> Endpoint:
        for endpoint in self._rows.endpoints.values():
            if meant(endpoint):
                return copy.deepcopy(endpoint)
        raise NotFound("endpoint")


class FakeAccessTokens:
    def __init__(self, rows: WebhookRows) -> None:
        self._rows = rows

    def get(self, endpoint_id: EndpointId, fetched_by: str) -> AccessToken | None:
        by, token = self._rows.tokens.get(endpoint_id, ("", None))
        return token if by == fetched_by else None

    def reserve(self, endpoint_id: EndpointId, worker_id: str, *, now: datetime) -> bool:
        del now
        return self._rows.askers.setdefault(endpoint_id, worker_id) == worker_id

    def keep(self, endpoint_id: EndpointId, worker_id: str, *, fetched_by: str, token: AccessToken) -> None:
        if self._rows.askers.get(endpoint_id) == worker_id:
            self._rows.tokens[endpoint_id] = (fetched_by, token)
            self.free(endpoint_id, worker_id)

    def free(self, endpoint_id: EndpointId, worker_id: str) -> None:
        if self._rows.askers.get(endpoint_id) == worker_id:
            del self._rows.askers[endpoint_id]


class FakeHealthRecords:
    """Kept with the endpoint; nobody judges in memory."""

    def __init__(self, rows: WebhookRows) -> None:
        self._rows = rows

    def keep(self, healths: Mapping[EndpointId, Health]) -> None:
        for endpoint_id, health in healths.items():
            self._rows.endpoints[endpoint_id].health = health

    def try_now(self, endpoint_id: EndpointId, *, now: datetime) -> None:
        health = self._rows.endpoints[endpoint_id].health
        if health.rest_until is not None:
            self.keep({endpoint_id: changed(health, rest_until=min(health.rest_until, now))})

    def send_all(
        self,
        endpoint_id: EndpointId,
        *,
        anew: bool,
        since: datetime | None,  # noqa: ARG002
        limit: int,  # noqa: ARG002
    ) -> None:
        for one in list(self._rows.deliveries.values()):
            if one.endpoint_id == endpoint_id and one.status is DeliveryStatus.WAITING:
                counted = one.attempts if anew else one.forgiven
                self._rows.deliveries[one.id] = replace(one, due_at=one.created_at, forgiven=counted)

    def discard_of_deleted(self, *, since: datetime, limit: int, now: datetime) -> int:  # noqa: ARG002
        return 0

    def discard_waiting(self, *, before: datetime, limit: int, now: datetime) -> int:  # noqa: ARG002
        return 0


class FakeHours:
    def of(self, endpoint_id: EndpointId, *, since: datetime) -> Sequence[Hour]:  # noqa: ARG002
        return ()


class FakeEvents:
    def __init__(self, rows: WebhookRows) -> None:
        self._rows = rows

    def get(self, account_id: AccountId, event_id: EventId) -> KeptEvent:
        event = self._rows.events.get(event_id)
        if event is None or event.account_id != account_id:
            raise NotFound("event")
        return KeptEvent(id=event_id, event=event)

    def of_subject(self, account_id: AccountId, subject_id: str) -> Sequence[KeptEvent]:
        return [kept for kept in self._of(account_id) if kept.event.subject_id == subject_id]

    def find(
        self, account_id: AccountId, *, offset: int, limit: int, since: datetime | None = None
    ) -> Sequence[KeptEvent]:
        found = [kept for kept in self._of(account_id) if since is None or kept.event.at >= since]
        return found[::-1][offset : offset + limit]

    def search(self, account_id: AccountId, which: EventFilter, *, limit: int) -> Sequence[KeptEvent]:
        found = [
            kept
            for kept in self._of(account_id)
            if (not which.types or kept.event.type in which.types)
            and which.subject_id in (None, kept.event.subject_id)
            and (which.since is None or kept.event.at >= which.since)
        ]
        return found[::-1][:limit]

    def _of(self, account_id: AccountId) -> list[KeptEvent]:
        return [
            KeptEvent(id=event_id, event=event)
            for event_id, event in self._rows.events.items()
            if event.account_id == account_id
        ]


class FakeFeed:
    def __init__(self, rows: WebhookRows) -> None:
        self._rows = rows

    def read(self, account_id: AccountId, which: Feed, *, limit: int) -> FeedPage:
        """In the order in which they were announced, from the first."""
        mine = [one for one, event in self._rows.events.items() if event.account_id == account_id]
        left = mine[int(which.after.removeprefix("start") or 0) :][:limit]
        kept = tuple(KeptEvent(id=one, event=self._rows.events[one]) for one in left)
        return FeedPage(events=kept, cursor=str(len(mine)))


class FakeDeliveries:
    """A hold ends when it is settled or released; nobody dies in memory."""

    def __init__(self, rows: WebhookRows) -> None:
        self._rows = rows

    def add(
        self, event_id: EventId, endpoint: Endpoint, *, now: datetime, replay_of: DeliveryId | None
    ) -> DeliveryId:
        delivery = Delivery(
            id=DeliveryId(new_uuid()),
            account_id=endpoint.account_id,
            event_id=event_id,
            endpoint_id=endpoint.id,
            status=DeliveryStatus.WAITING,
            attempts=0,
            created_at=now,
            due_at=now,
            replay_of=replay_of,
        )
        self._rows.deliveries[delivery.id] = delivery
        self.arrange(endpoint)
        return delivery.id

    def put_first(self, delivery_id: DeliveryId, endpoint_id: EndpointId) -> None:
        there = [one for one in self._rows.deliveries.values() if one.endpoint_id == endpoint_id]
        waits = [one.due_at for one in there if one.status is DeliveryStatus.WAITING and not one.attempts]
        first = self._rows.deliveries[delivery_id]
        if waits:
            due_at = min(waits) - timedelta(microseconds=1)
            self._rows.deliveries[delivery_id] = replace(first, due_at=due_at)

    def keep_still(self, account_id: AccountId, endpoint_id: EndpointId) -> None:
        """Nobody else is there."""

    def arrange(self, endpoint: Endpoint) -> None:
        taken: set[str | None] = set()
        for one in self._open(endpoint):
            subject_id = self._rows.events[one.event_id].subject_id
            lane = lane_of(endpoint.id, endpoint.ordering, subject_id)
            if one.status is not DeliveryStatus.HELD:
                behind = lane is not None and lane in taken
                status = DeliveryStatus.QUEUED if behind else DeliveryStatus.WAITING
                self._rows.deliveries[one.id] = replace(one, status=status)
            taken.add(lane)

    def take_up(self, endpoint: Endpoint, *, anew: bool) -> None:
        """Nothing is given up with its type in memory."""

    def promote_stranded(self) -> int:
        return 0

    def claim(
        self,
        worker_id: str,
        *,
        now: datetime,
        limit: int,
        per_endpoint: int,
        per_account: int = NO_CAP,
        lasting: bool = True,
    ) -> Sequence[Held]:
        del per_account, lasting
        held: list[Held] = []
        for delivery in sorted(self._rows.deliveries.values(), key=lambda one: one.due_at):
            endpoint = self._rows.endpoints[delivery.endpoint_id]
            busy = self._busy(endpoint) >= per_endpoint
            if len(held) < limit and _is_due(delivery, endpoint, now) and not busy:
                held.append(self._hold(worker_id, delivery, endpoint))
        return held

    @property
    def missed(self) -> bool:
        return False

    def settle(self, worker_id: str, settled: Sequence[Settled]) -> int:
        mine = [one for one in settled if self._rows.holders.get(one.delivery_id) == worker_id]
        for one in mine:
            self._finish(one)
        return len(mine)

    def release(self, worker_id: str, delivery_ids: Sequence[DeliveryId]) -> None:
        for delivery_id in delivery_ids:
            if self._rows.holders.get(delivery_id) == worker_id:
                self._change(delivery_id, status=DeliveryStatus.WAITING)

    def still_held(self, worker_id: str, delivery_ids: Sequence[DeliveryId]) -> Collection[DeliveryId]:
        return {one for one in delivery_ids if self._rows.holders.get(one) == worker_id}

    def release_strays(self, worker_id: str, in_hand: Collection[DeliveryId]) -> int:
        holders = self._rows.holders.items()
        strays = [one for one, holder in holders if holder == worker_id and one not in in_hand]
        self.release(worker_id, strays)
        return len(strays)

    def get(self, account_id: AccountId, delivery_id: DeliveryId) -> Delivery:
        delivery = self._rows.deliveries.get(delivery_id)
        if delivery is None or delivery.account_id != account_id:
            raise NotFound("delivery")
        return delivery

    def attempts(self, account_id: AccountId, delivery_id: DeliveryId) -> Sequence[Attempt]:
        self.get(account_id, delivery_id)
        return [attempt for attempt in self._rows.attempts if attempt.delivery_id == delivery_id]

    def attempts_at(self, account_id: AccountId, event_id: EventId) -> Sequence[Attempt]:
        mine = {
            one.id
            for one in self._rows.deliveries.values()
            if (one.account_id, one.event_id) == (account_id, event_id)
        }
        return [attempt for attempt in self._rows.attempts if attempt.delivery_id in mine]

    def search(self, account_id: AccountId, which: DeliveryFilter, *, limit: int) -> Sequence[Listed]:
        return self._found(account_id, which)[:limit]

    def count(self, account_id: AccountId, which: DeliveryFilter, *, most: int | None) -> int:
        return len(self._found(account_id, which)[:most])

    def _found(self, account_id: AccountId, which: DeliveryFilter) -> list[Listed]:
        of_account = [one for one in self._rows.deliveries.values() if one.account_id == account_id]
        return [listed for listed in map(self._listed, of_account) if _is_asked(listed, which)][::-1]

    def _open(self, endpoint: Endpoint) -> list[Delivery]:
        """Those in hand first."""
        states = (DeliveryStatus.HELD, DeliveryStatus.WAITING, DeliveryStatus.QUEUED)
        mine = [one for one in self._rows.deliveries.values() if one.endpoint_id == endpoint.id]
        return sorted((one for one in mine if one.status in states), key=lambda one: one.status != states[0])

    def _busy(self, endpoint: Endpoint) -> int:
        return sum(self._rows.deliveries[held].endpoint_id == endpoint.id for held in self._rows.holders)

    def _hold(self, worker_id: str, delivery: Delivery, endpoint: Endpoint) -> Held:
        held = self._change(delivery.id, status=DeliveryStatus.HELD)
        self._rows.holders[delivery.id] = worker_id
        kept = KeptEvent(id=delivery.event_id, event=self._rows.events[delivery.event_id])
        return Held(delivery=held, kept=kept, endpoint=copy.deepcopy(endpoint))

    def _finish(self, one: Settled) -> None:
        self._rows.attempts.append(one.attempt)
        over = one.status in (DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED)
        self._change(
            one.delivery_id,
            status=one.status,
            attempts=one.attempt.number,
            due_at=one.due_at,
            settled_at=one.due_at if over else None,
        )
        self.arrange(self._rows.endpoints[self._rows.deliveries[one.delivery_id].endpoint_id])
        if one.disable_endpoint:
            self._rows.endpoints[one.endpoint_id].status = EndpointStatus.DISABLED

    def _change(self, delivery_id: DeliveryId, **changes: object) -> Delivery:
        self._rows.holders.pop(delivery_id, None)
        changed = replace(self._rows.deliveries[delivery_id], **changes)
        self._rows.deliveries[delivery_id] = changed
        return changed

    def _listed(self, delivery: Delivery) -> Listed:
        event = self._rows.events[delivery.event_id]
        last = next((one for one in self._rows.attempts[::-1] if one.delivery_id == delivery.id), None)
        return Listed(
            delivery=delivery,
            event_type=event.type,
            subject_id=event.subject_id,
            url=self._rows.endpoints[delivery.endpoint_id].url,
            endpoint_status=self._rows.endpoints[delivery.endpoint_id].status,
            last_status_code=last.status_code if last else None,
            last_reason=last.reason if last else "",
        )


def _is_due(delivery: Delivery, endpoint: Endpoint, now: datetime) -> bool:
    listening = endpoint.status is EndpointStatus.ACTIVE and endpoint.deleted_at is None
    return listening and delivery.status is DeliveryStatus.WAITING and delivery.due_at <= now


def _is_asked(listed: Listed, which: DeliveryFilter) -> bool:
    delivery = listed.delivery
    return (
        (which.endpoint_id is None or which.endpoint_id == delivery.endpoint_id)
        and (which.event_id is None or which.event_id == delivery.event_id)
        and (which.subject_id is None or which.subject_id == listed.subject_id)
        and (not which.statuses or delivery.status in which.statuses)
    )
