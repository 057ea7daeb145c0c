"""How often somebody may try to sign in, at all processes: per address and e-mail, and per address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Protocol

WINDOW = timedelta(minutes=15)
MOST_FAILURES = 8
"""For one e-mail."""
MOST_OF_ADDRESS = 100
"""For whatever e-mails: an office behind one address errs less, who tries one password on everybody more."""


class Failures(Protocol):
    """When somebody tried and was not let in."""

    def of(self, who: str, *, now: datetime) -> Sequence[datetime]:
        """The oldest first. Nobody else learns of them until this transaction ends."""
        ...

    def keep(self, who: str, at: Sequence[datetime], *, now: datetime) -> None:
        """Instead of those before; only as long as they count."""
        ...


class FailuresWork(Protocol):
    @property
    def failures(self) -> Failures: ...


def tries(work: FailuresWork, address: str, email: str, *, now: datetime) -> bool:
    """Whether they may. A try is a failure until it succeeds: of many at once none slips through."""
    of_address, of_both = _keys(address, email)
    # the wider first, always: two that wait for each other's would wait for ever
    before = {who: _recent(work.failures.of(who, now=now), now) for who in (of_address, of_both)}
    if len(before[of_address]) >= MOST_OF_ADDRESS or len(before[of_both]) >= MOST_FAILURES:
        return False
    for who, failed in before.items():
        work.failures.keep(who, [*failed, now], now=now)
    return True


def succeeded(work: FailuresWork, address: str, email: str, *, now: datetime) -> None:
    of_address, of_both = _keys(address, email)
    before = _recent(work.failures.of(of_address, now=now), now)
    work.failures.keep(of_address, before[:-1], now=now)
    work.failures.keep(of_both, [], now=now)


def _recent(failed: Sequence[datetime], now: datetime) -> list[datetime]:
    return [at for at in failed if now - at < WINDOW]


def _keys(address: str, email: str) -> tuple[str, str]:
    near = _neighbourhood(address)
    return near, f"{near} {email.lower()}"


def _neighbourhood(address: str) -> str:
    """Of IPv6 the first half: whoever has one address has all of them that share it."""
    try:
        return str(ip_network((address, 64), strict=False)) if ip_address(address).version == 6 else address
    except ValueError:
        return address
