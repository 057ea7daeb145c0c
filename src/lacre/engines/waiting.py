"""A room for requests that wait for something to be committed: they hold no thread and no transaction."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from lacre.kit.ids import AccountId

Found = TypeVar("Found")

MOST = 512
MOST_OF_ONE = 32
"""Of one account; whoever comes when it is full is answered at once, and asks again."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Between looks: other processes commit too, and news may have to wait for an older transaction to end."""


@dataclass(eq=False)
class _Waiter:
    account_id: AccountId
    loop: asyncio.AbstractEventLoop
    news: asyncio.Event = field(default_factory=asyncio.Event)


class WaitingRoom:
    """Any number of event loops and threads may use one."""

    def __init__(self, *, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._there: set[_Waiter] = set()
        self._of: Counter[AccountId] = Counter()
        self._lock = threading.Lock()
        self._closed = False

    def hear(self, accounts: Collection[AccountId]) -> None:
        """Something of theirs was committed. From any thread."""
        if self._there:
            self._wake(lambda waiter: waiter.account_id in accounts)

    def close(self) -> None:
        """Everybody is answered with what there is, now and later: nobody keeps a server from stopping."""
        self._closed = True
        self._wake(lambda _: True)

    async def until(
        self,
        account_id: AccountId,
        look: Callable[[], Found],
        enough: Callable[[Found], bool],
        *,
        seconds: float,
        gone: Callable[[], Awaitable[bool]],
    ) -> Found:
        """Looks until it is enough, and answers with what was seen last. `gone`: whoever asked has left."""
        with self._place(account_id) as waiter:
            ends_at, pause = asyncio.get_running_loop().time() + seconds, FIRST_PAUSE
            while True:
                found = await run_in_threadpool(look)
                left = ends_at - asyncio.get_running_loop().time()
                if waiter is None or self._closed or left <= 0 or enough(found) or await gone():
                    return found
                heard = await _heard(waiter.news, min(pause, left))
                pause = FIRST_PAUSE if heard else min(2 * pause, LONGEST_PAUSE)

    @contextmanager
    def _place(self, account_id: AccountId) -> Iterator[_Waiter | None]:
        waiter = _Waiter(account_id, asyncio.get_running_loop())
        with self._lock:
            full = len(self._there) >= self._most or self._of[account_id] >= self._most_of_one
            if not full:
                self._there.add(waiter)
                self._of[account_id] += 1
        try:
            yield None if full else waiter
        finally:
            if not full:
                self._leave(waiter)

    def _leave(self, waiter: _Waiter) -> None:
        with self._lock:
            self._there.discard(waiter)
            self._of[waiter.account_id] -= 1
            if not self._of[waiter.account_id]:
                del self._of[waiter.account_id]

    def _wake(self, meant: Callable[[_Waiter], bool]) -> None:
        with self._lock:
            woken = [waiter for waiter in self._there if meant(waiter)]
        for waiter in woken:
            # its loop may have ended meanwhile
            with contextlib.suppress(RuntimeError):
                waiter.loop.call_soon_threadsafe(waiter.news.set)


async def _heard(news: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return False
    news.clear()
    return True
