"""One engine is everything that goes out: the type checker holds it to the ports."""

from __future__ import annotations

from lacre.documents.fetching import Fetcher
from lacre.engines.http import HttpEngine
from lacre.webhooks.ports import Dispatcher, Sender


def test_the_engine_is_a_sender_a_dispatcher_and_a_fetcher() -> None:
    engine: HttpEngine[str] = HttpEngine()
    ports: tuple[Sender, Dispatcher[str], Fetcher] = (engine, engine, engine)

    assert ports[1].in_flight == 0
    engine.close()
