"""Premises on each database, with a client and a receiver, for tests that interrupt what is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from tests.support.customer import Customer, Visitor
from tests.support.database import PostgresServer
from tests.support.receiver import Receiver
from tests.support.server import Premises, Process


@dataclass
class Shop:
    """A customer of these premises, whose system listens."""

    premises: Premises
    receiver: Receiver

    @cached_property
    def customer(self) -> Customer:
        return Customer(self.premises.url, self.premises.new_token())

    def crashing(self, point: str) -> tuple[str, ...]:
        """A program for `Premises` that dies at that point; "0" only writes down what it passes."""
        return ("tests.support.crashing", point, str(self.trace))

    @property
    def trace(self) -> Path:
        return self.premises.folder / "trace"

    def passed(self, point: str) -> bool:
        return self.trace.exists() and point in self.trace.read_text()

    def signed_by_bruno(self) -> str:
        """The token of a document whose only signer has just signed."""
        self.customer.subscribe(self.receiver)
        made = self.customer.send([{"name": "Bruno"}])
        Visitor(made["signers"][0]["sign_url"]).signs_all("Bruno")
        token: str = made["token"]
        return token

    def completed(self, token: str) -> bool:
        return bool(self.customer.document(token)["status"] == "signed")


on_both = pytest.mark.parametrize("shop", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """On SQLite, unless a test is `on_both`."""
    url = ""
    if getattr(request, "param", "sqlite") == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create(template="lacre_template")
    with Receiver() as receiver:
        yield Shop(Premises(tmp_path, database_url=url, time_scale="60"), receiver)


def until(true: Callable[[], Any], *, seconds: float = 120.0) -> float:
    """How long it took to come true."""
    began = monotonic()
    while not true():
        assert monotonic() - began < seconds, f"did not come true in {seconds} s"
        sleep(0.02)
    return monotonic() - began


def died(*processes: Process) -> bool:
    return not all(one.alive for one in processes)
