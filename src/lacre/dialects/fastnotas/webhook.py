"""Our events as the requests that Fast Notas' webhooks make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lacre.dialects.fastnotas import shown, words
from lacre.dialects.fastnotas.promise import PROMISE
from lacre.documents.links import Links
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.snapshot import thaw
from lacre.kit.events import Event
from lacre.kit.ids import AssetId, OperationId
from lacre.kit.json import compact
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request
from lacre.webhooks.wording import Unvaried


class FastnotasWording(Unvaried):
    @property
    def name(self) -> str:
        return "fastnotas"

    @property
    def types(self) -> Sequence[str]:
        return [*words.EVENT_TYPES.values()]

    @property
    def by_template(self) -> bool:
        return False

    @property
    def samples(self) -> Mapping[str, str]:
        return words.SAMPLES

    def listens(self, endpoint: Endpoint, event: Event) -> bool:
        said = words.event_type(event)
        wanted = not endpoint.types or said in endpoint.types
        return said is not None and wanted and endpoint.concerns(event)

    def promise(self, endpoint: Endpoint) -> Promise:
        return endpoint.promised(PROMISE)

    def request(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        *,
        links: Links,
        attempt: int,  # noqa: ARG002 - attempts are not numbered there
        now: datetime,
    ) -> Request:
        promise = self.promise(endpoint)
        return Request(
            method="POST",
            url=endpoint.url,
            headers=_headers(endpoint, promise),
            body=compact(body(kept.event, links=links, now=now)),
            deadline_seconds=promise.deadline_seconds,
            pool_key=endpoint.account_id,
        )


def body(event: Event, *, links: Links, now: datetime) -> dict[str, Any]:
    """`{"event": {"type", "created_at", "data"}}`, with the object as their API shows it."""
    said = words.event_type(event)
    frozen = event.facts.get("invoice")
    if said is None or not isinstance(frozen, Mapping):
        raise ValueError(f"{event.type} has no word here")
    data = _data(words.subject(said), event, thaw(frozen), links=links, now=now)
    return {"event": {"type": said, "created_at": shown.instant(event.at), "data": data}}


def _data(about: str, event: Event, invoice: Invoice, *, links: Links, now: datetime) -> dict[str, Any]:
    if about == words.OPERATION:
        one = invoice.operation(OperationId(str(event.facts["operation_id"])))
        return {about: shown.operation(one, invoice)}
    if about == words.ASSET:
        return {about: shown.asset(invoice.asset(AssetId(str(event.facts["asset_id"]))), invoice)}
    return {about: shown.document(invoice, links=links, now=now)}


def _headers(endpoint: Endpoint, promise: Promise) -> tuple[tuple[str, str], ...]:
    """The customer's own, and theirs where they say nothing else."""
    given = {name.lower() for name, _ in endpoint.secrets.headers}
    theirs = (("Content-Type", "application/json; charset=UTF-8"), ("User-Agent", promise.user_agent))
    return tuple(one for one in theirs if one[0].lower() not in given) + endpoint.secrets.headers
