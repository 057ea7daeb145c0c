"""Of large bodies only a few are under way at once: each is read from storage while it goes out, a chunk at a
time on the thread that sends everything. The others wait in line, and what is small passes them by.

Whoever hangs leaves room for others: an endpoint has a line of its own, which are served in turn, and no
endpoint and no account has all that may be under way.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from time import monotonic

from lacre.kit.ids import DeliveryId, EndpointId
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
        self._of_endpoint, self._of_account = max(1, at_once // 2), max(1, at_once * 3 // 4)
        self._still_held, self._sure_seconds = still_held, sure_seconds
        self._lines: dict[EndpointId, deque[tuple[float, Request, InHand]]] = {}
        """In the order in which they are served."""
        # by identity, and held so that none is given twice: the same delivery may come round again
        self._under_way: dict[int, InHand] = {}
        self._lost: list[tuple[Sending, Outcome]] = []
        """Those that were others' when their turn came: they come to nothing."""
        self._may_let_in = False

    @property
    def in_flight(self) -> int:
        return self._dispatcher.in_flight + sum(map(len, self._lines.values()))

    def start(self, request: Request, token: Sending) -> None:
        if request.parts is None or not isinstance(token, InHand):
            self._dispatcher.start(request, token)
        else:
            line = self._lines.setdefault(token.held.endpoint.id, deque())
            line.append((monotonic(), request, token))
            self._may_let_in = True

    def poll(self, timeout_seconds: float) -> list[tuple[Sending, Outcome]]:
        # first what may raise: what the other has handed out would be lost
        if self._may_let_in:
            self._let_in()
        heard = self._dispatcher.poll(0 if self._lost else timeout_seconds)
        for token, _ in heard if self._under_way else ():
            if self._under_way.pop(id(token), None):
                self._may_let_in = bool(self._lines)
        lost, self._lost = self._lost, []
        return lost + heard if lost else heard

    def wake(self) -> None:
        self._dispatcher.wake()

    def _let_in(self) -> None:
        """Starts as many as there is room for."""
        while (endpoint_id := self._next()) is not None:
            ours = self._is_ours(*self._lines[endpoint_id][0])
            _, request, token = self._take(endpoint_id)
            if ours:
                self._under_way[id(token)] = token
                self._dispatcher.start(request, token)
            else:
                self._lost.append((token, _OVER))
        self._may_let_in = False

    def _next(self) -> EndpointId | None:
        """Whose turn it is among those that may have more."""
        if len(self._under_way) >= self._at_once:
            return None
        at_work = [one.held.endpoint for one in self._under_way.values()]
        of_endpoint = Counter(one.id for one in at_work)
        of_account = Counter(one.account_id for one in at_work)
        for endpoint_id, line in self._lines.items():
            account_id = line[0][2].held.endpoint.account_id
            if of_endpoint[endpoint_id] < self._of_endpoint and of_account[account_id] < self._of_account:
                return endpoint_id
        return None

    def _take(self, endpoint_id: EndpointId) -> tuple[float, Request, InHand]:
        """The first of its line, which goes behind the others."""
        line = self._lines.pop(endpoint_id)
        first = line.popleft()
        if line:
            self._lines[endpoint_id] = line
        return first

    def _is_ours(self, since: float, _: Request, token: InHand) -> bool:
        delivery_id = token.held.delivery.id
        return since > monotonic() - self._sure_seconds or delivery_id in self._still_held([delivery_id])


# whose hold is lost has nothing written down of it either
_OVER = NoAnswer(reason="deadline", detail="it waited in line too long", timings=Timings())
