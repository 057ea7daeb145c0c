"""A dialect for tests: says the event as plain JSON, or fails to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lacre.documents.links import Links
from lacre.kit.events import Event
from lacre.kit.ids import Digest
from lacre.kit.json import canonical
from lacre.webhooks.body import BodyParts, InBase64, json_pieces
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.headers import sendable
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request
from lacre.webhooks.wording import Choice, Undescribed, Unnarrowed
from tests.support.webhooks import PROMISE


@dataclass
class Plain(Undescribed, Unnarrowed):
    """Tells of everything, or of the types that the endpoint names; `file` is a digest, told as Base64."""

    promised: Promise = PROMISE
    cannot_say: set[str] = field(default_factory=set)
    """Event types that it has a bug about."""
    name: str = "plain"
    signs: bool = False
    by_template: bool = False
    types: Sequence[str] = ()
    samples: Mapping[str, str] = field(default_factory=lambda: {"a.test": "signing.test"})

    choices: Sequence[Choice] = ()

    def chosen(self, endpoint: Endpoint) -> Mapping[str, Sequence[str]]:  # noqa: ARG002
        return {}

    def choose(self, endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
        """Everybody is told the same."""

    def listens(self, endpoint: Endpoint, event: Event) -> bool:
        return not endpoint.types or event.type in endpoint.types

    def promise(self, endpoint: Endpoint) -> Promise:
        return endpoint.promised(self.promised)

    def request(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        *,
        links: Links,  # noqa: ARG002
        attempt: int,
        now: datetime,  # noqa: ARG002
    ) -> Request:
        if kept.event.type in self.cannot_say:
            raise KeyError(kept.event.type)
        said = {"id": kept.id, "type": kept.event.type, "attempt": attempt, **kept.event.facts}
        file = kept.event.facts.get("file")
        parts = BodyParts(pieces=json_pieces({**said, "file": InBase64(digest=Digest(str(file)))}))
        return Request(
            method="POST",
            url=endpoint.url,
            headers=(("Content-Type", "application/json"), *sendable(endpoint.secrets.headers)),
            body=b"" if file else canonical(said),
            parts=parts if file else None,
            deadline_seconds=self.promise(endpoint).deadline_seconds,
        )


class Steady(Plain):
    """Says the same in each attempt."""

    def request(
        self, kept: KeptEvent, endpoint: Endpoint, *, links: Links, attempt: int, now: datetime
    ) -> Request:
        del attempt
        return super().request(kept, endpoint, links=links, attempt=0, now=now)
