"""What an event is about: an envelope, a document that is processed, or an invoice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from fastapi import Depends, Query

from lacre.dialects.native import finding
from lacre.dialects.native.problems import Declined
from lacre.kit.ids import AccountId, with_prefix
from lacre.webhooks.filters import EventFilter
from lacre.webhooks.repositories import WebhookWork

_ONE = "Name one of envelope, extraction and invoice: no event is about two."
# by the first word of our events' own names
_KINDS: Mapping[str, tuple[str, str]] = {
    "signing": ("envelope_id", "env"),
    "processing": ("extraction_id", "ext"),
    "fiscal": ("invoice_id", "inv"),
}


def shown(event_type: str, subject_id: str) -> dict[str, str | None]:
    """None of them, of a sample and of news of an endpoint."""
    about, prefix = _KINDS.get(event_type.partition(".")[0], ("", ""))
    return {name: with_prefix(prefix, subject_id) if name == about else None for name, _ in _KINDS.values()}


def shown_by_its_events(
    work: WebhookWork, account_id: AccountId, subject_id: str | None
) -> dict[str, str | None]:
    """The same, where only the id is known."""
    found = work.events.search(account_id, EventFilter(subject_id=subject_id), limit=1) if subject_id else ()
    return shown(found[0].event.type, found[0].event.subject_id) if found else shown("", "")


def meant(envelope_id: str | None, extraction_id: str | None, invoice_id: str | None) -> str | None:
    """By whichever was named; raises `NotFound` for what can be none."""
    found = [
        by(said)
        for by, said in (
            (finding.envelope_id, envelope_id),
            (finding.extraction_id, extraction_id),
            (finding.invoice_id, invoice_id),
        )
        if said is not None
    ]
    if len(found) > 1:
        raise Declined("subject_ambiguous", _ONE)
    return found[0] if found else None


def _asked(
    envelope_id: Annotated[str | None, Query()] = None,
    extraction_id: Annotated[str | None, Query()] = None,
    invoice_id: Annotated[str | None, Query()] = None,
) -> str | None:
    return meant(envelope_id, extraction_id, invoice_id)


Subject: TypeAlias = Annotated[str | None, Depends(_asked)]
"""Of a list that is narrowed to what is about one thing."""
