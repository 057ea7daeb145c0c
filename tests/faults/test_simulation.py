"""Two days of deliveries, over and over: whatever goes wrong, in whatever order, every promise is kept.

A few lives by default; thousands, others each time, with `LACRE_LONG_FAULTS=1`. One that fails names its
seed: `python -m tests.support.simulation SEED` lives it again.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from secrets import randbelow

import pytest
import structlog

from tests.support.database import migrated_file
from tests.support.simulation import Lived, Plan, live
from tests.support.simulation.bugs import PLANTED

__all__ = ["migrated_file"]

LONG = bool(os.environ.get("LACRE_LONG_FAULTS"))
FIRST, LIVES = (randbelow(10**9), 3000) if LONG else (1, 20)
PATIENCE = 8
"""Lives within which a planted bug must show."""

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _logs() -> None:
    """Not of interest: there are a hundred thousand attempts."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + LIVES))
def test_whatever_goes_wrong_every_promise_is_kept(seed: int, tmp_path: Path, migrated_file: Path) -> None:
    lived = live(seed, tmp_path, migrated_file)

    assert lived.broken == {}
    assert lived.heard > 0


def test_the_same_seed_is_the_same_life(tmp_path: Path, migrated_file: Path) -> None:
    lives = [life(13, tmp_path / name, migrated_file) for name in ("first", "second")]

    assert lives[0].digest == lives[1].digest


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_noticed(name: str, tmp_path: Path, migrated_file: Path) -> None:
    invariant, plan = PLANTED[name]
    lives = (life(seed, tmp_path / str(seed), migrated_file, plan) for seed in range(1, PATIENCE + 1))

    assert any(broken.startswith(invariant) for one in lives for broken in one.broken)


def life(seed: int, folder: Path, template: Path, plan: Plan | None = None) -> Lived:
    folder.mkdir()
    return live(seed, folder, template, plan)
