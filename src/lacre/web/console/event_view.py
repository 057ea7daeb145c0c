"""An event as people read it: what happened, to which document, and what became of telling it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lacre.kit.ids import with_prefix
from lacre.signing import events
from lacre.web.console import words
from lacre.web.console.delivery_view import DeliveryView
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.replay import Told
from lacre.webhooks.sample import is_sample, sampled


class Telling(StrEnum):
    """How far the telling of one event has come, over all who listened."""

    NOBODY = "nobody"
    """No endpoint listened to it."""
    OPEN = "open"
    HELD = "held"
    """The same, but all that is open waits for a person: its endpoints are paused or turned off."""
    ARRIVED = "arrived"
    FAILED = "failed"
    """Given up for some of them."""


@dataclass(frozen=True, kw_only=True)
class EventRow:
    kept: KeptEvent
    told: Sequence[Told]
    """One for each endpoint."""
    held_back: int = 0
    """Of those that are open, how many wait for a person."""

    @property
    def arrived(self) -> int:
        return sum(one.arrived for one in self.told)

    @property
    def telling(self) -> Telling:
        if not self.told:
            return Telling.NOBODY
        if self.arrived == len(self.told):
            return Telling.ARRIVED
        waits = sum(one.open is not None for one in self.told if not one.arrived)
        if waits and waits == self.held_back:
            return Telling.HELD
        return Telling.OPEN if waits else Telling.FAILED

    @property
    def shown_id(self) -> str:
        return with_prefix("evt", self.kept.id)

    @property
    def is_sample(self) -> bool:
        return is_sample(self.kept.event.type)

    @property
    def message(self) -> str:
        """Whether it went out or was kept; empty of what is no message."""
        event = self.kept.event
        about = event.type == events.SIGNER_NOTIFIED
        return words.MESSAGES[event.facts.get("kept") is True] if about else ""

    @property
    def icon(self) -> str:
        if self.kept.event.facts.get("kept") is True:
            return "archive"
        return words.ICONS.get(sampled(self.kept.event.type), "webhook")

    @property
    def title(self) -> str:
        """The document's, as it was called then; empty when it is about something else."""
        return str(_inside(self.kept.event.facts, "envelope").get("title") or "")

    @property
    def host(self) -> str:
        """Of the endpoint whose health it is news of."""
        return str(self.kept.event.facts.get("host") or "")

    @property
    def who(self) -> str:
        """The signer that it is about."""
        facts = self.kept.event.facts
        signers: Any = _inside(facts, "envelope").get("signers") or ()
        names = [one.get("name") for one in signers if one.get("id") == facts.get("signer_id")]
        return str(names[0] or "") if names else ""


@dataclass(frozen=True, kw_only=True)
class EventView:
    row: EventRow
    deliveries: Sequence[DeliveryView]
    """The oldest first."""
    more: bool
    """There are older ones, which are not shown."""
    document_kept: bool
    """Whether its document still has a page."""
    endpoint: Endpoint | None = None
    """The one whose health it is news of, while it has a page."""

    @property
    def moves(self) -> bool:
        """Whether something is to be seen any moment."""
        return any(not one.settled and not one.held_back for one in self.deliveries)


def _inside(facts: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = facts.get(name)
    return found if isinstance(found, Mapping) else {}
