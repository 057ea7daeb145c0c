"""While one thread writes and claims, the other sends and hears."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from lacre.webhooks.delivery import DeliveryStatus
from lacre.worker.clerk import Aside, Result
from lacre.worker.ledger import FEW
from tests.support.webhooks import an_answer
from tests.unit.worker.test_deliver import Scene


class Slow:
    """Does what was begun when it is told to."""

    gather_seconds = 0.0

    def __init__(self) -> None:
        self._do: Callable[[], None] = lambda: None

    def begin(self, do: Callable[[], Result], /) -> Future[Result]:
        begun: Future[Result] = Future()

        def work() -> None:
            try:
                begun.set_result(do())
            except OSError as problem:
                begun.set_exception(problem)

        self._do = work
        return begun

    def work(self) -> None:
        do, self._do = self._do, lambda: None
        do()

    def close(self) -> None:
        self.work()


def test_answers_are_heard_while_others_are_written() -> None:
    clerk, scene = _heard_while_writing()

    heard = (scene.wire.in_flight, scene.statuses)
    _finish(scene, clerk)

    assert heard == (0, [DeliveryStatus.HELD] * 2)
    assert (scene.statuses, len(scene.wire.sent)) == ([DeliveryStatus.DELIVERED] * 2, 2)


def test_answers_that_were_heard_while_a_write_failed_are_written_too() -> None:
    clerk, scene = _heard_while_writing()
    scene.world.breaks = [OSError("the database is away")]
    clerk.work()

    with pytest.raises(OSError, match="away"):
        scene.turns(1)
    scene.deliverer.recover()
    _finish(scene, clerk)

    assert (scene.statuses, len(scene.wire.sent)) == ([DeliveryStatus.DELIVERED] * 2, 2)
    assert len(scene.world.rows.attempts) == 2


def test_trouble_elsewhere_leaves_what_is_being_written_alone() -> None:
    clerk = Slow()
    scene = _sent(clerk, "a", "b")
    _answers_to(scene, "a")
    scene.turns(1)
    scene.deliverer.recover()
    _answers_to(scene, "a", "b")
    _finish(scene, clerk)

    assert (scene.statuses, len(scene.world.rows.attempts)) == ([DeliveryStatus.DELIVERED] * 2, 2)


def test_what_was_claimed_and_not_begun_is_given_back_at_the_end() -> None:
    clerk = Slow()
    scene = Scene(clerk=clerk)
    scene.happens()
    scene.turns(1)
    scene.deliverer.give_back()

    assert (scene.statuses, scene.wire.sent) == ([DeliveryStatus.WAITING], [])


def test_what_was_claimed_before_a_long_stop_is_not_sent() -> None:
    clerk, lives = Slow(), [True]
    scene = Scene(clerk=clerk, may_claim=lambda: lives[0])
    scene.happens()
    scene.turns(1)
    clerk.work()
    lives[0] = False
    scene.turns(1)
    unsent = list(scene.wire.sent)
    lives[0] = True
    _finish(scene, clerk)

    assert (unsent, len(scene.wire.sent)) == ([], 1)
    assert scene.statuses == [DeliveryStatus.DELIVERED]


def test_after_many_at_once_more_are_gathered() -> None:
    clerk, scene = _after_settling(FEW)

    assert _settled_by_one_answer(clerk, scene) == FEW


def test_few_are_written_at_once_also_beside_many_that_hang() -> None:
    clerk, scene = _after_settling(FEW - 1)

    assert _settled_by_one_answer(clerk, scene) == FEW


def _after_settling(count: int) -> tuple[Slow, Scene]:
    """So many of thirty have been answered and written in one go."""
    clerk = Slow()
    clerk.gather_seconds = 1000
    scene = _sent(clerk, *map(str, range(30)))
    _answers_to(scene, *map(str, range(count)))
    _work_on(clerk, scene)
    return clerk, scene


def _settled_by_one_answer(clerk: Slow, scene: Scene) -> int:
    """How many are, once one more was answered."""
    _answers_to(scene, "29")
    _work_on(clerk, scene)
    return scene.statuses.count(DeliveryStatus.DELIVERED)


def _work_on(clerk: Slow, scene: Scene) -> None:
    for _ in range(4):
        scene.turns(1)
        clerk.work()


def test_who_sends_is_woken_when_all_is_written() -> None:
    woken = threading.Event()
    clerk = Aside(woken.set)

    done = clerk.begin(threading.get_ident)
    clerk.close()

    assert (woken.wait(5), done.result() != threading.get_ident()) == (True, True)


def _heard_while_writing() -> tuple[Slow, Scene]:
    """The first answer is being written when the second comes."""
    clerk = Slow()
    scene = _sent(clerk, "a", "b")
    _answers_to(scene, "a")
    scene.turns(1)
    _answers_to(scene, "a", "b")
    scene.turns(1)
    return clerk, scene


def _sent(clerk: Slow, *types: str) -> Scene:
    """All of them on their way, and nothing to be written."""
    scene = Scene(clerk=clerk)
    scene.wire.answer = lambda _: None
    scene.happens(*types)
    scene.turns(1)
    clerk.work()
    scene.turns(1)
    clerk.work()
    scene.turns(1)
    return scene


def _answers_to(scene: Scene, *types: str) -> None:
    said = tuple(f'"{one}"'.encode() for one in types)
    scene.wire.answer = lambda one: an_answer(200) if any(each in one.body for each in said) else None


def _finish(scene: Scene, clerk: Slow) -> None:
    for _ in range(8):
        clerk.work()
        scene.turns(1)
