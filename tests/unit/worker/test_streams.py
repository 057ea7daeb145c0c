"""Few large bodies at once, in turn; what is small passes them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from lacre.kit.ids import AccountId, DeliveryId, EndpointId, new_uuid
from lacre.webhooks.body import BodyParts
from lacre.webhooks.repositories import Held
from lacre.webhooks.request import NoAnswer, Outcome, Request
from lacre.worker.sending import InHand, Sending
from lacre.worker.streams import Streams
from tests.support.requests import a_request
from tests.support.webhooks import NOON, PROMISE, a_delivery, a_kept_event, an_answer, an_endpoint

SMALL, LARGE = a_request("https://a.test/"), a_request("https://a.test/", parts=BodyParts(pieces=(b"{}",)))
ANSWER = an_answer(200)


@dataclass
class Wire:
    """Answers when it is told to."""

    started: list[Sending] = field(default_factory=list)
    answers: list[tuple[Sending, Outcome]] = field(default_factory=list)

    @property
    def in_flight(self) -> int:
        return len(self.started)

    def start(self, request: Request, token: Sending) -> None:
        del request
        self.started.append(token)

    def poll(self, timeout_seconds: float) -> list[tuple[Sending, Outcome]]:
        del timeout_seconds
        heard, self.answers = self.answers, []
        return heard

    def wake(self) -> None: ...


def test_large_ones_wait_their_turn_and_small_ones_do_not(wire: Wire) -> None:
    line = Streams(wire, 4, everything)
    large, small = [in_hand() for _ in range(4)], in_hand()
    for one in large:
        line.start(LARGE, one)
    line.start(SMALL, small)

    line.poll(0)
    first, in_flight = list(wire.started), line.in_flight
    wire.answers = [(large[1], ANSWER)]
    heard = line.poll(0)
    line.poll(0)

    assert (first, in_flight) == ([small, large[0], large[1]], 5)
    assert heard == [(large[1], ANSWER)]
    assert wire.started == [small, *large[:3]]


def test_an_endpoint_that_hangs_leaves_room_for_others(wire: Wire) -> None:
    line = Streams(wire, 4, everything)
    hanging = [in_hand(endpoint="hangs") for _ in range(9)]
    for one in hanging:
        line.start(LARGE, one)
    line.poll(0)

    line.start(LARGE, other := in_hand(endpoint="answers"))
    line.poll(0)

    assert wire.started == [*hanging[:2], other]
    assert line.in_flight == 10


def test_an_account_whose_endpoints_all_hang_leaves_room_for_others(wire: Wire) -> None:
    line = Streams(wire, 4, everything)
    hanging = [in_hand(endpoint=f"hangs {number}") for number in range(9)]
    for one in hanging:
        line.start(LARGE, one)
    line.poll(0)

    line.start(LARGE, other := in_hand(endpoint="answers", account="another"))
    line.poll(0)

    assert wire.started == [*hanging[:3], other]


def test_endpoints_take_turns(wire: Wire) -> None:
    line = Streams(wire, 1, everything)
    many, one = [in_hand(endpoint="many") for _ in range(3)], in_hand(endpoint="one")
    for each in (*many, one):
        line.start(LARGE, each)

    for _ in range(3):
        line.poll(0)
        wire.answers = [(wire.started[-1], ANSWER)]
        line.poll(0)

    assert wire.started == [many[0], one, many[1]]


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_who_waited_long_is_sent_only_while_it_is_ours(wire: Wire) -> None:
    lost, ours = in_hand(), in_hand()
    left = [ours.held.delivery.id]
    line = Streams(wire, 2, lambda _: left, sure_seconds=0)
    line.start(LARGE, lost)
    line.start(LARGE, ours)

    ((token, outcome),) = line.poll(0)

    assert token is lost
    assert isinstance(outcome, NoAnswer)
    assert wire.started == [ours]
    assert line.in_flight == 1


def test_nothing_is_forgotten_when_nobody_can_say_whose_it_is(wire: Wire) -> None:
    line = Streams(wire, 2, away, sure_seconds=0)
    line.start(LARGE, one := in_hand())
    wire.answers = [(one, ANSWER)]

    with pytest.raises(OSError, match="away"):
        line.poll(0)

    assert (line.in_flight, wire.answers) == (1, [(one, ANSWER)])


def everything(ids: Sequence[DeliveryId]) -> Sequence[DeliveryId]:
    return ids


def away(_: Sequence[DeliveryId]) -> Sequence[DeliveryId]:
    raise OSError("the database is away")


def in_hand(*, endpoint: str = "an endpoint", account: str = "an account") -> InHand:
    delivery = a_delivery(id=DeliveryId(new_uuid()))
    whose = an_endpoint(id=EndpointId(endpoint), account_id=AccountId(account))
    held = Held(delivery=delivery, endpoint=whose, kept=a_kept_event())
    return InHand(held=held, promise=PROMISE, at=NOON, request=LARGE)
