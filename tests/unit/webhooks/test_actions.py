"""What people and systems do with endpoints and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from lacre.kit.ids import DeliveryId, EndpointId, EventId
from lacre.kit.refusal import NotFound
from lacre.webhooks import actions
from lacre.webhooks.authorization import Basic
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, EndpointStatus, Secrets
from lacre.webhooks.errors import (
    AuthorizationNotUsable,
    EndpointDeleted,
    HeaderNotAllowed,
    SecretNotUsable,
    UrlNotAllowed,
)
from lacre.webhooks.health import Health
from lacre.webhooks.repositories import Settled
from tests.support.fake_work import World
from tests.support.plain import Plain
from tests.support.webhooks import ACCOUNT, NOON, an_attempt, an_endpoint, an_event

LATER = NOON + timedelta(hours=1)


WORDINGS = {"plain": Plain()}


@pytest.fixture
def world() -> World:
    return World(wordings=WORDINGS)


def subscribe(world: World, endpoint: Endpoint) -> Endpoint:
    with world.open_work() as work:
        actions.subscribe(work, endpoint)
    return endpoint


def announce(world: World, *types: str) -> Sequence[EventId]:
    with world.open_work() as work:
        return [work.announce(an_event(type=one)) for one in types]


def deliveries(world: World) -> list[Delivery]:
    return list(world.rows.deliveries.values())


def arrive(world: World) -> None:
    """Everything that waits."""
    for one in deliveries(world):
        world.rows.deliveries[one.id] = structs.replace(one, status=DeliveryStatus.DELIVERED)


def settle(world: World, status: DeliveryStatus) -> DeliveryId:
    """The only due delivery is taken and ends like this."""
    with world.open_work() as work:
        (held,) = work.deliveries.claim("w", now=NOON, limit=1, per_endpoint=1)
        one = held.delivery.id
        settled = Settled(
            delivery_id=one,
            endpoint_id=held.endpoint.id,
            attempt=an_attempt(one),
            status=status,
            due_at=LATER,
        )
        work.deliveries.settle("w", [settled])
    return one


# ── endpoints ────────────────────────────────────────────────────────────────


def test_a_subscribed_endpoint_hears_what_happens_next(world: World) -> None:
    announce(world, "too.early")
    subscribe(world, an_endpoint())
    (event_id,) = announce(world, "test.happened")

    assert [one.event_id for one in deliveries(world)] == [event_id]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"url": "ftp://client.example"}, UrlNotAllowed),
        ({"secrets": Secrets(headers=(("Host", "evil"),))}, HeaderNotAllowed),
        ({"secrets": Secrets(headers=(("X-Note", "a\r\nb"),))}, HeaderNotAllowed),
        ({"secrets": Secrets(signing=("whsec_short",))}, SecretNotUsable),
        ({"secrets": Secrets(authorization=Basic(user="", password="x"))}, AuthorizationNotUsable),
    ],
)
def test_an_endpoint_that_cannot_be_sent_to_is_refused(
    world: World, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        subscribe(world, an_endpoint(**changes))


def test_a_changed_endpoint_is_checked_again(world: World) -> None:
    endpoint = subscribe(world, an_endpoint())

    with pytest.raises(UrlNotAllowed), world.open_work() as work:
        actions.change(work, replace(endpoint, url="nowhere"), now=NOON)


def test_a_removed_endpoint_hears_nothing_more(world: World) -> None:
    endpoint = subscribe(world, an_endpoint())
    with world.open_work() as work:
        actions.remove(work, endpoint, now=NOON)
    announce(world, "test.happened")

    assert deliveries(world) == []
    with pytest.raises(EndpointDeleted), world.open_work() as work:
        actions.resume(work, endpoint, now=NOON)


def test_what_happens_during_a_pause_waits_for_its_end(world: World) -> None:
    endpoint = subscribe(world, an_endpoint())
    with world.open_work() as work:
        actions.pause(work, endpoint)
    announce(world, "test.happened")

    with world.open_work() as work:
        assert not work.deliveries.claim("w", now=NOON, limit=9, per_endpoint=9)
        actions.resume(work, endpoint, now=NOON)
        assert len(work.deliveries.claim("w", now=NOON, limit=9, per_endpoint=9)) == 1


def test_resuming_forgets_the_failures(world: World) -> None:
    failing = an_endpoint(
        status=EndpointStatus.DISABLED, health=Health(failures=9, since=NOON, paused_at=NOON)
    )
    endpoint = subscribe(world, failing)

    with world.open_work() as work:
        actions.resume(work, endpoint, now=NOON)

    kept = world.rows.endpoints[endpoint.id]
    assert (kept.status, kept.health) == (EndpointStatus.ACTIVE, Health(resumed=True))


# ── again ────────────────────────────────────────────────────────────────────


def test_a_waiting_delivery_is_hurried(world: World) -> None:
    subscribe(world, an_endpoint())
    announce(world, "test.happened")
    waiting = settle(world, DeliveryStatus.WAITING)

    with world.open_work() as work:
        assert actions.retry(work, ACCOUNT, waiting, now=NOON) == waiting

    assert [one.due_at for one in deliveries(world)] == [NOON]


@pytest.mark.parametrize("status", [DeliveryStatus.DISCARDED, DeliveryStatus.DELIVERED])
def test_a_settled_delivery_is_sent_again_as_a_new_one(world: World, status: DeliveryStatus) -> None:
    subscribe(world, an_endpoint())
    announce(world, "test.happened")
    settled = settle(world, status)

    with world.open_work() as work:
        again = actions.retry(work, ACCOUNT, settled, now=NOON)

    first, second = deliveries(world)
    assert (first.status, second.id, second.replay_of) == (status, again, settled)
    assert (second.event_id, second.attempts) == (first.event_id, 0)


def test_a_settled_delivery_asked_for_twice_is_sent_once(world: World) -> None:
    subscribe(world, an_endpoint())
    announce(world, "test.happened")
    settled = settle(world, DeliveryStatus.DISCARDED)

    with world.open_work() as work:
        first, second = (actions.retry(work, ACCOUNT, settled, now=NOON) for _ in range(2))

    assert first == second != settled
    assert len(deliveries(world)) == 2


def test_what_waits_anyway_is_not_told_again_but_at_once(world: World) -> None:
    subscribe(world, an_endpoint())
    announce(world, "a")
    settle(world, DeliveryStatus.WAITING)

    with world.open_work() as work:
        count = actions.replay_subject(work, ACCOUNT, "envelope-1", wordings=WORDINGS, now=NOON)

    assert count == 1
    assert [one.due_at for one in deliveries(world)] == [NOON]


def test_nobody_retries_another_accounts_delivery(world: World) -> None:
    with pytest.raises(NotFound), world.open_work() as work:
        actions.retry(work, ACCOUNT, DeliveryId("unknown"), now=NOON)


def test_what_happened_to_a_document_is_told_again_oldest_first(world: World) -> None:
    subscribe(world, an_endpoint())
    events = announce(world, "a", "b", "a")
    arrive(world)

    with world.open_work() as work:
        count = actions.replay_subject(work, ACCOUNT, "envelope-1", wordings=WORDINGS, now=LATER, types={"a"})

    assert count == 2
    assert [one.event_id for one in deliveries(world)[3:]] == [events[0], events[2]]
    assert [one.replay_of for one in deliveries(world)[3:]] == [
        deliveries(world)[0].id,
        deliveries(world)[2].id,
    ]


def test_only_the_last_may_be_told_again(world: World) -> None:
    subscribe(world, an_endpoint())
    events = announce(world, "a", "b")
    arrive(world)

    with world.open_work() as work:
        actions.replay_subject(
            work, ACCOUNT, "envelope-1", wordings=WORDINGS, now=LATER, types={"a", "b"}, last_only=True
        )

    assert [one.event_id for one in deliveries(world)[2:]] == [events[1]]


def test_a_replay_reaches_who_listens_today_and_nobody_else(world: World) -> None:
    announce(world, "a")
    listening = subscribe(world, an_endpoint(id=EndpointId("new")))
    subscribe(world, an_endpoint(id=EndpointId("deaf"), types=("b",)))

    with world.open_work() as work:
        count = actions.replay_subject(work, ACCOUNT, "envelope-1", wordings=WORDINGS, now=LATER)

    assert count == 1
    assert [(one.endpoint_id, one.replay_of) for one in deliveries(world)] == [(listening.id, None)]
