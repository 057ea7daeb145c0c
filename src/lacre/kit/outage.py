"""What is no bug of ours and passes by itself: a database or a bucket that is away, a disk without room."""

from __future__ import annotations

import errno

AWAY = "The database or the files are away, or there is no room for what is written. Try again in a while."
"""What whoever asks is told; where it happened is in the log."""
COME_BACK_SECONDS = 5
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


class Outage(Exception):
    """In a line, for the log: no trace says more."""


def is_outage(problem: BaseException) -> bool:
    return isinstance(problem, Outage) or (isinstance(problem, OSError) and problem.errno in _NO_ROOM)
