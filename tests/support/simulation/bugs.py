"""Bugs to plant: each is one that somebody may well make, and breaks one promise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import cast

from msgspec.structs import replace

from lacre.kit.events import Event
from lacre.kit.ids import EventId
from lacre.store.deliveries import SqlDeliveries
from lacre.store.endpoints import SqlEndpoints
from lacre.store.work import SqlWork
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.lane import Ordering
from lacre.webhooks.repositories import Settled
from lacre.worker.deliver import Limits
from tests.support.plain import Plain
from tests.support.simulation.receivers import failing, flapping, hanging, slow
from tests.support.simulation.site import TWO_DAYS, OpenWork, Plan


class _Around:
    """Whatever is not told otherwise is as it was."""

    def __init__(self, real: object) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


# ── deliveries ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Written:
    """Attempts are written as `change` says; what it makes `None` of is given back instead."""

    change: Callable[[Settled], Settled | None]

    def __call__(self, work: SqlWork, _open_work: OpenWork) -> None:
        work.deliveries = cast("SqlDeliveries", _OddlyWritten(work.deliveries, self.change))


class _OddlyWritten(_Around):
    def __init__(self, real: SqlDeliveries, change: Callable[[Settled], Settled | None]) -> None:
        super().__init__(real)
        self._deliveries, self._change = real, change

    def settle(self, worker_id: str, settled: Sequence[Settled]) -> int:
        changed = [self._change(one) for one in settled]
        kept = [one for one in changed if one]
        written = self._deliveries.settle(worker_id, kept) if kept else 0
        lost = [one.delivery_id for one, kept in zip(settled, changed, strict=True) if kept is None]
        self._deliveries.release(worker_id, lost)
        return written


def believes_in_silence(one: Settled) -> Settled:
    return replace(one, status=DeliveryStatus.DELIVERED) if one.attempt.status_code is None else one


_SETTLED = count(1)


def forgets_some(one: Settled) -> Settled | None:
    """As when two threads share a list."""
    return None if next(_SETTLED) % 7 == 0 else one


def never_gives_up(one: Settled) -> Settled:
    if one.status is not DeliveryStatus.DISCARDED:
        return one
    return replace(one, status=DeliveryStatus.WAITING, due_at=one.due_at + timedelta(hours=1))


def gives_up_at_once(one: Settled) -> Settled:
    return one if one.attempt.ok else replace(one, status=DeliveryStatus.DISCARDED)


def cannot_wait(one: Settled) -> Settled:
    waits = one.status is DeliveryStatus.WAITING
    return replace(one, due_at=one.attempt.at + timedelta(seconds=30)) if waits else one


def tells_again(one: Settled) -> Settled:
    """What has arrived goes on waiting, for once."""
    again = one.attempt.ok and one.attempt.number == 1
    return replace(one, status=DeliveryStatus.WAITING) if again else one


def forgets_a_listener(work: SqlWork, _open_work: OpenWork) -> None:
    work.deliveries = cast("SqlDeliveries", _ForgetsOne(work.deliveries))


class _ForgetsOne(_Around):
    def add_for_all(
        self, event_id: EventId, endpoints: Sequence[Endpoint], event: Event, *, position: int
    ) -> None:
        cast("SqlDeliveries", self._real).add_for_all(event_id, endpoints[:-1], event, position=position)


# ── events and endpoints ─────────────────────────────────────────────────────


def tells_before_it_is_true(work: SqlWork, open_work: OpenWork) -> None:
    """In a transaction of its own, which is committed at once."""

    def announce(event: Event) -> EventId:
        with open_work() as own:
            return own.announce(event)

    work.announce = announce  # type: ignore[method-assign]


def forgets_removal(work: SqlWork, _open_work: OpenWork) -> None:
    work.endpoints = cast("SqlEndpoints", _KeepsAll(work.endpoints))


def forgets_the_order(work: SqlWork, _open_work: OpenWork) -> None:
    work.endpoints = cast("SqlEndpoints", _Unordered(work.endpoints))


class _Unordered(_Around):
    def add(self, endpoint: Endpoint) -> None:
        unordered = dataclasses.replace(endpoint, ordering=Ordering.NONE)
        cast("SqlEndpoints", self._real).add(unordered)


class _KeepsAll(_Around):
    def save(self, endpoint: Endpoint) -> None:
        cast("SqlEndpoints", self._real).save(dataclasses.replace(endpoint, deleted_at=None))


_BAD = (failing, hanging)
_ODD = (flapping, slow)

PLANTED: Mapping[str, tuple[str, Plan]] = {
    "forgets a listener": ("I1", Plan(bug=forgets_a_listener)),
    "believes in silence": ("I1", Plan(bug=Written(believes_in_silence), ways=_BAD)),
    "gives up at once": ("I1", Plan(bug=Written(gives_up_at_once), ways=_BAD)),
    "tells before it is true": ("I2", Plan(bug=tells_before_it_is_true)),
    "says another thing each time": ("I3", Plan(wording=Plain(promised=TWO_DAYS), ways=_ODD)),
    "forgets what it sent": ("I4", Plan(bug=Written(forgets_some), ways=_ODD)),
    "tells again what has arrived": ("I5", Plan(bug=Written(tells_again), ways=_ODD)),
    "never gives up": ("I5", Plan(bug=Written(never_gives_up), ways=_BAD)),
    "cannot wait": ("I5", Plan(bug=Written(cannot_wait), ways=_BAD)),
    "forgets that an endpoint was removed": ("I5", Plan(bug=forgets_removal, ways=_BAD)),
    "forgets the order": ("I6", Plan(bug=forgets_the_order, ordering=Ordering.ENDPOINT, ways=_ODD)),
    "lets one receiver take everything": (
        "I7",
        Plan(limits=Limits(at_once=6, per_endpoint=6, per_account=6), ways=(hanging, hanging)),
    ),
}
"""By name: which invariant must notice, and the life it is planted in."""
