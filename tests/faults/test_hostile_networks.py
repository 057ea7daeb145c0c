"""Certificates, name servers and connections that are not what they should be: each is a failure, in time."""

from __future__ import annotations

import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from socket import EAI_AGAIN, EAI_NONAME, gaierror

import pytest

from lacre.engines.http import HttpEngine
from lacre.engines.http.address import Address
from lacre.webhooks.request import Answer, Outcome, Request
from tests.support.certificates import Authority, Identity, self_signed, server_context
from tests.support.receiver import (
    Answer as Told,
)
from tests.support.receiver import (
    Receiver,
    close,
    drip,
    endless,
    in_turn,
    raw,
    reset,
    stall,
)

DEADLINE, GRACE = 4.0, 20.0
AUTHORITY = Authority()
NAME = "receiver.test"
RECORD = b"\x16\x03\x03\x40\x00" + b"\x0b" * 16384
"""A piece of a handshake that never ends."""


# ── TLS ──────────────────────────────────────────────────────────────────────


def old_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


CERTIFICATES: dict[str, tuple[Identity, str]] = {
    "expired": (AUTHORITY.issue(NAME, days=-1), "tls_failed"),
    "for another name": (AUTHORITY.issue("other.test"), "tls_failed"),
    "self-signed": (self_signed(NAME), "tls_failed"),
    "of an unknown authority": (Authority().issue(NAME), "tls_failed"),
}
HANDSHAKES: dict[str, tuple[Told, set[str]]] = {
    "stalls": (stall(), {"deadline"}),
    "drips": (drip(RECORD), {"deadline", "tls_failed"}),
    "never ends": (endless(RECORD), {"tls_failed", "deadline", "reset"}),
    "is plain text": (raw(b"HTTP/1.1 200 OK\r\n\r\n"), {"tls_failed", "reset"}),
    "breaks off": (close(), {"tls_failed", "reset"}),
    "is reset": (reset(), {"tls_failed", "reset", "connect_failed"}),
}


# ── names ────────────────────────────────────────────────────────────────────


@dataclass
class NameServer:
    """Of all these names; `over` ends the slow answers."""

    over: threading.Event = field(default_factory=threading.Event)
    changing: list[str] = field(default_factory=lambda: ["169.254.169.254", "127.0.0.1"])

    def __call__(self, name: str) -> Sequence[Address]:
        found = self._answers()[name.removesuffix(".test")]
        return [ip_address(one) for one in found()]

    def _answers(self) -> dict[str, Callable[[], Sequence[str]]]:
        return {
            "receiver": lambda: ["127.0.0.1"],
            "unknown": lambda: _fails(gaierror(EAI_NONAME, "Name or service not known")),
            "failing": lambda: _fails(gaierror(EAI_AGAIN, "Temporary failure in name resolution")),
            "garbled": lambda: _fails(ValueError("not an answer")),
            "slow": self._slow,
            "empty": list,
            "thousand": lambda: [f"127.0.{n // 250}.{n % 250 + 1}" for n in range(1000)],
            "mixed": lambda: ["127.0.0.1"] * 999 + ["169.254.169.254"],
            "changing": lambda: [self.changing.pop()],
        }

    def _slow(self) -> Sequence[str]:
        self.over.wait(30)
        return ["127.0.0.1"]


def _fails(problem: Exception) -> Sequence[str]:
    raise problem


NAMES: dict[str, int | str] = {
    "unknown": "dns_failed",
    "failing": "dns_failed",
    "garbled": "dns_failed",
    "slow": "deadline",
    "empty": "dns_failed",
    "thousand": 200,
    "mixed": "address_forbidden",
}


# ── connections ──────────────────────────────────────────────────────────────


@contextmanager
def deaf() -> Iterator[str]:
    """The system takes connections for it, and it takes none of them: half open for ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


@contextmanager
def crowded() -> Iterator[str]:
    """So many wait to be let in that the next hears nothing at all."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


CONNECTIONS: dict[str, tuple[Callable[[], object], set[int | str]]] = {
    "nobody accepts": (deaf, {"deadline"}),
    "nobody answers the call": (crowded, {"deadline", "connect_failed"}),
}


