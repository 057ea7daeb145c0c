"""Engines behind different fences, and requests to send through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Network, ip_address, ip_network
from typing import TypeAlias

import pytest

from lacre.engines.http import HttpEngine
from lacre.engines.http.address import Address
from lacre.engines.http.resolve import Resolver, ask_system

LOOPBACK = ip_network("127.0.0.0/8")
Engine: TypeAlias = HttpEngine[str]
MakeEngine: TypeAlias = Callable[..., Engine]


class Names:
    """A name server in a dictionary; each name's answers come in turn, the last for ever."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {name.replace("_", "."): list(each) for name, each in answers.items()}
        self.asked: list[str] = []

    def __call__(self, name: str) -> Sequence[Address]:
        self.asked.append(name)
        if name not in self._answers:
            raise OSError("no such name")
        answers = self._answers[name]
        now = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ip_address(text) for text in now]


@pytest.fixture
def make_engine() -> Iterator[MakeEngine]:
    made: list[Engine] = []

    def make(*allow: IPv4Network, resolver: Resolver = ask_system, names_kept_seconds: float = 15) -> Engine:
        made.append(HttpEngine(allow, resolver=resolver, names_kept_seconds=names_kept_seconds))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def open_engine(make_engine: MakeEngine) -> Engine:
    """Loopback is named in its allow list."""
    return make_engine(ip_network("127.0.0.0/8"))


@pytest.fixture
def closed_engine(make_engine: MakeEngine) -> Engine:
    """As installed: nothing private may be reached."""
    return make_engine()
