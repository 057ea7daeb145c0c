"""A dialect as delivery sees it: which events an endpoint hears, and how each is said to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from lacre.documents.links import Links
from lacre.kit.events import Event
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request


class Wording(Protocol):
    """What each dialect folder offers; named in `bootstrap.py`."""

    @property
    def name(self) -> str: ...

    @property
    def types(self) -> Sequence[str]:
        """What an endpoint may ask for by name, in the dialect's own words."""
        ...

    @property
    def samples(self) -> Mapping[str, str]:
        """What it can say samples of: event types by its own words, the usual one first."""
        ...

    def listens(self, endpoint: Endpoint, event: Event) -> bool:
        """Whether this endpoint is told of this event; decided once, when the event is committed."""
        ...

    def promise(self, endpoint: Endpoint) -> Promise: ...

    def request(
        self, kept: KeptEvent, endpoint: Endpoint, *, links: Links, attempt: int, now: datetime
    ) -> Request:
        """Words the frozen facts, with links made fresh; the same event always says the same."""
        ...