# ── all of them at once ──────────────────────────────────────────────────────


@dataclass
class Trial:
    engine: HttpEngine[str]
    expected: dict[str, set[int | str]] = field(default_factory=dict)

    def send(self, name: str, url: str, *expected: int | str, ca_pem: bytes | None = None) -> None:
        self.expected[name] = set(expected)
        request = Request(
            method="POST",
            url=url,
            headers=(("Content-Type", "application/json"),),
            body=b"{}",
            deadline_seconds=DEADLINE,
            ca_pem=ca_pem,
            pool_key=name,
        )
        self.engine.start(request, name)

    def outcomes(self) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        until = time.monotonic() + DEADLINE + GRACE
        while len(found) < len(self.expected) and time.monotonic() < until:
            found.update(self.engine.poll(until - time.monotonic()))
        return found


@pytest.fixture
def names() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.over.set()


@pytest.fixture
def trial(names: NameServer) -> Iterator[Trial]:
    allowed = [ip_network("127.0.0.0/8")]
    engine: HttpEngine[str] = HttpEngine(allowed, resolver=names, names_kept_seconds=0)
    yield Trial(engine)
    engine.close()


def test_whatever_the_network_does_an_exchange_ends_in_time_and_rightly(trial: Trial, tmp_path: Path) -> None:
    with ExitStack() as stack:
        begin_handshakes(trial, stack, tmp_path)
        begin_names(trial, stack)
        for name, (opened, expected) in CONNECTIONS.items():
            trial.send(name, stack.enter_context(opened()), *expected)  # type: ignore[arg-type]
        outcomes = trial.outcomes()

    assert trial.expected.keys() - outcomes.keys() == set()
    wrong = {name: one for name, one in outcomes.items() if said(one) not in trial.expected[name]}
    assert wrong == {}
    assert trial.engine.in_flight == 0


def test_a_name_whose_answer_turns_to_a_forbidden_address_is_not_followed(trial: Trial) -> None:
    with Receiver() as receiver:
        for expected in (200, "address_forbidden"):
            trial.send(str(expected), f"http://changing.test:{receiver.port}/", expected)
            trial.expected = {str(expected): {expected}}
            (outcome,) = trial.outcomes().values()
            assert said(outcome) == expected

    assert len(receiver.heard) == 1


def begin_handshakes(trial: Trial, stack: ExitStack, folder: Path) -> None:
    for name, (identity, expected) in CERTIFICATES.items():
        receiver = stack.enter_context(Receiver(tls=context_in(folder / name, identity)))
        trial.send(f"certificate {name}", to(receiver), expected, ca_pem=AUTHORITY.pem)
    for name, (told, reasons) in HANDSHAKES.items():
        receiver = stack.enter_context(Receiver(on_connect=told))
        trial.send(f"handshake {name}", to(receiver), *reasons, ca_pem=AUTHORITY.pem)
    old = stack.enter_context(Receiver(tls=old_tls(context_in(folder / "old", AUTHORITY.issue(NAME)))))
    trial.send("TLS 1.1 only", to(old), "tls_failed", ca_pem=AUTHORITY.pem)
    rude = stack.enter_context(Receiver(tls=context_in(folder / "rude", AUTHORITY.issue(NAME))))
    rude.answers(in_turn(raw(b"HTTP/1.1 200 OK\r\n\r\nunframed", keep_open=True), reset()))
    trial.send("no goodbye", to(rude), 200, ca_pem=AUTHORITY.pem)


def begin_names(trial: Trial, stack: ExitStack) -> None:
    receiver = stack.enter_context(Receiver())
    for name, expected in NAMES.items():
        trial.send(f"name {name}", f"http://{name}.test:{receiver.port}/", expected)


def context_in(folder: Path, identity: Identity) -> ssl.SSLContext:
    folder.mkdir()
    return server_context(identity, folder)


def to(receiver: Receiver) -> str:
    return f"https://{NAME}:{receiver.port}/"


def said(outcome: Outcome) -> int | str:
    return outcome.status if isinstance(outcome, Answer) else outcome.reason
