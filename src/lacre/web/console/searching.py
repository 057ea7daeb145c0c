"""What is asked of lists of events and deliveries: a document, a kind, a span of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

from lacre.kit.ids import as_uuid, without_prefix
from lacre.kit.times import BRASILIA, end_of_day
from lacre.signing.repositories import EnvelopeFilter
from lacre.web.console import words
from lacre.web.console.door import Visit

FIELDS = ("document", "type", "since", "until")
MOST_DOCUMENTS = 50
_NONE = ("",)
"""No subject has this name."""


def asked(visit: Visit, *more: str) -> Mapping[str, str]:
    return {name: visit.asked(name) for name in (*FIELDS, *more)}


def subjects(visit: Visit, said: str) -> tuple[str, ...]:
    """A document by its id, or documents by words of their title or signers; nothing asked: all of them."""
    if not said:
        return ()
    named = as_uuid(said) or without_prefix("env", said)
    if named is not None:
        return (named,)
    which = EnvelopeFilter(text=said, deleted=None)
    found = visit.work.envelopes.listed(visit.account_id, which, limit=MOST_DOCUMENTS)
    return tuple(one.id for one in found) or _NONE


def types(said: str) -> tuple[str, ...]:
    return (said,) if said in words.EVENTS else ()


def since(said: str) -> datetime | None:
    """The beginning of a day in Brasília."""
    day = _day(said)
    return datetime.combine(day, time.min, tzinfo=BRASILIA).astimezone(UTC) if day else None


def until(said: str) -> datetime | None:
    day = _day(said)
    return end_of_day(day) if day else None


def kinds() -> Sequence[tuple[str, str]]:
    return sorted(words.EVENTS.items(), key=lambda one: one[1])


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2999 else None
