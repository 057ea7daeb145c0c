"""Of large bodies only a few are under way at once: each is read from storage while it goes out, a chunk at a
time on the thread that sends everything. The others wait in line, and what is small passes them by."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from time import monotonic

from lacre.kit.ids import DeliveryId
from lacre.webhooks.ports import Dispatcher
from lacre.webhooks.request import NoAnswer, Outcome, Request, Timings
from lacre.worker.sending import InHand, Sending

SURE_SECONDS = 1.0
"""Whoever waited for longer is looked up: this worker may have been called dead, and others sent it."""


class Streams:
    """A dispatcher before another. What waits in line counts as in flight, so that it ends somewhere."""

    def __init__(
        self,
        dispatcher: Dispatcher[Sending],
        at_once: int,
        still_held: Callable[[Sequence[DeliveryId]], Collection[DeliveryId]],
        *,
        sure_seconds: float = SURE_SECONDS,
    ) -> None:
        self._dispatcher, self._at_once = dispatcher, at_once
        self._still_held, self._sure_seconds = still_held, sure_seconds
        self._line: deque[tuple[float, Request, InHand]] = deque()
        # by identity, and held so that none is given twice: the same delivery may come round again
        self._under_way: dict[int, Sending] = {}

    @property
    def in_flight(self) -> int:
        return self._dispatcher.in_flight + len(self._line)

    def start(self, request: Request, token: Sending) -> None:
        if request.parts is None or not isinstance(token, InHand):
            self._dispatcher.start(request, token)
        else:
            self._line.append((monotonic(), request, token))

    def poll(self, timeout_seconds: float) -> list[tuple[Sending, Outcome]]:
        # first what may raise: what the other has handed out would be lost
        lost = self._let_in() if self._line else []
        heard = self._dispatcher.poll(0 if lost else timeout_seconds)
        if self._under_way:
            for token, _ in heard:
                self._under_way.pop(id(token), None)
        return lost + heard if lost else heard

    def wake(self) -> None:
        self._dispatcher.wake()

    def _let_in(self) -> list[tuple[Sending, Outcome]]:
        """Starts as many as there is room for; those that are no longer ours come to nothing."""
        room = min(self._at_once - len(self._under_way), len(self._line))
        first = [self._line[place] for place in range(room)]
        ours = self._ours(first)
        lost: list[tuple[Sending, Outcome]] = []
        for _, request, token in first:
            self._line.popleft()
            if token.held.delivery.id in ours:
                self._under_way[id(token)] = token
                self._dispatcher.start(request, token)
            else:
                lost.append((token, _OVER))
        return lost

    def _ours(self, first: Sequence[tuple[float, Request, InHand]]) -> Collection[DeliveryId]:
        ids = [token.held.delivery.id for _, _, token in first]
        sure_since = monotonic() - self._sure_seconds
        return ids if all(since > sure_since for since, _, _ in first) else self._still_held(ids)


# whose hold is lost has nothing written down of it either
_OVER = NoAnswer(reason="deadline", detail="it waited in line too long", timings=Timings())
