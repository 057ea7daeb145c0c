"""How often somebody may try to sign in: counted in memory, per address and e-mail, and per address."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

WINDOW = timedelta(minutes=15)
MOST_FAILURES = 8
"""For one e-mail."""
MOST_OF_ADDRESS = 100
"""For whatever e-mails: an office behind one address errs less, who tries one password on everybody more."""
MOST_KEYS = 20_000


class Throttle:
    def __init__(self) -> None:
        self._failures: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def tries(self, address: str, email: str, now: datetime) -> bool:
        """Whether they may. A try is a failure until it succeeds: of many at once none slips through."""
        of_address, of_both = _keys(address, email)
        with self._lock:
            if self._is_full(of_address, MOST_OF_ADDRESS, now) or self._is_full(of_both, MOST_FAILURES, now):
                return False
            for key in (of_address, of_both):
                self._failures.setdefault(key, deque()).append(now)
            self._forget(now)
            return True

    def succeeded(self, address: str, email: str) -> None:
        of_address, of_both = _keys(address, email)
        with self._lock:
            self._failures.pop(of_both, None)
            if self._failures.get(of_address):
                self._failures[of_address].pop()

    def _is_full(self, key: str, most: int, now: datetime) -> bool:
        return len(self._recent(key, now)) >= most

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        kept = self._failures.get(key, deque())
        while kept and now - kept[0] >= WINDOW:
            kept.popleft()
        return kept

    def _forget(self, now: datetime) -> None:
        """Memory is bounded: first what is over, then the oldest."""
        if len(self._failures) <= MOST_KEYS:
            return
        self._failures = {
            key: kept for key, kept in self._failures.items() if kept and now - kept[-1] < WINDOW
        }
        while len(self._failures) > MOST_KEYS:
            self._failures.pop(next(iter(self._failures)))


def _keys(address: str, email: str) -> tuple[str, str]:
    near = _neighbourhood(address)
    return near, f"{near} {email.lower()}"


def _neighbourhood(address: str) -> str:
    """Of IPv6 the first half: whoever has one address has all of them that share it."""
    try:
        return str(ip_network((address, 64), strict=False)) if ip_address(address).version == 6 else address
    except ValueError:
        return address
