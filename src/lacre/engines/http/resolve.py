"""Names become vetted addresses, in threads of our own: a slow name server meets our deadline."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from math import inf
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeAlias

from lacre.engines.http.address import Address, Network, is_allowed, is_listed
from lacre.engines.http.fair import FairQueue
from lacre.engines.http.target import Target
from lacre.webhooks.request import Reason

Resolver: TypeAlias = Callable[[str], Sequence[Address]]
"""Blocks; raises `OSError` when there is no such name or no answer."""

KEPT_SECONDS = 15.0  # short: a receiver that moves is followed, and yet a burst costs one lookup
_FAILURE_KEPT_SECONDS = 1.0
_KEPT_NAMES = 4096
_THREADS = 64
"""Made as they are needed. Of names that do not answer nobody has more than half of them in hands."""
_TRIED_ADDRESSES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a name stands for; `addresses` as curl writes them (IPv6 in brackets), empty when `problem`."""

    addresses: tuple[str, ...] = ()
    listed: bool = False
    """The operator named all of them, so every port is open."""
    problem: str = ""
    forbidden: bool = False
    until: float

    def refuses(self, target: Target) -> Reason | None:
        """Why this target is not to be connected to; `None` when it may."""
        if self.forbidden:
            return "address_forbidden"
        if self.problem:
            return "dns_failed"
        if not target.port_is_usual and not self.listed:
            return "address_forbidden"
        return None


def ask_system(name: str) -> Sequence[Address]:
    # bytes keep Python's own IDNA codec out: the URL parser has encoded the name already
    answers = socket.getaddrinfo(name.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [ip_address(answer[4][0]) for answer in answers]


class Lookups:
    """One lookup at a time per name; answers are vetted once and kept for seconds."""

    def __init__(
        self,
        allow: tuple[Network, ...],
        resolver: Resolver = ask_system,
        *,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self._allow, self._resolver, self._kept_seconds = allow, resolver, kept_seconds
        self._kept: dict[str, Found] = {}
        self._asking: dict[str, list[Callable[[Found], None]]] = {}
        self._looked_up: set[str] = set()
        """Those of them that a thread is at."""
        self._lock = threading.Lock()
        self._queue = FairQueue(_THREADS // 2)
        self._threads = 0

    def known(self, target: Target) -> Found | None:
        """What needs no waiting: an address in the URL, or a name asked for just now."""
        found = self._fresh(target.host)
        if found is None and target.literal:
            return self._keep(target.host, self._vetted([target.literal]))
        return found

    def ask(self, host: str, whose: str, tell: Callable[[Found], None]) -> None:
        """Returns at once; `tell` is called in a lookup thread, or here if another has just been told.

        `whose` is the account, or whoever else: names that do not answer keep nobody else's waiting.
        """
        with self._lock:
            found = self._fresh(host)
            if found is None:
                self._asking.setdefault(host, []).append(tell)
                if host not in self._looked_up:
                    # in one's own line, though it may stand in another's: that one may be long
                    self._queue.put(whose, host)
                    self._staff()
        if found:
            tell(found)

    def find(self, target: Target, whose: str, seconds: float) -> Found | None:
        """Waits for the answer; `None` when it does not come in time."""
        found = self.known(target)
        if found:
            return found
        answer: SimpleQueue[Found] = SimpleQueue()
        self.ask(target.host, whose, answer.put)
        try:
            return answer.get(timeout=max(seconds, 0.0))
        except Empty:
            return None

    def close(self) -> None:
        self._queue.close()

    def _fresh(self, host: str) -> Found | None:
        found = self._kept.get(host)
        return found if found and found.until > monotonic() else None

    def _staff(self) -> None:
        # threads of our own and not an executor: that one waits for hung lookups when the program ends
        if self._threads < min(len(self._asking), _THREADS):
            self._threads += 1
            threading.Thread(target=self._work, name=f"lookup-{self._threads}", daemon=True).start()

    def _work(self) -> None:
        while (taken := self._queue.take()) is not None:
            whose, host = taken
            if self._begins(host):
                found = self._keep(host, self._look_up(host))
                for tell in self._end(host):
                    tell(found)
            self._queue.done(whose)

    def _begins(self, host: str) -> bool:
        """Not when it stood in another's line too, and is or was looked up for that one."""
        with self._lock:
            if host not in self._asking or host in self._looked_up:
                return False
            self._looked_up.add(host)
            return True

    def _end(self, host: str) -> list[Callable[[Found], None]]:
        with self._lock:
            self._looked_up.discard(host)
            return self._asking.pop(host)

    def _look_up(self, host: str) -> Found:
        try:
            answers = self._resolver(host)
        except (OSError, ValueError) as problem:
            until = monotonic() + min(self._kept_seconds, _FAILURE_KEPT_SECONDS)
            return Found(problem=str(problem), until=until)
        return self._vetted(answers)

    def _vetted(self, answers: Sequence[Address]) -> Found:
        until = monotonic() + self._kept_seconds
        # one forbidden answer is enough: which of them is connected to would be a matter of luck
        closed = [address for address in answers if not is_allowed(address, self._allow)]
        if closed:
            return Found(problem=f"{closed[0]} is not to be reached", forbidden=True, until=until)
        if not answers:
            return Found(problem="the name has no address", until=until)
        return Found(
            addresses=tuple(dict.fromkeys(map(_as_curl_writes, answers)))[:_TRIED_ADDRESSES],
            listed=all(is_listed(address, self._allow) for address in answers),
            until=until,
        )

    def _keep(self, host: str, found: Found) -> Found:
        with self._lock:
            self._kept.pop(host, None)
            self._kept[host] = found
            while len(self._kept) > _KEPT_NAMES:
                self._kept.pop(next(iter(self._kept)))
        return found


class NamesLeftToProxy(Lookups):
    """Where a proxy looks names up, and where they lead is its to judge.

    Only addresses that a URL spells out are vetted here, and the names of this machine itself.
    """

    def known(self, target: Target) -> Found | None:
        if target.literal:
            return super().known(target)
        if target.host == "localhost" or target.host.endswith(".localhost"):
            return self._vetted([_LOOPBACK])
        return _LEFT_TO_PROXY


_LOOPBACK = ip_address("127.0.0.1")
_LEFT_TO_PROXY = Found(addresses=("",), until=inf)


def _as_curl_writes(address: Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)
