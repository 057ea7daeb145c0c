"""The machine's clock, and how far it can be trusted."""

from __future__ import annotations

import ctypes
from datetime import UTC, datetime

from lacre.signing.evidence import TimeSource

_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


def time_source() -> TimeSource:
    state = _kernel_state()
    if state is None:
        return TimeSource.SERVER
    if state == _UNSYNCHRONISED:
        return TimeSource.SERVER_UNSYNCHRONISED
    return TimeSource.SERVER_SYNCHRONISED


def _kernel_state() -> int | None:
    """What adjtimex(2) answers when nothing is to be changed; `None` where there is no such thing."""
    # larger than any struct timex; zeros ask for nothing
    asked = ctypes.create_string_buffer(512)
    try:
        state = int(ctypes.CDLL(None).adjtimex(asked))
    except (AttributeError, OSError):
        return None
    return state if state >= 0 else None
