"""Made-up events of every type, of any business: what a test of an endpoint sends, and catalogues show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lacre.documents.links import Links
from lacre.fiscal.sampling import sample_facts as invoice_facts
from lacre.kit.ids import AccountId
from lacre.kit.json import JsonObject, parsed
from lacre.processing.sampling import sample_facts as extraction_facts
from lacre.signing.sampling import sample_facts as envelope_facts
from lacre.webhooks import sample
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.wording import Wording


def facts(event_type: str, endpoint: Endpoint, *, now: datetime) -> JsonObject:
    """What an event of this type would hold, told to this endpoint."""
    account_id = endpoint.account_id
    news = sample.news_facts(event_type, endpoint, now=now)
    processed = extraction_facts(event_type, account_id, now=now)
    invoiced = invoice_facts(event_type, account_id, now=now)
    return news or processed or invoiced or envelope_facts(event_type, account_id, now=now)


def example(wording: Wording, name: str, account_id: AccountId, *, links: Links, now: datetime) -> Any:  # noqa: ANN401 - JSON
    """The body of a test of this type; `None` of what is never sent, or has files inside."""
    event_type = wording.samples.get(name)
    if event_type is None:
        return None
    endpoint = sample.listener(wording, account_id, now=now)
    held = facts(event_type, endpoint, now=now)
    body = sample.example(wording, endpoint, event_type, held, links=links, now=now)
    return parsed(body) if body else None
