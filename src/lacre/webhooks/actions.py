"""What people and systems do with endpoints and deliveries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from lacre.kit.ids import AccountId, DeliveryId
from lacre.webhooks.authorization import check_authorization
from lacre.webhooks.certificate import check_ca_pem, check_client_pem
from lacre.webhooks.delivery import DeliveryStatus, KeptEvent
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.errors import EndpointDeleted
from lacre.webhooks.headers import check_headers
from lacre.webhooks.promise import check_terms
from lacre.webhooks.repositories import DeliveryFilter, WebhookWork
from lacre.webhooks.scheme import public_key
from lacre.webhooks.signature import key_of
from lacre.webhooks.url import check_url
from lacre.webhooks.wording import Wording

Wordings = Mapping[str, Wording]


def subscribe(work: WebhookWork, endpoint: Endpoint) -> None:
    """From the next event on; earlier ones are not told."""
    _check(endpoint)
    work.endpoints.add(endpoint)


def change(work: WebhookWork, endpoint: Endpoint) -> None:
    """Keeps an endpoint whose URL, types, headers or secrets were changed; what waits goes there too."""
    _require_kept(endpoint)
    _check(endpoint)
    work.endpoints.save(endpoint)


def remove(work: WebhookWork, endpoint: Endpoint, *, now: datetime) -> None:
    """What still waits for it is never sent; its history stays."""
    if endpoint.deleted_at is None:
        endpoint.deleted_at = now
        work.endpoints.save(endpoint)


def pause(work: WebhookWork, endpoint: Endpoint) -> None:
    """Events go on becoming deliveries, which wait."""
    _turn(work, endpoint, EndpointStatus.PAUSED)


def resume(work: WebhookWork, endpoint: Endpoint) -> None:
    """Also after we disabled it: what waited goes out."""
    endpoint.failing_since = None
    _turn(work, endpoint, EndpointStatus.ACTIVE)


def retry(work: WebhookWork, account_id: AccountId, delivery_id: DeliveryId, *, now: datetime) -> DeliveryId:
    """Now: a delivery that waits is hurried, a settled one is sent again as a new one, whose id this is."""
    delivery = work.deliveries.get(account_id, delivery_id)
    if delivery.status in (DeliveryStatus.WAITING, DeliveryStatus.HELD):
        work.deliveries.hurry(account_id, delivery_id, now=now)
        return delivery_id
    endpoint = work.endpoints.get(account_id, delivery.endpoint_id)
    _require_kept(endpoint)
    first = delivery.replay_of or delivery_id
    return work.deliveries.add(delivery.event_id, endpoint, now=now, replay_of=first)


def replay(work: WebhookWork, events: Iterable[KeptEvent], *, wordings: Wordings, now: datetime) -> int:
    """Tells past events again to whoever listens to them today; how many deliveries that makes."""
    # a microsecond apart, so that they go out in this order
    instants = (now + timedelta(microseconds=place) for place in count())
    return sum(_tell_again(work, kept, wordings, at) for kept, at in zip(events, instants, strict=False))


def replay_subject(
    work: WebhookWork,
    account_id: AccountId,
    subject_id: str,
    *,
    wordings: Wordings,
    now: datetime,
    types: Collection[str] | None = None,
    last_only: bool = False,
) -> int:
    """What happened to one envelope, document or invoice, oldest first: all, some types, or the last."""
    events = work.events.of_subject(account_id, subject_id)
    chosen = [kept for kept in events if types is None or kept.event.type in types]
    return replay(work, chosen[-1:] if last_only else chosen, wordings=wordings, now=now)


def replay_last(
    work: WebhookWork,
    account_id: AccountId,
    subject_id: str,
    *,
    types: Collection[str],
    wordings: Wordings,
    now: datetime,
) -> int:
    """The last event of these types that each endpoint listens to, told to it again; how many that makes."""
    events = [one for one in work.events.of_subject(account_id, subject_id) if one.event.type in types]
    told = 0
    for endpoint in work.endpoints.of_account(account_id):
        heard = [one for one in events if wordings[endpoint.dialect].listens(endpoint, one.event)]
        if heard:
            first = _first_delivery(work, heard[-1], endpoint)
            work.deliveries.add(heard[-1].id, endpoint, now=now, replay_of=first)
            told += 1
    return told


def _check(endpoint: Endpoint) -> None:
    check_url(endpoint.url)
    check_headers(endpoint.secrets.headers)
    for secret in endpoint.secrets.signing:
        key_of(secret)
    for private_key in endpoint.secrets.private_keys:
        public_key(private_key)
    if endpoint.secrets.authorization is not None:
        check_authorization(endpoint.secrets.authorization)
    if endpoint.secrets.client_pem:
        check_client_pem(endpoint.secrets.client_pem)
    if endpoint.secrets.ca_pem:
        check_ca_pem(endpoint.secrets.ca_pem)
    if endpoint.terms is not None:
        check_terms(endpoint.terms)


def _require_kept(endpoint: Endpoint) -> None:
    if endpoint.deleted_at is not None:
        raise EndpointDeleted


def _turn(work: WebhookWork, endpoint: Endpoint, status: EndpointStatus) -> None:
    _require_kept(endpoint)
    endpoint.status = status
    work.endpoints.save(endpoint)


def _tell_again(work: WebhookWork, kept: KeptEvent, wordings: Wordings, now: datetime) -> int:
    listening = _listeners(work, kept, wordings)
    for endpoint in listening:
        first = _first_delivery(work, kept, endpoint)
        work.deliveries.add(kept.id, endpoint, now=now, replay_of=first)
    return len(listening)


def _listeners(work: WebhookWork, kept: KeptEvent, wordings: Wordings) -> Sequence[Endpoint]:
    endpoints = work.endpoints.of_account(kept.event.account_id)
    return [one for one in endpoints if wordings[one.dialect].listens(one, kept.event)]


def _first_delivery(work: WebhookWork, kept: KeptEvent, endpoint: Endpoint) -> DeliveryId | None:
    """What the new one repeats; nothing when the endpoint came after the event."""
    which = DeliveryFilter(endpoint_id=endpoint.id, event_id=kept.id)
    found, _ = work.deliveries.find(kept.event.account_id, which, offset=0, limit=1)
    return (found[0].delivery.replay_of or found[0].delivery.id) if found else None
