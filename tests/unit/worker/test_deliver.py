"""Delivery: claim, word, send, judge, settle."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from lacre.engines.tokens import SystemTokens
from lacre.kit.ids import DeliveryId, EndpointId
from lacre.settings import Settings
from lacre.webhooks import actions
from lacre.webhooks.authorization import Fetched
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.endpoint import EndpointStatus, Secrets
from lacre.webhooks.request import Outcome, Request
from lacre.worker.clerk import Clerk
from lacre.worker.deliver import Deliverer, Limits, Sending
from lacre.worker.loop import guard
from tests.support.fake_work import World
from tests.support.plain import Plain
from tests.support.services import services_with
from tests.support.webhooks import ACCOUNT, NOON, PROMISE, an_answer, an_endpoint, an_event, no_answer


class Wire:
    """A dispatcher whose receivers answer as told, each exchange one poll after its start."""

    def __init__(self) -> None:
        self.answer: Callable[[Request], Outcome | None] = lambda _: an_answer(200)
        self.sent: list[Request] = []
        self._under_way: list[tuple[Request, Sending]] = []

    @property
    def in_flight(self) -> int:
        return len(self._under_way)

    def start(self, request: Request, token: Sending) -> None:
        self.sent.append(request)
        self._under_way.append((request, token))

    def poll(self, timeout_seconds: float) -> list[tuple[Sending, Outcome]]:
        del timeout_seconds
        answered = [(one, self.answer(one[0])) for one in self._under_way]
        self._under_way = [one for one, outcome in answered if outcome is None]
        return [(one[1], outcome) for one, outcome in answered if outcome is not None]

    def wake(self) -> None: ...


class Scene:
    """A world with one listening endpoint, and a deliverer before the wire."""

    def __init__(
        self, *, clerk: Clerk | None = None, may_claim: Callable[[], bool] = lambda: True, **limits: int
    ) -> None:
        self.plain, self.wire, self.now = Plain(), Wire(), NOON
        self.world = World(wordings={"plain": self.plain})
        services = services_with(
            settings=Settings(),
            clock=lambda: self.now,
            open_work=self.world.open_work,
            tokens=SystemTokens(b"k"),
            wordings=self.world.wordings,
        )
        self.deliverer = Deliverer(
            services,
            self.wire,
            "worker",
            guard=guard,
            roll=lambda: 0.0,
            limits=Limits(**limits),
            may_claim=may_claim,
            clerk=clerk,
        )
        with self.world.open_work() as work:
            actions.subscribe(work, an_endpoint())

    def happens(self, *types: str) -> None:
        with self.world.open_work() as work:
            for one in types or ("test.happened",):
                work.announce(an_event(type=one, at=self.now))

    def turns(self, count: int = 2) -> None:
        for _ in range(count):
            self.deliverer.turn(0)

    @property
    def deliveries(self) -> list[Delivery]:
        return list(self.world.rows.deliveries.values())

    @property
    def statuses(self) -> list[DeliveryStatus]:
        return [one.status for one in self.deliveries]


def test_an_event_reaches_its_endpoint() -> None:
    scene = Scene()
    scene.happens()
    scene.turns()

    assert scene.statuses == [DeliveryStatus.DELIVERED]
    assert [json.loads(one.body)["type"] for one in scene.wire.sent] == ["test.happened"]
    assert [(one.number, one.ok) for one in scene.world.rows.attempts] == [(1, True)]


def test_a_failing_endpoint_is_tried_again_later() -> None:
    scene = Scene()
    scene.wire.answer = lambda _: an_answer(500)
    scene.happens()
    scene.turns(3)

    assert (scene.statuses, len(scene.wire.sent)) == ([DeliveryStatus.WAITING], 1)
    assert scene.deliveries[0].due_at == NOON + timedelta(seconds=10)


def test_a_retry_counts_its_attempts_and_succeeds() -> None:
    scene = Scene()
    answers: Iterator[Outcome] = iter([no_answer(), an_answer(200)])
    scene.wire.answer = lambda _: next(answers)
    scene.happens()
    scene.turns()
    scene.now += timedelta(seconds=10)
    scene.turns()

    assert scene.statuses == [DeliveryStatus.DELIVERED]
    assert [json.loads(one.body)["attempt"] for one in scene.wire.sent] == [1, 2]
    assert [one.reason for one in scene.world.rows.attempts] == ["deadline", ""]


@pytest.mark.parametrize(("headers", "seconds"), [({}, 10), ({"Retry-After": "60"}, 68)])
def test_slow_answers_delay_no_schedule_but_what_they_ask_for_runs_from_them(
    headers: dict[str, str], seconds: int
) -> None:
    scene = Scene()
    scene.plain.promised = replace(PROMISE, on_schedule=True)
    scene.wire.answer = lambda _: an_answer(503, headers)
    scene.happens()
    scene.turns(1)
    scene.now += timedelta(seconds=8)
    scene.turns()

    assert scene.deliveries[0].due_at == NOON + timedelta(seconds=seconds)


def test_after_the_last_wait_it_is_given_up_and_kept() -> None:
    scene = Scene()
    scene.wire.answer = lambda _: an_answer(503)
    scene.happens()
    for _ in range(5):
        scene.turns()
        scene.now += timedelta(hours=1)

    assert (scene.statuses, len(scene.wire.sent)) == ([DeliveryStatus.DISCARDED], 3)


def test_a_receiver_that_is_gone_is_not_asked_again() -> None:
    scene = Scene()
    scene.wire.answer = lambda _: an_answer(410)
    scene.happens("first")
    scene.turns()
    scene.happens("second")
    scene.now += timedelta(hours=1)
    scene.turns()

    (endpoint,) = scene.world.rows.endpoints.values()
    assert (endpoint.status, len(scene.wire.sent)) == (EndpointStatus.DISABLED, 1)
    assert scene.statuses == [DeliveryStatus.WAITING, DeliveryStatus.WAITING]


def test_what_cannot_be_said_costs_an_attempt_and_loses_nothing() -> None:
    scene = Scene()
    scene.plain.cannot_say = {"odd"}
    scene.happens("odd", "even")
    scene.turns(3)

    assert scene.statuses == [DeliveryStatus.WAITING, DeliveryStatus.DELIVERED]
    failed = next(one for one in scene.world.rows.attempts if not one.ok)
    assert (failed.reason, failed.detail) == ("wording_failed", {"problem": "KeyError: 'odd'"})

    scene.plain.cannot_say = set()
    scene.now += timedelta(seconds=10)
    scene.turns()

    assert scene.statuses == [DeliveryStatus.DELIVERED, DeliveryStatus.DELIVERED]


def test_a_dialect_that_is_gone_loses_nothing() -> None:
    scene = Scene()
    scene.happens()
    del scene.world.wordings["plain"]
    scene.turns()

    assert scene.statuses == [DeliveryStatus.WAITING]
    assert scene.deliveries[0].due_at == NOON + timedelta(hours=1)


def test_no_endpoint_takes_more_than_its_share() -> None:
    scene = Scene(at_once=10, per_endpoint=2)
    scene.wire.answer = lambda one: an_answer(200) if "other" in one.url else None
    with scene.world.open_work() as work:
        other = an_endpoint(id=EndpointId("other"), url="https://other.example/")
        actions.subscribe(work, other)
    scene.happens(*(["event"] * 5))
    scene.turns(9)

    hanging = [one for one in scene.wire.sent if "other" not in one.url]
    assert (len(hanging), len(scene.wire.sent)) == (2, 7)


def test_no_more_are_sent_at_once_than_allowed() -> None:
    scene = Scene(at_once=3)
    scene.wire.answer = lambda _: None
    scene.happens(*(["event"] * 5))
    scene.turns(3)

    assert len(scene.wire.sent) == 3


def test_connections_are_never_shared_between_accounts() -> None:
    scene = Scene()
    scene.happens()
    scene.turns()

    assert [one.pool_key for one in scene.wire.sent] == [ACCOUNT]


def test_outcomes_outlive_a_database_that_is_away() -> None:
    scene = Scene()
    scene.happens()
    scene.turns(1)
    scene.world.breaks = [OSError("the database is away")]

    with pytest.raises(OSError, match="away"):
        scene.turns(1)
    scene.deliverer.recover()
    scene.turns(1)

    assert (scene.statuses, len(scene.wire.sent)) == ([DeliveryStatus.DELIVERED], 1)


def test_a_claim_whose_commit_answered_too_late_is_given_back() -> None:
    scene = Scene()
    scene.happens()
    with scene.world.open_work() as work:
        work.deliveries.claim("worker", now=NOON, limit=1, per_endpoint=1)
    scene.deliverer.recover()
    scene.turns(3)

    assert (scene.statuses, len(scene.wire.sent)) == ([DeliveryStatus.DELIVERED], 1)


def test_one_that_cannot_be_written_does_not_keep_the_others_from_it() -> None:
    scene = Scene()
    scene.happens("poison", "a", "b")
    scene.turns(1)
    _refuse_to_settle(scene, scene.deliveries[0].id)

    for _ in range(8):
        try:
            scene.turns(1)
        except ValueError:
            scene.deliverer.recover()

    assert scene.statuses == [DeliveryStatus.HELD, DeliveryStatus.DELIVERED, DeliveryStatus.DELIVERED]


def test_the_outcome_of_a_lost_hold_changes_nothing() -> None:
    scene = Scene()
    scene.wire.answer = lambda _: None
    scene.happens()
    scene.turns(1)
    with scene.world.open_work() as work:
        work.deliveries.release("worker", [scene.deliveries[0].id])
        work.deliveries.claim("another", now=NOON, limit=1, per_endpoint=9)
    scene.wire.answer = lambda _: an_answer(200)
    scene.turns(2)

    assert (scene.statuses, scene.world.rows.attempts) == ([DeliveryStatus.HELD], [])


def test_a_worker_that_ends_gives_back_what_hangs() -> None:
    scene = Scene()
    scene.wire.answer = lambda _: None
    scene.happens()
    scene.turns(1)
    scene.deliverer.give_back()

    assert (scene.statuses, scene.deliveries[0].attempts) == ([DeliveryStatus.WAITING], 0)


def test_a_worker_that_is_told_to_stop_claims_nothing_more() -> None:
    scene = Scene()
    scene.happens("first")
    scene.turns(1)
    scene.happens("second")
    scene.deliverer.turn(0, claim=False)

    assert scene.statuses == [DeliveryStatus.DELIVERED, DeliveryStatus.WAITING]
    assert scene.deliverer.idle


def _refuse_to_settle(scene: Scene, poison: DeliveryId) -> None:
    """A row that the database does not take."""

    def check() -> None:
        if any(one.delivery_id == poison for one in scene.world.draft.attempts):
            raise ValueError("no such row")

    scene.world.before_commit = check


def test_what_was_given_to_others_while_it_waited_for_a_token_is_not_sent() -> None:
    scene = Scene()
    token = an_answer(200, body=b'{"access_token": "abc"}')
    scene.wire.answer = lambda one: token if "tokens" in one.url else an_answer(200)
    with scene.world.open_work() as work:
        wanting = Secrets(authorization=Fetched(url="https://tokens.example/"))
        work.endpoints.save(an_endpoint(secrets=wanting))
    scene.happens("kept", "lost")
    scene.turns(1)
    kept, lost = scene.world.rows.deliveries
    scene.world.rows.holders[lost] = "another"
    scene.turns(3)

    assert [one.url for one in scene.wire.sent] == ["https://tokens.example/", an_endpoint().url]
    assert scene.world.rows.deliveries[kept].status is DeliveryStatus.DELIVERED
    assert scene.deliverer.idle
