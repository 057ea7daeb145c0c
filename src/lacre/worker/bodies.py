"""Bodies that are not held are read before they are sent, in threads: for their length and signatures."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from lacre.documents.files import Files
from lacre.webhooks.authorization import with_parts
from lacre.webhooks.body import BodyParts
from lacre.webhooks.request import NoAnswer, Request, Timings
from lacre.webhooks.verdict import NotWorded
from lacre.worker.crash import Crash, Guard
from lacre.worker.sending import InHand

THREADS = 2
"""A hundred megabytes take a fifth of a second, and the disk, or the bucket, what it takes."""


Unread: TypeAlias = NoAnswer | NotWorded
"""Why there is nothing to send."""


class BodyDesk:
    """Deliveries wait here; `turn` gives them back with their body read, or with what went wrong."""

    def __init__(self, files: Files, wake: Callable[[], None], *, guard: Guard) -> None:
        """`wake` is called from other threads when one is ready."""
        self._files, self._wake, self._guard = files, wake, guard
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="lacre-body")
        self._ready: deque[tuple[InHand, Request | Unread]] = deque()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        return self._waiting

    def wait(self, sending: InHand, request: Request, parts: BodyParts) -> None:
        self._waiting += 1
        self._threads.submit(self._read, sending, request, parts)

    def turn(self) -> list[tuple[InHand, Request | Unread]]:
        ready = [self._ready.popleft() for _ in range(len(self._ready))]
        self._waiting -= len(ready)
        return ready

    def close(self) -> None:
        """Waits for the one or two that are being read."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _read(self, sending: InHand, request: Request, parts: BodyParts) -> None:
        read = self._guard(partial(_read, request, parts, self._files))
        self._ready.append((sending, NotWorded(detail=read.problem) if isinstance(read, Crash) else read))
        self._wake()


def _read(request: Request, parts: BodyParts, files: Files) -> Request | NoAnswer:
    try:
        return with_parts(request, *parts.read(files))
    except (OSError, LookupError) as problem:
        detail = f"{type(problem).__name__}: {problem}"
        return NoAnswer(reason="file_unreadable", detail=detail, timings=Timings())
