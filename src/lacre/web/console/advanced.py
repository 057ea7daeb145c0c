"""Order, pace and content of what a webhook is told: chosen in a form and shown on its page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lacre.kit.refusal import Refusal
from lacre.web.console import notes
from lacre.web.console.door import Visit
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.lane import Ordering
from lacre.webhooks.rate import Rate, check_rate
from lacre.webhooks.wording import Choice

FIELDS = ("ordering", "rate_count", "rate_seconds")
_NUMBER = re.compile(r"\d{1,6}")


class RateNotRead(Refusal):
    __doc__ = notes.RATE_NOT_READ


def typed(visit: Visit) -> dict[str, str]:
    return {name: visit.typed(name) for name in FIELDS}


def as_typed(endpoint: Endpoint) -> dict[str, str]:
    """What the form would have said."""
    count, seconds = (endpoint.rate.count, endpoint.rate.seconds) if endpoint.rate else ("", "")
    values = (endpoint.ordering.value, str(count), str(seconds))
    return dict(zip(FIELDS, values, strict=True))


def ordering(said: Mapping[str, str]) -> Ordering:
    chosen = said["ordering"]
    return Ordering(chosen) if chosen in set(Ordering) else Ordering.NONE


def rate(said: Mapping[str, str]) -> Rate | None:
    """Refuses what cannot be kept, so that the form can say so at its field."""
    if not said["rate_count"]:
        return None
    kept = Rate(count=_number(said["rate_count"]), seconds=_number(said["rate_seconds"] or "1"))
    check_rate(kept)
    return kept


def choices(visit: Visit, dialect: str) -> Sequence[Choice]:
    wording = visit.services.wordings.get(dialect)
    return wording.choices if wording else ()


def told(visit: Visit, dialect: str) -> dict[str, tuple[str, ...]]:
    """What was ticked; nothing where the form did not ask."""
    if not visit.typed(f"told-{dialect}"):
        return {}
    ticked = {one.name: visit.form.getlist(f"{one.name}-{dialect}") for one in choices(visit, dialect)}
    return {name: tuple(str(value) for value in values) for name, values in ticked.items()}


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise RateNotRead
    return int(text)
