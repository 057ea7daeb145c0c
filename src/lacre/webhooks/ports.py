"""What webhooks need from the outside world, besides what they keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from lacre.webhooks.request import Outcome, Request

Token = TypeVar("Token")


class Sender(Protocol):
    """Makes one exchange and waits for it; from any thread. The network's failures are outcomes."""

    def send(self, request: Request) -> Outcome: ...


class Dispatcher(Protocol[Token]):
    """Makes many exchanges at once. One thread polls; the others may start exchanges and wake it."""

    @property
    def in_flight(self) -> int:
        """Started, and not yet handed out by `poll`."""
        ...

    def start(self, request: Request, token: Token) -> None:
        """Returns at once; the outcome comes out of `poll` with this token."""
        ...

    def poll(self, timeout_seconds: float) -> list[tuple[Token, Outcome]]:
        """Drives the exchanges until one is over, somebody wakes it or the time has passed."""
        ...

    def wake(self) -> None:
        """Makes a running or the next `poll` return, from any thread or signal handler."""
        ...


class AttemptLine(Struct, frozen=True, kw_only=True, gc=False):
    """What the log says of an attempt: no URL, since many carry a secret, and no body."""

    delivery: str
    type: str
    endpoint: str
    number: int
    status: int | None
    reason: str
    ms: int
    then: str


class AttemptLog(Protocol):
    def __call__(self, lines: Sequence[AttemptLine], /) -> None:
        """A line for each attempt that was written down, many at a time."""
        ...
