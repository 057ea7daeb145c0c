"""A client of our own API, and a webhook of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lacre.cli.demo.client import StepFailed, exchange
from lacre.cli.demo.receiver import DemoReceiver
from lacre.cli.demo.server import DemoServer


@dataclass(frozen=True)
class NativeApi:
    base: str
    key: str = field(repr=False)

    def call(self, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401 - whatever JSON holds
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        body = b"" if said is None else json.dumps(said).encode()
        answered = exchange(method, f"{self.base}/api/lacre/v1/{path}", body, headers)
        if answered.status >= 300:
            raise StepFailed(f"{method} {path} answered {answered.status}: {answered.body[:300]!r}")
        return answered.json()

    def listen(self, receiver: DemoReceiver, types: Sequence[str] = ()) -> None:
        """To these events, or to all."""
        self.call("POST", "endpoints", {"url": receiver.url, **({"types": list(types)} if types else {})})


def native_api(server: DemoServer) -> NativeApi:
    return NativeApi(server.url, key_of(server, "native"))


def key_of(server: DemoServer, dialect: str) -> str:
    given = server.command("key", "create", "--dialect", dialect, "--account", "demo", "--json")
    return str(json.loads(given)["api_key"])
