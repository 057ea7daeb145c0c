"""A document that never was, processed by a real one's verbs: what a test of a webhook tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from lacre.kit.ids import AccountId, ExtractionId
from lacre.kit.json import JsonObject
from lacre.processing import events
from lacre.processing.actions import facts_of
from lacre.processing.extraction import Extraction, Found, Problem, Value
from lacre.processing.page import Box
from lacre.processing.shipped import PLAIN_TEXT

_VALUES = (
    Value(field="numero", value="1024", text="1024", confidence=0.98, page=1, box=Box(420, 60, 40, 12)),
    Value(
        field="valor_total",
        value="1234.56",
        text="1.234,56",
        confidence=0.97,
        page=1,
        box=Box(470, 700, 60, 12),
    ),
)


def sample_facts(event_type: str, account_id: AccountId, *, now: datetime) -> JsonObject | None:
    """What an event of this type would hold; `None` of what is none of processing's."""
    if event_type not in events.ALL:
        return None
    began = now - timedelta(seconds=3)
    extraction = Extraction(
        id=ExtractionId("5a3b1e00-0000-4000-8000-00000000000f"),
        account_id=account_id,
        type=PLAIN_TEXT.number,
        name="exemplo.pdf",
        input="",
        size=48_213,
        created_at=began,
        updated_at=began,
        external_id="exemplo-1",
    )
    if event_type != events.DOCUMENT_RECEIVED:
        extraction.begin(now=began + timedelta(seconds=1))
        extraction.open("pdf", 2)
    if event_type == events.DOCUMENT_PROCESSED:
        extraction.advance(2, now=now)
        extraction.finish(Found(values=_VALUES, confidence=0.975, type_version=1), now=now)
    if event_type == events.DOCUMENT_FAILED:
        extraction.fail(Problem(code="password"), now=now)
    return facts_of(extraction)
