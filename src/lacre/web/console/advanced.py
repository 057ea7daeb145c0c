"""Order, pace and content of what a webhook is told: chosen in a form and shown on its page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lacre.kit.ids import EndpointId
from lacre.kit.refusal import Refusal
from lacre.web.console import notes
from lacre.web.console.door import Visit
from lacre.webhooks import secret
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.lane import Ordering
from lacre.webhooks.rate import Rate, check_rate
from lacre.webhooks.scheme import Scheme, public_key
from lacre.webhooks.wording import Choice

SIGNATURES = "signatures"
ASKED = {False: "told", True: "sent"}
"""Hidden fields that say whether a form asked for what is told, and for how it is sent."""
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
    """What was ticked, of what is told and of how it is sent; nothing where the form did not ask."""
    asked = {of_request for of_request, name in ASKED.items() if visit.typed(f"{name}-{dialect}")}
    ticked = {
        one.name: visit.form.getlist(f"{one.name}-{dialect}")
        for one in choices(visit, dialect)
        if one.of_request in asked
    }
    return {name: tuple(str(value) for value in values) for name, values in ticked.items()}


def usual(visit: Visit, dialect: str) -> Mapping[str, Sequence[str]]:
    """What one that is yet to be made would be told."""
    return visit.services.wordings[dialect].chosen(blank(visit, dialect))


def blank(visit: Visit, dialect: str) -> Endpoint:
    """One that is yet to be made."""
    return Endpoint(
        id=EndpointId(""),
        account_id=visit.account_id,
        number=0,
        dialect=dialect,
        url="",
        types=(),
        created_at=visit.now,
    )


def choose(visit: Visit, endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
    """As its dialect has it; a form of signature that needs a key of its own gets one."""
    visit.services.wordings[endpoint.dialect].choose(endpoint, said)
    if Scheme.ED25519 in said.get(SIGNATURES, ()) and not endpoint.secrets.private_keys:
        new = secret.private_key_of(visit.services.tokens.secret())
        endpoint.secrets = replace(endpoint.secrets, private_keys=(new,))


def public_keys(visit: Visit, endpoint: Endpoint) -> list[str]:
    """Newest first; none unless they are what the receiver checks with."""
    chosen = visit.services.wordings[endpoint.dialect].chosen(endpoint).get(SIGNATURES, ())
    keys = secret.valid_keys(endpoint, visit.now) if Scheme.ED25519 in chosen else ()
    return [public_key(one) for one in keys]


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise RateNotRead
    return int(text)
