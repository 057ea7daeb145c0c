"""The invariants of delivery."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from lacre.kit.ids import EndpointId, EventId
from lacre.kit.times import scaled
from lacre.store.instants import instant
from lacre.webhooks import events as webhook_events
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import EndpointStatus
from lacre.webhooks.lane import Ordering
from lacre.webhooks.retry import LONGEST_ASKED
from tests.support.checker.history import Announced, Hearing, History, Key

_SILENT = ("wording_failed", "authorization_failed")
"""Attempts in which nothing was sent to the receiver."""
_OVER = (DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED)


# ── I1 ───────────────────────────────────────────────────────────────────────


def lost(history: History) -> Iterator[str]:
    for one in history.journal.accepted:
        yield from _forgotten(history, one)
    for row in history.kept.deliveries.values():
        yield from _unkept(history, row)
        yield from _miscounted(history, row)


def _forgotten(history: History, one: Announced) -> Iterator[str]:
    if one.event_id not in history.kept.events:
        yield f"event {one.event_id} was accepted, and is gone"
    for endpoint_id in one.listeners:
        if not history.kept.by_key.get((endpoint_id, one.event_id)):
            yield f"event {one.event_id} was accepted, and {endpoint_id} is not to be told of it"


def _unkept(history: History, row: Any) -> Iterator[str]:  # noqa: ANN401 - a row
    heard = history.hearings.get((row.endpoint_id, row.event_id), ())
    endpoint = history.kept.endpoints[row.endpoint_id]
    if row.status == DeliveryStatus.DELIVERED and not any(one.taken for one in heard):
        yield f"delivery {row.id} is called delivered, and its receiver never took it"
    if row.status == DeliveryStatus.DISCARDED and row.attempts < _promised(history, endpoint):
        yield f"delivery {row.id} was given up after {row.attempts} attempts"
    listening = endpoint.status == EndpointStatus.ACTIVE and endpoint.deleted_at is None
    if history.drained and listening and row.status not in _OVER:
        yield f"delivery {row.id} is still {row.status}"


def _miscounted(history: History, row: Any) -> Iterator[str]:  # noqa: ANN401 - a row
    numbers = [one.number for one in history.kept.attempts.get(row.id, ())]
    if numbers != list(range(1, row.attempts + 1)):
        yield f"delivery {row.id} counts {row.attempts} attempts, and kept {numbers}"


# ── I2 ───────────────────────────────────────────────────────────────────────


def invented(history: History) -> Iterator[str]:
    kept, journal = history.kept, history.journal
    for event_id in journal.undone & kept.events.keys():
        yield f"event {event_id} was undone, and is kept"
    announced = {one.event_id for one in journal.accepted} | journal.unsure
    for event_id, row in kept.events.items():
        # of the health of endpoints the system tells by itself
        if event_id not in announced | journal.undone and row.type not in webhook_events.ALL:
            yield f"event {event_id} was never announced"
    for event_id in {one.event_id for one in history.heard} - kept.events.keys():
        yield f"event {event_id} was told, and is not kept"


# ── I3 ───────────────────────────────────────────────────────────────────────


def unsteady(history: History) -> Iterator[str]:
    for key, heard in history.hearings.items():
        digests = {hashlib.sha256(one.body).hexdigest() for one in heard}
        if len(digests) > 1:
            yield f"{_named(key)} was told in {len(digests)} ways"
        yield from _misremembered(history, key, digests)
    for key, rows in history.kept.by_key.items():
        firsts = [row.id for row in rows if row.replay_of is None]
        if len(firsts) > 1:
            yield f"{_named(key)} became {len(firsts)} deliveries"


def _misremembered(history: History, key: Key, digests: set[str]) -> Iterator[str]:
    for row in history.kept.by_key.get(key, ()):
        said = {one.request_digest for one in _sent(history, row)}
        if not said <= digests:
            yield f"delivery {row.id} remembers other bodies than its receiver heard"


# ── I4 ───────────────────────────────────────────────────────────────────────


def doubled(history: History) -> Iterator[str]:
    for key, heard in history.hearings.items():
        rows = history.kept.by_key.get(key, ())
        interrupted = sum(history.journal.interrupted[row.id] for row in rows)
        sent = [one for row in rows for one in _sent(history, row)]
        if len(heard) > len(sent) + interrupted:
            yield (
                f"{_named(key)} was heard {len(heard)} times: {len(sent)} attempts are written down,"
                f" {interrupted} were interrupted"
            )
        unheard = sum(not one.ok and one.status_code is None for one in sent)
        taken = sum(one.taken for one in heard)
        if taken > len(rows) + interrupted + unheard:
            yield f"{_named(key)} was taken {taken} times by its receiver"


# ── I5 ───────────────────────────────────────────────────────────────────────


def unpromised(history: History) -> Iterator[str]:
    for row in history.kept.deliveries.values():
        attempts = history.kept.attempts.get(row.id, ())
        most = _promised(history, history.kept.endpoints[row.endpoint_id])
        if len(attempts) > most:
            yield f"delivery {row.id} was tried {len(attempts)} times instead of {most}"
        if any(one.ok for one in attempts[:-1]):
            yield f"delivery {row.id} was tried again after it had arrived"
        yield from _untimely(history, row, attempts)
    for one in history.heard:
        removed_at = history.journal.removed.get(one.endpoint_id)
        if removed_at and one.at > removed_at + history.slack:
            yield f"{_named(one.key)} was told after the endpoint was removed"


def _untimely(history: History, row: Any, attempts: Sequence[Any]) -> Iterator[str]:  # noqa: ANN401 - a row
    promise = history.promise(history.kept.endpoints[row.endpoint_id])
    judged = row.id not in history.journal.hurried and row.endpoint_id not in history.journal.stopped
    for (before, after), wait in zip(pairwise(attempts), promise.waits, strict=False):
        waited = instant(after.at) - instant(before.at)
        if judged and waited < scaled(wait, history.scale) - history.set_back:
            yield f"delivery {row.id} was tried again after {waited} instead of {wait}"
        longest = max(wait * (1 + promise.jitter), LONGEST_ASKED if before.status_code else timedelta(0))
        if judged and history.lateness is not None and waited > longest + history.lateness:
            yield f"delivery {row.id} was tried again only after {waited} instead of {wait}"


# ── I6 ───────────────────────────────────────────────────────────────────────


def disordered(history: History) -> Iterator[str]:
    """Nothing is heard of an event once a later one of its lane was heard; what was told again aside."""
    for lane, told in _lanes(history).items():
        places = _places(history, lane, told)
        for before, after in pairwise(one for one in told if one in places):
            if places[before][-1] > places[after][0]:
                yield f"{_named((lane[0], before))} was heard after {after}"


def _lanes(history: History) -> dict[tuple[EndpointId, str], list[EventId]]:
    lanes: dict[tuple[EndpointId, str], list[EventId]] = defaultdict(list)
    for one in history.journal.accepted:
        for endpoint_id in one.listeners:
            ordering = history.journal.ordered.get(endpoint_id, Ordering.NONE)
            if ordering is not Ordering.NONE:
                subject = one.subject_id if ordering is Ordering.SUBJECT else ""
                lanes[endpoint_id, subject].append(one.event_id)
    return lanes


def _places(
    history: History, lane: tuple[EndpointId, str], told: Sequence[EventId]
) -> dict[EventId, list[int]]:
    """When each was heard, counted over everything."""
    once = {one for one in told if len(history.kept.by_key.get((lane[0], one), ())) == 1}
    places: dict[EventId, list[int]] = defaultdict(list)
    for place, heard in enumerate(history.heard):
        if heard.endpoint_id == lane[0] and heard.event_id in once:
            places[heard.event_id].append(place)
    return places


# ── I7 ───────────────────────────────────────────────────────────────────────


def delayed(history: History) -> Iterator[str]:
    for one in history.journal.accepted:
        for endpoint_id in one.listeners & history.prompt - history.journal.stopped:
            heard = history.hearings.get((endpoint_id, one.event_id), ())
            waited = _waited(history, one.at, heard)
            if waited is not None and waited > history.promptness:
                yield f"{_named((endpoint_id, one.event_id))} waited {waited} for others"


def _waited(history: History, since: datetime, heard: Sequence[Hearing]) -> timedelta | None:
    """While somebody was at work; `None` for what never came, which is a loss and not a delay."""
    if not heard:
        return None
    until = min(one.at for one in heard)
    outages = [(max(begun, since), min(ended, until)) for begun, ended in history.journal.outages]
    idle = sum((ended - begun for begun, ended in outages if ended > begun), timedelta(0))
    return until - since - idle


# ── what they share ──────────────────────────────────────────────────────────


def _promised(history: History, endpoint: Any) -> int:  # noqa: ANN401 - a row
    return len(history.promise(endpoint).waits) + 1


def _sent(history: History, row: Any) -> list[Any]:  # noqa: ANN401 - a row
    return [one for one in history.kept.attempts.get(row.id, ()) if one.reason not in _SILENT]


def _named(key: Key) -> str:
    endpoint_id, event_id = key
    return f"event {event_id} to {endpoint_id}"
