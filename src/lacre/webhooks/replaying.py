"""Telling again of a span of time, page by page, so that it can stop anywhere and go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lacre.kit.ids import EndpointId
from lacre.webhooks.delivery import DeliveryStatus, KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.repositories import DeliveryFilter, WebhookWork
from lacre.webhooks.wording import Wording

REPLAY = "webhooks.replay"
PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What is told again; `None` does not narrow it."""

    since: datetime
    until: datetime
    endpoint_id: EndpointId | None = None
    only_failed: bool = False
    """Only to those that the event never reached."""


def replay_page(
    work: WebhookWork,
    page: Sequence[KeptEvent],
    wanted: Replay,
    *,
    wordings: Mapping[str, Wording],
    now: datetime,
) -> int:
    """How many deliveries that makes."""
    told = 0
    for kept in page:
        for endpoint in work.endpoints.of_account(kept.event.account_id):
            if _is_meant(work, kept, endpoint, wanted, wordings[endpoint.dialect]):
                work.deliveries.add(kept.id, endpoint, now=now, replay_of=None)
                told += 1
    return told


def _is_meant(
    work: WebhookWork, kept: KeptEvent, endpoint: Endpoint, wanted: Replay, wording: Wording
) -> bool:
    if wanted.endpoint_id not in (None, endpoint.id) or not wording.listens(endpoint, kept.event):
        return False
    return not (wanted.only_failed and _arrived(work, kept, endpoint))


def _arrived(work: WebhookWork, kept: KeptEvent, endpoint: Endpoint) -> bool:
    which = DeliveryFilter(endpoint_id=endpoint.id, event_id=kept.id, statuses=(DeliveryStatus.DELIVERED,))
    _, count = work.deliveries.find(kept.event.account_id, which, offset=0, limit=1)
    return count > 0
