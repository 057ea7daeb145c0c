"""What a worker has under way: deliveries in hand, and questions for the tokens that some of them need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lacre.kit.ids import EndpointId
from lacre.webhooks.authorization import Fetched
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Promise
from lacre.webhooks.repositories import Held
from lacre.webhooks.request import Request
from lacre.webhooks.token import AccessToken

TokenKey: TypeAlias = tuple[EndpointId, str]
"""For whom, and by which authorization: an endpoint's may be changed at any time."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """How a token is to be had, and where it stands in the answer."""

    key: TokenKey
    asked: Fetched
    request: Request


class InHand(Struct, frozen=True, kw_only=True, gc=False):
    """A delivery, from its claim until its attempt is written."""

    held: Held
    promise: Promise
    at: datetime
    request: Request | None
    question: Question | None = None
    """When its receiver wants a token."""
    token: AccessToken | None = None
    """What it was sent with."""
    refused: str = ""
    """The token that the receiver did not take; once is enough."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Asking:
    """A question on its way."""

    question: Question


Sending: TypeAlias = InHand | Asking
"""Whatever is under way to somebody."""


def on_own_terms(request: Request, endpoint: Endpoint) -> Request:
    """With the endpoint's certificates; no account's connection ever carries another's secrets."""
    secrets = endpoint.secrets
    if request.pool_key == endpoint.account_id and not (secrets.ca_pem or secrets.client_pem):
        return request
    return replace(
        request,
        pool_key=endpoint.account_id,
        ca_pem=secrets.ca_pem.encode() or None,
        client_pem=secrets.client_pem.encode() or None,
    )
