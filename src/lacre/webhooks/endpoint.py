"""Who listens, to what, in which dialect, with which options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, EndpointId
from lacre.kit.json import JsonObject
from lacre.webhooks.authorization import Authorization
from lacre.webhooks.health import WELL, Health
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Promise, Terms, on_terms
from lacre.webhooks.rate import Rate


class EndpointStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    """By a person: events go on becoming deliveries, which wait."""
    DISABLED = "disabled"
    """By us, after the receiver said so or failed too long: as paused, but told to the owner."""


class Standing(StrEnum):
    """An endpoint in one word: its status, and what a status alone does not say."""

    WELL = "well"
    FAILING = "failing"
    RESTING = "resting"
    """Nobody was found there: one attempt at a time looks whether somebody is back."""
    PAUSED = "paused"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What is encrypted at rest, never shown again and never logged."""

    headers: tuple[tuple[str, str], ...] = ()
    """Sent with each request, as the customer gave them."""
    signing: tuple[str, ...] = ()
    """Every secret still valid, newest first."""
    private_keys: tuple[str, ...] = ()
    """The same, of those that sign asymmetrically."""
    ends: tuple[datetime, ...] = ()
    """Until when each older secret stays valid, newest first."""
    authorization: Authorization | None = None
    client_pem: str = ""
    """The certificate that we show to the receiver, and its key."""
    ca_pem: str = ""
    """Who may sign the receiver's certificate, instead of the authorities that everybody trusts."""


@dataclass(kw_only=True)
class Endpoint:
    id: EndpointId
    account_id: AccountId
    number: int
    """Counts up over the installation, for dialects whose ids are numbers."""
    dialect: str
    url: str
    types: tuple[str, ...]
    """Event types in the dialect's own words; empty: what the dialect means by "all"."""
    subject_id: str | None = None
    """Only events of this envelope, document or invoice."""
    template_id: str = ""
    """Only events of what was made from this template."""
    status: EndpointStatus = EndpointStatus.ACTIVE
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    description: str = ""
    ordering: Ordering = Ordering.NONE
    """Changed by `actions.arrange` alone: what is open already has to stand in line too."""
    rate: Rate | None = None
    """None: as quickly as it answers."""
    stopped_types: tuple[str, ...] = ()
    """Events, by their own names, of which it is told no more: what was told of them failed to the end."""
    options: JsonObject = field(default_factory=dict)
    """What only the dialect understands; typed in its `wire.py`."""
    terms: Terms | None = None
    """What its owner chose of the dialect's promise; most choose nothing."""
    account_terms: Terms | None = None
    """What was chosen for all of the account's; its own come before them. Kept by `Endpoints.agree`."""
    health: Health = WELL
    """As it was when the endpoint was read; kept by itself."""
    created_at: datetime
    deleted_at: datetime | None = None

    @property
    def standing(self) -> Standing:
        if self.status is not EndpointStatus.ACTIVE:
            return Standing(self.status.value)
        if self.health.rest_until is not None:
            return Standing.RESTING
        return Standing.FAILING if self.health.fails else Standing.WELL

    def concerns(self, event: Event) -> bool:
        """Whether it is about what this endpoint was narrowed to."""
        if self.subject_id not in (None, event.subject_id):
            return False
        if not self.template_id:
            return True
        about = event.facts.get("envelope")
        return isinstance(about, Mapping) and about.get("template_id") == self.template_id

    def promised(self, by_dialect: Promise) -> Promise:
        promise = by_dialect if self.account_terms is None else on_terms(by_dialect, self.account_terms)
        return promise if self.terms is None else on_terms(promise, self.terms)
