"""Delivery: claim, word, send, judge, settle. Many at once on one thread, one transaction a turn.

Nothing is held in a transaction while the network is asked. What was finished since the last turn is written
in the same transaction that claims what comes next, so that one commit serves many deliveries.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from msgspec.structs import replace

from lacre.kit.ids import DeliveryId, EndpointId
from lacre.services import Services
from lacre.webhooks.authorization import Basic, Fixed, bearing, headers_of, with_headers
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.exchange import Exchange, kept
from lacre.webhooks.ports import AttemptLine, Dispatcher
from lacre.webhooks.promise import Promise
from lacre.webhooks.repositories import Held, Settled
from lacre.webhooks.request import Answer, Outcome, Request
from lacre.webhooks.sample import as_told, is_sample, marked, promised
from lacre.webhooks.token import AccessToken
from lacre.webhooks.verdict import Ending, NotAuthorized, NotWorded, Verdict, settle
from lacre.worker.bodies import BodyDesk, Unread
from lacre.worker.clerk import AtOnce, Clerk
from lacre.worker.crash import Crash, Guard
from lacre.worker.ledger import Ledger, Limits, Written
from lacre.worker.sending import Asking, InHand, Question, Sending, on_own_terms
from lacre.worker.tokens import TokenDesk, question_of

__all__ = ["Deliverer", "Limits", "Sending"]

_UNAUTHORIZED = 401
Brought: TypeAlias = AccessToken | NotAuthorized | Request | Unread
"""What a delivery waited for, or why there is none."""
_KNOWN_PROMISES = 10_000
# for a delivery whose dialect cannot even say what it promises: a bug, which gets two days to be mended
_UNKNOWN = Promise(waits=(timedelta(hours=1),) * 48)


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
        clerk: Clerk | None = None,
        news: threading.Event | None = None,
    ) -> None:
        """`may_claim` is asked after each wait, which may have been longer than it was told to be; `news` is
        set when something may have become due."""
        self._may_claim, self._news = may_claim, news or threading.Event()
        self._services, self._dispatcher, self._worker_id = services, dispatcher, worker_id
        self._guard, self._roll, self._limits = guard, roll, limits or Limits()
        self._tokens = TokenDesk(services, dispatcher, worker_id, guard=guard)
        self._bodies = BodyDesk(services.files, dispatcher.wake, guard=guard)
        self._in_hand: dict[DeliveryId, InHand] = {}
        self._ledger = Ledger(services, worker_id, clerk or AtOnce(), self._limits)
        self._waited: list[tuple[InHand, Brought]] = []
        self._promises: dict[EndpointId, tuple[Endpoint, Promise]] = {}
        self._now = services.clock()

    @property
    def idle(self) -> bool:
        return not self._in_hand and not self._ledger.busy

    def turn(self, wait_seconds: float, *, claim: bool = True) -> None:
        """Waits for an outcome, a wake-up or the time to pass, then does what there is to do."""
        heard = self._dispatcher.poll(self._ledger.patience(wait_seconds, len(self._in_hand)))
        self._now = self._services.clock()
        for sending, outcome in heard:
            if isinstance(sending, Asking):
                self._tokens.hear(sending, outcome)
            elif self._is_mine(sending):
                self._hear(sending, outcome)
        took = self._take_written()
        if self._is_time(took=took):
            self._write_and_claim(claim=claim)
            self._take_written()
        self._waited += [*self._tokens.turn(), *self._bodies.turn()]
        if self._waited:
            self._go_on_with_what_waited()

    def recover(self) -> None:
        self._ledger.recover()

    def give_back(self) -> None:
        """At the end: whatever is still under way is left to other workers."""
        self._bodies.close()
        self._ledger.close()
        if written := self._ledger.take():
            self._note(written)
        with self._services.open_work() as work:
            work.deliveries.release_strays(self._worker_id, ())
        self._in_hand.clear()

    # ── one turn ─────────────────────────────────────────────────────────────

    def _is_time(self, *, took: bool) -> bool:
        """What was just looked for in vain is not looked for again before there are news."""
        if self._ledger.busy:
            return False
        if self._ledger.pressing:
            return self._news.is_set() or self._ledger.is_full(len(self._in_hand))
        return self._news.is_set() or not took

    def _write_and_claim(self, *, claim: bool) -> None:
        busy = self._dispatcher.in_flight + self._tokens.waiting + self._bodies.waiting
        room = max(self._limits.at_once - busy, 0) if claim and self._may_claim() else 0
        if room or self._ledger.pressing:
            self._news.clear()
            self._ledger.begin(room, now=self._now, in_hand=self._in_hand)

    def _take_written(self) -> bool:
        """Begins what was claimed; whether there was anything to take."""
        written = self._ledger.take()
        if written is None:
            return False
        self._note(written)
        if self._may_claim():
            self._now = self._services.clock()
            for held in written.claimed:
                self._begin(held)
        else:
            # we may have stood still since, and others have them
            self._ledger.look_for_strays()
        return True

    def _note(self, written: Written) -> None:
        batch = written.batch
        sent = [self._in_hand.pop(one.delivery_id, None) for one in batch]
        pairs = zip(sent, batch, strict=True)
        lines = [_line(sending.held, settled) for sending, settled in pairs if sending is not None]
        if lines:
            self._services.attempt_log(lines)
        if written.kept:
            of = [None if one is None else one.held.delivery for one in sent]
            self._services.measures.attempted(batch, of)
        elif batch:
            self._services.measures.lost("deliveries", len(batch))

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
            now=self._now,
            roll=self._roll,
            scale=self._services.settings.time_scale,
            began_at=sending.at if sending.promise.on_schedule else None,
        )
        self._ledger.add(_settled(sending, outcome, verdict))


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
        by_type=verdict.by_type,
        stop_type=held.kept.event.type if verdict.stop_type else "",
        sample=is_sample(held.kept.event.type),
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
