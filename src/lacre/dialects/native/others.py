"""Endpoints that are told in another dialect's form: what can be said of them, and what they hear.

Their vendors have pages for it, and no calls: this is how a system sets them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lacre.dialects.native import shape, terms, words
from lacre.dialects.native.call import Call
from lacre.dialects.native.door import DIALECT
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.wire.endpoints import EndpointChange, NewEndpoint
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Terms
from lacre.webhooks.wording import Wording

OURS_ALONE = ("envelope_id", "method", "fill_url", "signatures", "include", "files", "secret")
"""What shapes, signs or narrows what we send in our own form."""
SHOWN: dict[str, Any] = dict.fromkeys(("method", "fill_url", "signatures", "include", "files"))


def wording(call: Call, dialect: str) -> Wording:
    found = call.services.wordings.get(dialect)
    if found is None:
        known = ", ".join(sorted(call.services.wordings))
        raise Declined("dialect_unknown", f"Name one of these dialects: {known}.", pointer="#/dialect")
    return found


def check_types(spoken: Wording, names: Sequence[str]) -> None:
    known = words.EVENTS if spoken.name == DIALECT else spoken.types
    for place, name in enumerate(names):
        if name not in known:
            raise Declined("event_type_unknown", words.unknown(name, known), pointer=f"#/types/{place}")


def give(endpoint: Endpoint, said: NewEndpoint | EndpointChange) -> None:
    """What is not said stays as it is; what the vendor says itself is refused."""
    for name in OURS_ALONE:
        if name in said.model_fields_set:
            detail = f"Of an endpoint of {endpoint.dialect} no {name} can be said: its vendor has said it."
            raise Declined("option_not_possible", detail, pointer=f"#/{name}")
    endpoint.terms = terms.meant(endpoint.terms, said, usual=Terms())
    endpoint.secrets = shape.secrets(endpoint.secrets, said)
