"""A document that is finished, as the request that its callback makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from lacre.dialects.idexa import document, words
from lacre.dialects.idexa.promise import PROMISE
from lacre.dialects.idexa.wire import Options
from lacre.documents.links import Links
from lacre.kit.events import Event
from lacre.kit.json import Json, compact
from lacre.processing.snapshot import thaw
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.headers import Headers, joined
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request
from lacre.webhooks.wording import Unvaried

_WITH_BODY = frozenset({"POST", "PUT"})
# never in the host, where a port begins with a colon too
_PLACE = re.compile(r":id(?![A-Za-z0-9_])")
_AUTHORITY = re.compile(r"[^:/?#]+://[^/?#]*")


class IdexaWording(Unvaried):
    @property
    def name(self) -> str:
        return "idexa"

    @property
    def types(self) -> Sequence[str]:
        return sorted(set(words.TYPES.values()))

    @property
    def by_template(self) -> bool:
        return False

    @property
    def samples(self) -> Mapping[str, str]:
        return words.SAMPLES

    def listens(self, endpoint: Endpoint, event: Event) -> bool:
        said = words.EVENT_TYPES.get(event.type)
        wanted = not endpoint.types or said in endpoint.types
        return said is not None and wanted and endpoint.concerns(event)

    def promise(self, endpoint: Endpoint) -> Promise:
        return endpoint.promised(PROMISE)

    def request(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        *,
        links: Links,  # noqa: ARG002 - there are no links in it
        attempt: int,  # noqa: ARG002 - attempts are not numbered there
        now: datetime,  # noqa: ARG002
    ) -> Request:
        options = Options.model_validate(endpoint.options)
        said = body(kept.event, options.generation)
        told = options.method in _WITH_BODY
        return Request(
            method=options.method,
            url=filled(endpoint.url, str(said["id"])),
            headers=_headers(endpoint, told=told),
            body=compact(said) if told else b"",
            deadline_seconds=self.promise(endpoint).deadline_seconds,
            pool_key=endpoint.account_id,
        )


def body(event: Event, generation: int) -> dict[str, Json]:
    """What a GET answered at that moment."""
    frozen = event.facts["extraction"]
    if not isinstance(frozen, Mapping):
        raise ValueError("an event of processing holds its extraction")
    return document.shown(thaw(frozen), generation)


def has_place(url: str) -> bool:
    return _PLACE.search(url, _rest(url)) is not None


def filled(url: str, document_id: str) -> str:
    rest = _rest(url)
    return url[:rest] + _PLACE.sub(quote(document_id, safe=""), url[rest:])


def _rest(url: str) -> int:
    """Where the host ends."""
    found = _AUTHORITY.match(url)
    return found.end() if found else 0


def _headers(endpoint: Endpoint, *, told: bool) -> Headers:
    kind = (("Content-Type", "application/json"),) if told else ()
    return joined((*kind, ("User-Agent", PROMISE.user_agent)), endpoint.secrets.headers)
