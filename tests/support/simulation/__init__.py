"""Two days of deliveries in about a second: the real deliverer and the real store, and a clock that jumps.

Everything that chance decides comes from the seed, so that a seed that fails can be lived through again:

    python -m tests.support.simulation SEED
"""

from __future__ import annotations

from tests.support.simulation.life import Lived, live
from tests.support.simulation.site import Plan

__all__ = ["Lived", "Plan", "live"]
