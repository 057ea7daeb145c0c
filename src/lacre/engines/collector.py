"""Python's garbage collector, told what kind of process this is: long-lived, with much made and let go."""

from __future__ import annotations

import gc

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50
"""By default it looks after each 700 new objects; measured, a tenth of the time of a delivery went there."""


def calm() -> None:
    """Once everything is loaded: what is there now is never looked at again, and the rest more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
