"""Many exchanges at once on one CurlMulti, driven by the thread that polls."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from itertools import count
from threading import get_ident
from time import monotonic
from typing import Generic, TypeVar

import pycurl

from lacre.engines.http.address import Network
from lacre.engines.http.idle import Idle
from lacre.engines.http.pools import Pools
from lacre.engines.http.resolve import Found, Lookups
from lacre.engines.http.target import Target, read_target
from lacre.engines.http.transfer import Allowance, Transfer
from lacre.engines.http.veto import Veto
from lacre.engines.http.watch import Watch
from lacre.webhooks.request import NoAnswer, Outcome, Reason, Request, Timings

Token = TypeVar("Token")

_KEPT_HANDLES = 512
_QUICK_AT_ONCE = 64
"""More at once make each dearer, since libcurl looks through all their connections, and none sooner."""
_QUICK_SECONDS = 0.01
"""Whoever takes longer does not count as quick any more, and keeps nobody waiting."""
_ENOUGH = 1024
_GATHER_SECONDS = 0.06
"""How long outcomes are gathered while others wait to begin: many are written down in one commit."""


class Exchange(Generic[Token]):
    """One request on its way: first its name, then its transfer, perhaps to a second address."""

    __slots__ = (
        "began",
        "dns",
        "found",
        "named",
        "number",
        "request",
        "special",
        "target",
        "token",
        "transfer",
        "tried",
    )

    def __init__(self, request: Request, token: Token, number: int) -> None:
        self.request, self.token, self.number = request, token, number
        self.began: float
        self.special = _is_special(request)
        self.dns = 0.0
        self.target: Target
        self.found: Found
        self.transfer: Transfer
        self.tried = 0
        self.named = False
        """Its name was found, or given up on."""

    @property
    def has_more_addresses(self) -> bool:
        return self.tried < len(self.found.addresses)

    @property
    def ends_at(self) -> float:
        return self.began + self.request.deadline_seconds

    def left(self, now: float) -> float:
        """Seconds; exactly all of them for one that has just begun: equal options are set only once."""
        return self.request.deadline_seconds - (now - self.began)


class Exchanges(Generic[Token]):
    """`start` and `wake` from any thread; `poll` and `close` from one."""

    def __init__(
        self, lookups: Lookups, allow: tuple[Network, ...], *, ca_file: str, proxy: str = ""
    ) -> None:
        self._lookups, self._ca_file, self._proxy = lookups, ca_file, proxy
        self._watch = Watch()
        self._veto = Veto(allow, self._watch.forget)
        self._pools = Pools()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch.want)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._timer_at: float | None = None
        self._numbers = count()
        self._arrived: deque[Exchange[Token]] = deque()
        self._named: deque[tuple[Exchange[Token], Found]] = deque()
        self._naming: list[tuple[float, int, Exchange[Token]]] = []
        self._naming_count = 0
        self._running: dict[pycurl.Curl, Exchange[Token]] = {}
        self._quick: dict[int, float] = {}
        """By number, when those began that may still be quick; oldest first."""
        self._done: list[tuple[Token, Outcome]] = []
        self._idle = Idle(_KEPT_HANDLES)
        self._poller = 0
        self._nudged = self._woken = False

    @property
    def in_flight(self) -> int:
        return len(self._arrived) + self._naming_count + len(self._running) + len(self._done)

    def start(self, request: Request, token: Token) -> None:
        self._arrived.append(Exchange(request, token, next(self._numbers)))
        if get_ident() != self._poller:
            self._nudge()

    def wake(self) -> None:
        self._woken = True
        self._nudge()

    def poll(self, timeout_seconds: float) -> list[tuple[Token, Outcome]]:
        self._poller = get_ident()
        until = monotonic() + timeout_seconds
        self._step(0.0 if self._woken else timeout_seconds)
        gathered_by = monotonic() + _GATHER_SECONDS
        while not self._woken and not self._enough(gathered_by):
            left = until - monotonic()
            if left <= 0:
                break
            self._step(left)
        self._woken = False
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """Whatever is under way is dropped, unanswered."""
        for curl, exchange in self._running.items():
            self._multi.remove_handle(curl)
            exchange.transfer.close()
        self._running.clear()
        self._idle.clear()
        self._multi.close()
        self._watch.close()

    # ── one turn ─────────────────────────────────────────────────────────────

    def _enough(self, gathered_by: float) -> bool:
        if not self._done:
            return False
        return not self._arrived or len(self._done) >= _ENOUGH or monotonic() > gathered_by

    def _step(self, seconds: float) -> None:
        self._admit()
        self._move(self._wait(0.0 if self._done else seconds))
        self._collect()

    def _admit(self) -> None:
        now = monotonic()
        self._forget_the_slow(now)
        while self._arrived and len(self._quick) < _QUICK_AT_ONCE:
            self._direct(self._arrived.popleft(), now)
        while self._named:
            exchange, found = self._named.popleft()
            if not exchange.named:
                self._naming_count -= 1
                exchange.named = True
                exchange.dns = monotonic() - exchange.began
                self._connect(exchange, found, monotonic())
        if self._naming:
            self._give_up_on_names()
        if self._pools.sweep(now):
            for transfer in self._idle:
                transfer.join(None)

    def _forget_the_slow(self, now: float) -> None:
        while self._quick:
            number, began = next(iter(self._quick.items()))
            if now - began < _QUICK_SECONDS:
                break
            del self._quick[number]

    def _wait(self, seconds: float) -> list[tuple[int, int]]:
        now = monotonic()
        if self._arrived:
            seconds = min(seconds, _QUICK_SECONDS)
        if self._timer_at is not None:
            seconds = min(seconds, self._timer_at - now)
        if self._naming:
            seconds = min(seconds, self._naming[0][0] - now)
        return self._watch.ready(max(seconds, 0.0))

    def _move(self, events: list[tuple[int, int]]) -> None:
        self._nudged = False
        act = self._multi.socket_action
        for descriptor, event in events:
            act(descriptor, event)
        if self._timer_at is not None and self._timer_at <= monotonic():
            self._timer_at = None
            act(pycurl.SOCKET_TIMEOUT, 0)

    def _collect(self) -> None:
        left = 1
        while left:
            left, over, broken = self._multi.info_read()
            for curl in over:
                self._finish(curl, pycurl.E_OK, "")
            for curl, code, detail in broken:
                self._finish(curl, code, detail)

    def _nudge(self) -> None:
        if not self._nudged:
            self._nudged = True
            self._watch.nudge()

    def _set_timer(self, milliseconds: int) -> None:
        self._timer_at = None if milliseconds < 0 else monotonic() + milliseconds / 1000

    # ── one exchange ─────────────────────────────────────────────────────────

    def _direct(self, exchange: Exchange[Token], now: float) -> None:
        # all that come in one turn begin now: equal deadlines are equal options, which are set once
        exchange.began = self._quick[exchange.number] = now
        target = read_target(exchange.request.url)
        if isinstance(target, str):
            self._fail(exchange, "url_invalid", target)
            return
        exchange.target = target
        found = self._lookups.known(target)
        if found:
            self._connect(exchange, found, now)
        else:
            self._look_up(exchange)

    def _look_up(self, exchange: Exchange[Token]) -> None:
        def tell(found: Found) -> None:
            self._named.append((exchange, found))
            self._nudge()

        heappush(self._naming, (exchange.ends_at, exchange.number, exchange))
        self._naming_count += 1
        self._lookups.ask(exchange.target.host, exchange.request.pool_key, tell)

    def _give_up_on_names(self) -> None:
        now = monotonic()
        while self._naming and (self._naming[0][2].named or self._naming[0][0] <= now):
            exchange = heappop(self._naming)[2]
            if not exchange.named:
                self._naming_count -= 1
                exchange.named = True
                self._fail(exchange, "deadline", "the name was not found in time")

    def _connect(self, exchange: Exchange[Token], found: Found, now: float) -> None:
        reason = found.refuses(exchange.target)
        if reason:
            self._fail(exchange, reason, found.problem or "this port is not to be reached")
            return
        exchange.found = found
        exchange.transfer = self._transfer(exchange)
        self._run(exchange, now)

    def _run(self, exchange: Exchange[Token], now: float) -> None:
        transfer = exchange.transfer
        addresses, tried = exchange.found.addresses, exchange.tried
        left = Allowance.share(exchange.left(now), len(addresses) - tried, spent=exchange.dns)
        exchange.tried += 1
        try:
            transfer.load(exchange.request, exchange.target, addresses[tried], time=left)
        except ValueError as problem:
            self._put_back(exchange)
            self._fail(exchange, "headers_invalid", str(problem))
            return
        transfer.join(self._pools.of(exchange.request.pool_key, now))
        self._running[transfer.curl] = exchange
        self._multi.add_handle(transfer.curl)

    def _finish(self, curl: pycurl.Curl, code: int, detail: str) -> None:
        exchange = self._running.pop(curl)
        self._quick.pop(exchange.number, None)
        self._multi.remove_handle(curl)
        if exchange.has_more_addresses and exchange.transfer.never_connected(code):
            self._run(exchange, monotonic())
            return
        self._done.append((exchange.token, exchange.transfer.outcome(code, detail)))
        self._put_back(exchange)

    def _fail(self, exchange: Exchange[Token], reason: Reason, detail: str) -> None:
        self._quick.pop(exchange.number, None)
        took = Timings(dns=exchange.dns, total=monotonic() - exchange.began)
        self._done.append((exchange.token, NoAnswer(reason=reason, detail=detail, timings=took)))

    def _transfer(self, exchange: Exchange[Token]) -> Transfer:
        request = exchange.request
        if not exchange.special:
            known = self._idle.take((request.url, request.pool_key))
            if known is not None:
                return known
        transfer = Transfer(self._veto, ca_file=self._ca_file, proxy=self._proxy)
        transfer.be_special(request)
        return transfer

    def _put_back(self, exchange: Exchange[Token]) -> None:
        request, transfer = exchange.request, exchange.transfer
        if exchange.special or not self._idle.put((request.url, request.pool_key), transfer):
            transfer.close()


def _is_special(request: Request) -> bool:
    """Its handle serves it alone: it holds somebody's certificate, or a body that is not held."""
    return request.ca_pem is not None or request.client_pem is not None or request.parts is not None
