"""Whose keys a request carries: the account's `AppKey`, and either of its two `SubscriptionKey`s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lacre.accounts.account import ApiKey
from lacre.dialects.arqsign.errors import UNAUTHORIZED, Declined
from lacre.kit.ids import AccountId
from lacre.services import Services

DIALECT = "arqsign"
FIRST, SECOND = "AppKey", "SubscriptionKey"
SUBSCRIPTION = "arqsign-subscription"
"""The second key, kept as one of its own: it says nothing without the first."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    account_id: AccountId
    name: str
    """As the audit log writes it."""


def caller_of(services: Services, headers: Mapping[str, str]) -> Caller:
    """The AppKey may also come labelled as they once did: `Authorization: AppKey …`, or bare."""
    app = _known(services, headers.get("appkey", "") or _labelled(headers.get("authorization", "")), DIALECT)
    subscription = _known(services, headers.get("subscriptionkey", ""), SUBSCRIPTION)
    if app is None or subscription is None or app.account_id != subscription.account_id:
        raise Declined(401, UNAUTHORIZED)
    return Caller(account_id=app.account_id, name=f"key:{app.id}")


def _labelled(authorization: str) -> str:
    label, _, rest = authorization.strip().partition(" ")
    return rest.strip() if rest else label


def _known(services: Services, key: str, dialect: str) -> ApiKey | None:
    if not key.strip():
        return None
    with services.open_work() as work:
        return work.accounts.key_by_digest(services.tokens.digest(key.strip()), dialect)
