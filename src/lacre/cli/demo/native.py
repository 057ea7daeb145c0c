"""A client of our own API, and a webhook of it."""

from __future__ import annotations

from collections.abc import Sequence

from lacre.cli.demo.client import Api
from lacre.cli.demo.receiver import DemoReceiver
from lacre.cli.demo.server import DemoServer


def native_api(server: DemoServer) -> Api:
    return Api(f"{server.url}/api/lacre/v1", f"Bearer {server.new_key('native')}")


def listen(api: Api, receiver: DemoReceiver, types: Sequence[str] = ()) -> None:
    """To these events, or to all."""
    api.call("POST", "endpoints", {"url": receiver.url, **({"types": list(types)} if types else {})})
