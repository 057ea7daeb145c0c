"""kill -9 of the whole product, between any two things that it does: whatever was acknowledged holds.

A sample of the moments by default; every one of them with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.faults.story import Round, Scene
from tests.support.database import PostgresServer
from tests.support.receiver import Receiver
from tests.support.smtp import mail_server

LONG = bool(os.environ.get("LACRE_LONG_FAULTS"))
KINDS = ["sqlite", "postgresql"]
SAMPLE = {"sqlite": 4, "postgresql": 2}
AGAIN = 12 if LONG else 3
STEP = "15"  # points of each process, which is more than one job takes

pytestmark = pytest.mark.slow


@pytest.fixture(params=KINDS)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    with Receiver() as receiver, mail_server() as box:
        if request.param == "sqlite":
            yield Scene(tmp_path, receiver, box, SAMPLE["sqlite"])
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            yield Scene(tmp_path, receiver, box, SAMPLE["postgresql"], copier(server))


def test_killed_at_any_moment_nothing_is_lost_and_all_is_done_once(scene: Scene) -> None:
    unharmed = scene.round("unharmed")
    assert not unharmed.tell("0")
    unharmed.check()

    for number in moments(len(unharmed.points), scene.sample):
        told = scene.round(f"killed-{number}")
        if not killed_and_whole(told, number):
            break  # there are no more moments than that


@pytest.mark.parametrize("scene", KINDS if LONG else ["sqlite"], indirect=True)
def test_killed_again_and_again_it_still_comes_to_its_end(scene: Scene) -> None:
    told = scene.round("never-left-alone")
    told.tell(*[STEP] * AGAIN)
    told.check()

    assert told.restarts > 1


def moments(points: int, sample: int) -> Iterable[int]:
    """By number: all there may be, or some from beginning to end, others in each run."""
    if LONG:
        return count(1)
    step = points / sample
    return [int(step * number + random.uniform(1, step)) for number in range(sample)]  # noqa: S311 - a sample


def killed_and_whole(told: Round, number: int) -> bool:
    """Whether it was killed; then it is whole."""
    try:
        killed = told.tell(str(number))
        told.check()
    except BaseException as problem:
        problem.add_note(f"killed at moment {number}: {told.points[number - 1 : number]}")
        raise
    told.forget()
    return killed


def copier(server: PostgresServer) -> Callable[[str], str]:
    """New databases: of the template, or of one that is ready for work."""

    def copy(url: str) -> str:
        return server.create(template=url.rpartition("/")[2] if url else "lacre_template")

    return copy
