"""Delivery: claim, word, send, judge, settle. Many at once on one thread, one transaction a turn.

Nothing is held in a transaction while the network is asked. What was finished since the last turn is written
in the same transaction that claims what comes next, so that one commit serves many deliveries.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeAlias

from msgspec.structs import replace

from lacre.kit.ids import DeliveryId, EndpointId
from lacre.kit.jobs import HoldLost
from lacre.services import Services
from lacre.webhooks.authorization import Basic, Fixed, bearing, headers_of, with_headers
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.exchange import Exchange, kept
from lacre.webhooks.ports import AttemptLine, Dispatcher
from lacre.webhooks.promise import Promise
from lacre.webhooks.repositories import Deliveries, Held, Settled
from lacre.webhooks.request import Answer, Outcome, Request
from lacre.webhooks.sample import as_told, is_sample, marked, promised
from lacre.webhooks.token import AccessToken
from lacre.webhooks.verdict import Ending, NotAuthorized, NotWorded, Verdict, settle
from lacre.worker.bodies import BodyDesk, Unread
from lacre.worker.crash import Crash, Guard
from lacre.worker.sending import Asking, InHand, Question, Sending, on_own_terms
from lacre.worker.tokens import TokenDesk, question_of

__all__ = ["Deliverer", "Limits", "Sending"]

_UNAUTHORIZED = 401
Brought: TypeAlias = AccessToken | NotAuthorized | Request | Unread
"""What a delivery waited for, or why there is none."""
_KNOWN_PROMISES = 10_000
# for a delivery whose dialect cannot even say what it promises: a bug, which gets two days to be mended
_UNKNOWN = Promise(waits=(timedelta(hours=1),) * 48)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Held by one worker: most of them are under way for moments only, the others wait to begin."""

    at_once: int = 1024
    per_endpoint: int = 64
    """By all workers together."""
    per_account: int | None = None
    """None: half of `at_once`, so that whoever hangs leaves the other half to the others, and a second worker
    finds room too: all of it would be all that 16 endpoints may have under way."""
    batch: int = 1024

    @property
    def of_account(self) -> int:
        return max(1, self.at_once // 2) if self.per_account is None else self.per_account


class Deliverer:
    """`turn` again and again, from one thread; after it raised, `recover` before the next."""

    def __init__(
        self,
        services: Services,
        dispatcher: Dispatcher[Sending],
        worker_id: str,
        *,
        guard: Guard,
        roll: Callable[[], float],
        limits: Limits | None = None,
        may_claim: Callable[[], bool] = lambda: True,
    ) -> None:
        """`may_claim` is asked after each wait, which may have been longer than it was told to be."""
        self._may_claim = may_claim
        self._services, self._dispatcher, self._worker_id = services, dispatcher, worker_id
        self._guard, self._roll, self._limits = guard, roll, limits or Limits()
        self._tokens = TokenDesk(services, dispatcher, worker_id, guard=guard)
        self._bodies = BodyDesk(services.files, dispatcher.wake, guard=guard)
        self._in_hand: dict[DeliveryId, InHand] = {}
        self._finished: deque[Settled] = deque()
        self._waited: list[tuple[InHand, Brought]] = []
        self._promises: dict[EndpointId, tuple[Endpoint, Promise]] = {}
        self._now = services.clock()
        self._singly = 0
        self._may_have_strays = False

    @property
    def idle(self) -> bool:
        return not self._in_hand

    def turn(self, wait_seconds: float, *, claim: bool = True) -> None:
        """Waits for an outcome, a wake-up or the time to pass, then does what there is to do."""
        heard = self._dispatcher.poll(0 if self._finished else wait_seconds)
        self._now = self._services.clock()
        for sending, outcome in heard:
            if isinstance(sending, Asking):
                self._tokens.hear(sending, outcome)
            elif self._is_mine(sending):
                self._hear(sending, outcome)
        busy = self._dispatcher.in_flight + self._tokens.waiting + self._bodies.waiting
        room = max(self._limits.at_once - busy, 0) if claim and self._may_claim() else 0
        if room or self._finished:
            claimed = self._write_and_claim(room)
            self._now = self._services.clock()
            for held in claimed:
                self._begin(held)
        self._waited += [*self._tokens.turn(), *self._bodies.turn()]
        if self._waited:
            self._go_on_with_what_waited()

    def recover(self) -> None:
        """What is finished is written one by one for once, so that none can keep the others from it."""
        self._finished.rotate(-1)
        self._singly = len(self._finished)
        self._may_have_strays = True

    def give_back(self) -> None:
        """At the end: whatever is still under way is left to other workers."""
        self._bodies.close()
        with self._services.open_work() as work:
            work.deliveries.release(self._worker_id, list(self._in_hand))
        self._in_hand.clear()
        self._finished.clear()

    # ── one turn ─────────────────────────────────────────────────────────────

    def _write_and_claim(self, room: int) -> Sequence[Held]:
        batch = list(islice(self._finished, 1 if self._singly else self._limits.batch))
        written = 0
        try:
            with self._services.open_work() as work:
                if batch:
                    written = work.deliveries.settle(self._worker_id, batch)
                if self._may_have_strays:
                    work.deliveries.release_strays(self._worker_id, self._in_hand)
                claimed = self._claim(work.deliveries, room) if room else ()
        except HoldLost:
            self.recover()
            return ()
        sent = self._written(batch)
        if written:
            self._services.measures.attempted(batch, sent)
        elif batch:
            self._services.measures.lost("deliveries", len(batch))
        return claimed

    def _claim(self, deliveries: Deliveries, room: int) -> Sequence[Held]:
        per_endpoint, per_account = self._limits.per_endpoint, self._limits.of_account
        return deliveries.claim(
            self._worker_id, now=self._now, limit=room, per_endpoint=per_endpoint, per_account=per_account
        )

    def _written(self, batch: Sequence[Settled]) -> Sequence[Delivery | None]:
        """What each was sent for."""
        self._may_have_strays = False
        self._singly = max(0, self._singly - 1)
        for _ in batch:
            self._finished.popleft()
        sent = [self._in_hand.pop(one.delivery_id, None) for one in batch]
        pairs = zip(sent, batch, strict=True)
        lines = [_line(sending.held, settled) for sending, settled in pairs if sending is not None]
        if lines:
            self._services.attempt_log(lines)
        return [None if one is None else one.held.delivery for one in sent]

    def _go_on_with_what_waited(self) -> None:
        """As far as it is still ours: whoever waits for long may be called dead, and others have sent it."""
        waited = {one[0].held.delivery.id: one for one in self._waited if self._is_mine(one[0])}
        with self._services.open_work() as work:
            held = work.deliveries.still_held(self._worker_id, list(waited))
        self._waited.clear()
        for delivery_id, (sending, brought) in waited.items():
            if delivery_id not in held:
                del self._in_hand[delivery_id]
            elif isinstance(brought, AccessToken | NotAuthorized):
                self._go_on(sending, brought)
            else:
                self._send(sending, brought)

    # ── one delivery ─────────────────────────────────────────────────────────

    def _is_mine(self, sending: InHand) -> bool:
        """Not one that was given back and claimed anew meanwhile."""
        return self._in_hand.get(sending.held.delivery.id) is sending

    def _begin(self, held: Held) -> None:
        sending, problem = self._word(held)
        self._take(sending)
        if problem:
            self._finish(sending, NotWorded(detail=problem))
        elif sending.question is None:
            self._start(sending)
        else:
            token = self._tokens.known(sending.question, sending.at)
            self._bear(sending, token) if token else self._tokens.wait(sending)

    def _word(self, held: Held) -> tuple[InHand, str]:
        """In the endpoint's dialect; without a request, and with what went wrong, when that has a bug."""
        now, promise = self._now, promised(self._promise(held.endpoint), held.kept.event.type)
        worded = self._guard(partial(_worded, self._services, held, promise, now))
        if isinstance(worded, Crash):
            return InHand(held=held, promise=promise, at=now, request=None), worded.problem
        request, question = worded
        return InHand(held=held, promise=promise, at=now, request=request, question=question), ""

    def _promise(self, endpoint: Endpoint) -> Promise:
        """What its dialect promised it, asked once: an endpoint that was changed is another object."""
        known = self._promises.get(endpoint.id)
        if known is not None and known[0] is endpoint:
            return known[1]
        said = self._guard(partial(_promised, self._services, endpoint))
        promise = _UNKNOWN if isinstance(said, Crash) else said
        if len(self._promises) >= _KNOWN_PROMISES:
            self._promises.clear()
        self._promises[endpoint.id] = (endpoint, promise)
        return promise

    def _take(self, sending: InHand) -> None:
        self._in_hand[sending.held.delivery.id] = sending

    def _start(self, sending: InHand) -> None:
        request = sending.request
        if request is None:
            return
        if request.parts is not None and not request.parts.known:
            self._bodies.wait(sending, request, request.parts)
        else:
            self._dispatcher.start(request, sending)

    def _send(self, sending: InHand, request: Request | Unread) -> None:
        """With its body read, if it could be."""
        if isinstance(request, Request):
            read = replace(sending, request=request)
            self._take(read)
            self._start(read)
        else:
            self._finish(replace(sending, request=None), request)

    def _bear(self, sending: InHand, token: AccessToken) -> None:
        """Sends it with the token that it waited for."""
        bearing = replace(sending, token=token, request=_authorized(sending, token))
        self._take(bearing)
        self._start(bearing)

    def _hear(self, sending: InHand, outcome: Outcome) -> None:
        if sending.token and _refuses_token(sending.token, sending.at, outcome):
            again = replace(sending, token=None, refused=sending.token.value)
            self._take(again)
            self._tokens.wait(again)
        else:
            self._finish(sending, outcome)

    def _go_on(self, sending: InHand, token: AccessToken | NotAuthorized) -> None:
        if isinstance(token, AccessToken):
            self._bear(sending, token)
        else:
            self._finish(replace(sending, request=None), token)

    def _finish(self, sending: InHand, outcome: Ending) -> None:
        verdict = settle(
            sending.held.delivery,
            outcome,
            sending.promise,
            now=sending.at if sending.promise.on_schedule else self._now,
            roll=self._roll,
            scale=self._services.settings.time_scale,
        )
        self._finished.append(_settled(sending, outcome, verdict))


def _promised(services: Services, endpoint: Endpoint) -> Promise:
    return services.wordings[endpoint.dialect].promise(endpoint)


def _worded(
    services: Services, held: Held, promise: Promise, now: datetime
) -> tuple[Request, Question | None]:
    return _request(services, held, now), question_of(held, promise)


def _request(services: Services, held: Held, now: datetime) -> Request:
    endpoint, attempt, event_type = held.endpoint, held.delivery.attempts + 1, held.kept.event.type
    sample = is_sample(event_type)
    told = as_told(held.kept) if sample else held.kept
    wording = services.wordings[endpoint.dialect]
    request = wording.request(told, endpoint, links=services.links, attempt=attempt, now=now)
    if isinstance(endpoint.secrets.authorization, Fixed | Basic):
        request = with_headers(request, headers_of(endpoint.secrets.authorization))
    if services.traceparent is not None:
        traced = services.traceparent(held.delivery, attempt)
        request = with_headers(request, (("traceparent", traced),))
    request = on_own_terms(request, endpoint)
    return marked(request, event_type) if sample else request


def _authorized(sending: InHand, token: AccessToken) -> Request | None:
    if sending.request is None or sending.question is None:
        return sending.request
    return with_headers(sending.request, bearing(sending.question.asked, token.value))


def _refuses_token(token: AccessToken, at: datetime, outcome: Outcome) -> bool:
    """One that was fetched before this attempt: it may have ended early. A fresh one is no better anew."""
    refused = isinstance(outcome, Answer) and outcome.status == _UNAUTHORIZED
    return refused and token.fetched_at < at


def _settled(sending: InHand, outcome: Ending, verdict: Verdict) -> Settled:
    held = sending.held
    exchange = Exchange(at=sending.at, request=sending.request, outcome=outcome)
    ok = verdict.status is DeliveryStatus.DELIVERED
    return Settled(
        delivery_id=held.delivery.id,
        endpoint_id=held.endpoint.id,
        attempt=kept(exchange, delivery=held.delivery, endpoint=held.endpoint, ok=ok),
        status=verdict.status,
        due_at=verdict.due_at,
        disable_endpoint=verdict.disable_endpoint,
        stop_type=held.kept.event.type if verdict.stop_type else "",
    )


def _line(held: Held, settled: Settled) -> AttemptLine:
    attempt = settled.attempt
    return AttemptLine(
        delivery=held.delivery.id,
        type=held.kept.event.type,
        endpoint=held.endpoint.id,
        number=attempt.number,
        status=attempt.status_code,
        reason=attempt.reason,
        ms=attempt.milliseconds,
        then=settled.status.value,
    )
