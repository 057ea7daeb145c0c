"""Made-up events: what the button that tests a webhook sends, and what the list of event types shows."""

from __future__ import annotations

import json

from lacre.fiscal.sampling import sample_facts as invoice_facts
from lacre.kit.json import JsonObject, parsed
from lacre.processing.sampling import sample_facts as extraction_facts
from lacre.signing.sampling import sample_facts as envelope_facts
from lacre.web.console.door import Visit
from lacre.webhooks import sample
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.wording import Wording


def facts(visit: Visit, event_type: str, endpoint: Endpoint) -> JsonObject:
    """What an event of this type would hold, told to this endpoint."""
    now = visit.now
    news = sample.news_facts(event_type, endpoint, now=now)
    processed = extraction_facts(event_type, visit.account_id, now=now)
    invoiced = invoice_facts(event_type, visit.account_id, now=now)
    return news or processed or invoiced or envelope_facts(event_type, visit.account_id, now=now)


def example(visit: Visit, wording: Wording, name: str) -> str:
    """The body of a test of this type, laid out for readers; empty where it has none, or files inside."""
    event_type = wording.samples.get(name)
    if event_type is None:
        return ""
    endpoint = sample.listener(wording, visit.account_id, now=visit.now)
    held, links = facts(visit, event_type, endpoint), visit.services.links
    body = sample.example(wording, endpoint, event_type, held, links=links, now=visit.now)
    return json.dumps(parsed(body), ensure_ascii=False, indent=2) if body else ""
