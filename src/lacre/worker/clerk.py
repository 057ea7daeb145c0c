"""Who runs a deliverer's transactions: its own thread, or another while the network goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Clerk(Protocol):
    """One thing at a time: who begins another has seen the one before done."""

    gather_seconds: float
    """How long it pays to wait for more to do at once; beside it there is something else to be done."""

    def begin(self, do: Callable[[], Result], /) -> Future[Result]: ...

    def close(self) -> None:
        """Waits for what was begun."""
        ...


class AtOnce:
    """For SQLite, which works in our process: two threads would only hand the interpreter to and fro."""

    gather_seconds = 0.0

    def begin(self, do: Callable[[], Result], /) -> Future[Result]:
        done: Future[Result] = Future()
        done.set_result(do())
        return done

    def close(self) -> None:
        """Nothing is under way."""


class Aside:
    """For PostgreSQL: while its server works and its disk is waited for, others are sent."""

    gather_seconds = 0.02

    def __init__(self, wake: Callable[[], None]) -> None:
        """`wake` is called from the other thread, once what was begun is done."""
        self._wake = wake
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lacre-clerk")

    def begin(self, do: Callable[[], Result], /) -> Future[Result]:
        begun = self._thread.submit(do)
        begun.add_done_callback(lambda _: self._wake())
        return begun

    def close(self) -> None:
        self._thread.shutdown(wait=True)
