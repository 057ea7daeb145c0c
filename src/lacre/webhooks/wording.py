"""A dialect as delivery sees it: which events an endpoint hears, and how each is said to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lacre.documents.links import Links
from lacre.kit.events import Event
from lacre.kit.json import JsonObject
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.narrowing import Narrowing
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What an endpoint's owner may choose of what a dialect tells."""

    name: str
    offered: Sequence[str]
    several: bool
    """Any of them, or none; else exactly one."""
    of_request: bool = False
    """Of how it is sent; else of what is told."""
    typed: bool = False
    """A word of one's own instead of the one that is offered."""


class Wording(Protocol):
    """What each dialect folder offers; named in `bootstrap.py`."""

    @property
    def name(self) -> str: ...

    @property
    def types(self) -> Sequence[str]:
        """What an endpoint may ask for by name, in the dialect's own words."""
        ...

    @property
    def signs(self) -> bool:
        """Whether what it tells is signed, so that each endpoint needs a secret."""
        ...

    @property
    def by_template(self) -> bool:
        """Whether it tells of documents that may be made from a template, and so can be narrowed to one."""
        ...

    @property
    def samples(self) -> Mapping[str, str]:
        """What it can say samples of: event types by its own words, the usual one first."""
        ...

    def schema(self, name: str) -> JsonObject | None:
        """The JSON Schema of what one of these says; None where its vendor has words for it alone."""
        ...

    @property
    def choices(self) -> Sequence[Choice]:
        """What of its telling is chosen endpoint by endpoint."""
        ...

    def chosen(self, endpoint: Endpoint) -> Mapping[str, Sequence[str]]:
        """By the names of the choices; of one to be made, its usual ones."""
        ...

    def choose(self, endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
        """What is not said stays, what is not offered is left out; raises `ContentNotPossible`."""
        ...

    def narrowing(self, endpoint: Endpoint) -> Narrowing | None:
        """None where the dialect narrows none of its endpoints; of one to be made, its usual one."""
        ...

    def narrow(self, endpoint: Endpoint, to: Narrowing) -> None:
        """From the next event on; only where it can be narrowed."""
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


class Undescribed:
    """Of a dialect whose vendor publishes no schema: a base for its `Wording`."""

    def schema(self, name: str) -> None:  # noqa: ARG002 - never
        return None


class Unnarrowed:
    """Of a dialect that tells of every document alike: a base for its `Wording`."""

    def narrowing(self, endpoint: Endpoint) -> None:  # noqa: ARG002 - never
        return None

    def narrow(self, endpoint: Endpoint, to: Narrowing) -> None:
        """There is nothing to narrow by."""


class Unvaried(Undescribed, Unnarrowed):
    """Of a dialect that signs nothing, and tells everybody the same: a base for its `Wording`."""

    @property
    def signs(self) -> bool:
        return False

    @property
    def choices(self) -> Sequence[Choice]:
        return ()

    def chosen(self, endpoint: Endpoint) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - always the same
        return {}

    def choose(self, endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
        """There is nothing to choose."""
