"""Replays in memory, for `fake_work`."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, ReplayId, new_uuid
from lacre.kit.refusal import NotFound
from lacre.webhooks.delivery import Delivery, DeliveryStatus, KeptEvent
from lacre.webhooks.replay import Again, Glimpse, Place, Replay, Told, Wanted
from tests.support.fake_webhooks import FakeDeliveries, WebhookRows

SETTLED = (DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED)


class FakeReplays:
    def __init__(self, rows: WebhookRows, deliveries: FakeDeliveries) -> None:
        self._rows, self._deliveries = rows, deliveries

    def add(
        self, account_id: AccountId, wanted: Wanted, *, by: str, total: int | None, now: datetime
    ) -> Replay:
        for running in self._rows.replays.values():
            if running.running and (running.account_id, running.wanted) == (account_id, wanted):
                return copy.copy(running)
        asked = Replay(
            id=ReplayId(new_uuid()),
            account_id=account_id,
            wanted=wanted,
            asked_by=by,
            created_at=now,
            total=total,
        )
        self.save(asked)
        return asked

    def get(self, account_id: AccountId, replay_id: ReplayId) -> Replay:
        found = self._rows.replays.get(replay_id)
        if found is None or found.account_id != account_id:
            raise NotFound("replay")
        return copy.copy(found)

    def glance(self, replay_id: ReplayId) -> Replay:
        return copy.copy(self._rows.replays[replay_id])

    def find(self, account_id: AccountId, *, after: ReplayId | None = None, limit: int) -> Sequence[Replay]:
        mine = [one for one in self._rows.replays.values() if one.account_id == account_id][::-1]
        first = next((place + 1 for place, one in enumerate(mine) if one.id == after), 0)
        return mine[first : first + limit]

    def save(self, replay: Replay) -> None:
        self._rows.replays[replay.id] = copy.copy(replay)

    def take_turn(self, account_id: AccountId) -> None:
        """One transaction at a time anyway."""

    def accounts(self, endpoint_id: EndpointId | None = None) -> Sequence[AccountId]:
        kept = [one for one in self._rows.endpoints.values() if endpoint_id in (None, one.id)]
        return sorted({one.account_id for one in kept if not one.deleted_at})

    def events_in(self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int) -> int:
        return len(self.look(account_id, wanted, until, after=None, limit=most))

    def look(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, after: Place | None, limit: int
    ) -> Sequence[Glimpse]:
        found = [
            Glimpse(
                place=Place(at=event.at, position=place, event_id=event_id),
                type=event.type,
                subject_id=event.subject_id,
            )
            for place, (event_id, event) in enumerate(self._rows.events.items())
            if event.account_id == account_id
            and wanted.since <= event.at < until
            and wanted.subject_id in (None, event.subject_id)
        ]
        return [one for one in found if after is None or _order(one.place) > _order(after)][:limit]

    def failures(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int
    ) -> Sequence[Glimpse] | None:
        in_vain = [
            one.event_id
            for one in self._rows.deliveries.values()
            if wanted.endpoint_id in (None, one.endpoint_id)
            if one.status is DeliveryStatus.DISCARDED or one.attempts
        ]
        if len(in_vain) > most:
            return None
        seen = self.look(account_id, wanted, until, after=None, limit=len(self._rows.events))
        return [one for one in seen if one.id in in_vain]

    def of_types(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int
    ) -> Sequence[Glimpse] | None:
        seen = self.look(account_id, wanted, until, after=None, limit=len(self._rows.events))
        found = [one for one in seen if one.type in wanted.types]
        return found if len(found) <= most else None

    def told(
        self, account_id: AccountId, event_ids: Collection[EventId]
    ) -> Mapping[tuple[EventId, EndpointId], Told]:
        found: dict[tuple[EventId, EndpointId], list[Delivery]] = {}
        for one in self._rows.deliveries.values():
            if one.account_id == account_id and one.event_id in event_ids:
                found.setdefault((one.event_id, one.endpoint_id), []).append(one)
        return {pair: _told(made) for pair, made in found.items()}

    def named(self, account_id: AccountId, event_ids: Collection[EventId]) -> Mapping[EventId, KeptEvent]:
        return {
            one: KeptEvent(id=one, event=self._rows.events[one])
            for one in event_ids
            if self._rows.events[one].account_id == account_id
        }

    def tell_again(
        self,
        account_id: AccountId,
        new: Sequence[Again],
        *,
        now: datetime,
        replay_id: ReplayId | None = None,
    ) -> int:
        for one in new:
            assert one.endpoint.account_id == account_id
            made = self._deliveries.add(one.event_id, one.endpoint, now=now, replay_of=one.replay_of)
            self._rows.made_by[made] = replay_id
        return len(new)

    def hurry(self, account_id: AccountId, delivery_ids: Collection[DeliveryId], *, now: datetime) -> int:
        mine = [self._deliveries.get(account_id, one) for one in delivery_ids]
        later = [one for one in mine if one.status is DeliveryStatus.WAITING and one.due_at > now]
        for one in later:
            self._rows.deliveries[one.id] = replace(one, due_at=now)
        for one in mine:
            self._rows.made_by.pop(one.id, None)
        return len(later)

    def take_back(self, replay: Replay, *, limit: int) -> int:
        made = [
            one.id
            for one in self._rows.deliveries.values()
            if self._rows.made_by.get(one.id) == replay.id
            and (one.status, one.attempts) == (DeliveryStatus.WAITING, 0)
        ]
        for one in made[:limit]:
            del self._rows.deliveries[one]
        return len(made[:limit])


def _order(place: Place) -> tuple[datetime, int, EventId]:
    return place.at, place.position, place.event_id


def _told(made: Sequence[Delivery]) -> Told:
    on_its_way = [one for one in made if one.status not in SETTLED]
    statuses = {one.status for one in made}
    return Told(
        first=made[0].replay_of or made[0].id,
        open=on_its_way[-1].id if on_its_way else None,
        due_at=on_its_way[-1].due_at if on_its_way else None,
        arrived=DeliveryStatus.DELIVERED in statuses,
        failed=DeliveryStatus.DISCARDED in statuses or any(one.attempts for one in on_its_way),
    )
