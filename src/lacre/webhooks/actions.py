"""What people and systems do with endpoints and deliveries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from lacre.kit.ids import AccountId, DeliveryId
from lacre.kit.jobs import Job
from lacre.kit.retention import PURGE
from lacre.webhooks import resuming
from lacre.webhooks.authorization import check_authorization
from lacre.webhooks.certificate import check_ca_pem, check_client_pem
from lacre.webhooks.delivery import DeliveryStatus, KeptEvent
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.errors import BehindAnother, EndpointDeleted
from lacre.webhooks.headers import check_headers
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Terms, check_account_terms, check_terms
from lacre.webhooks.rate import check_rate
from lacre.webhooks.replaying import Wordings, listening, tell_again
from lacre.webhooks.repositories import WebhookWork
from lacre.webhooks.scheme import public_key
from lacre.webhooks.signature import key_of
from lacre.webhooks.url import check_url


def subscribe(work: WebhookWork, endpoint: Endpoint) -> None:
    """From the next event on; earlier ones are not told."""
    _check(endpoint)
    work.endpoints.add(endpoint)


def change(work: WebhookWork, endpoint: Endpoint, *, now: datetime) -> None:
    """Keeps an endpoint whose URL, types, headers or secrets were changed; what waits goes there too.

    A rest is over: whoever mends what was wrong wants to see whether it works.
    """
    _require_kept(endpoint)
    _check(endpoint)
    work.endpoints.save(endpoint)
    work.health.try_now(endpoint.id, now=now)


def arrange(work: WebhookWork, endpoint: Endpoint, ordering: Ordering) -> None:
    """From now on in this order, what waits already too; raises `TooMuchWaits`.

    `work.deliveries.keep_still` comes first in the transaction, before the endpoint is read.
    """
    if ordering is not endpoint.ordering:
        _require_kept(endpoint)
        endpoint.ordering = ordering
        work.endpoints.save(endpoint)
        work.deliveries.arrange(endpoint)


def agree(work: WebhookWork, account_id: AccountId, terms: Terms | None) -> None:
    """How often and how long is tried, for all of an account's endpoints that choose nothing else."""
    if terms is not None:
        check_account_terms(terms)
    work.endpoints.agree(account_id, terms)


def remove(work: WebhookWork, endpoint: Endpoint, *, now: datetime) -> None:
    """What still waits for it is never sent, and soon given up; its history stays."""
    if endpoint.deleted_at is None:
        endpoint.deleted_at = now
        work.endpoints.save(endpoint)
        work.jobs.add(Job(kind=PURGE, key=PURGE, due_at=now))


def pause(work: WebhookWork, endpoint: Endpoint) -> None:
    """Events go on becoming deliveries, which wait."""
    _turn(work, endpoint, EndpointStatus.PAUSED)


def resume(work: WebhookWork, endpoint: Endpoint, *, now: datetime, anew: bool = False) -> None:
    """Also after we disabled it, and while it rests: what waited goes out, the oldest first.

    Types that were stopped are told again, and what was given up with them before its time goes on.
    `anew`: attempts are counted from nothing again, where its promise says so.
    """
    stopped, endpoint.stopped_types = endpoint.stopped_types, ()
    _turn(work, endpoint, EndpointStatus.ACTIVE)
    if stopped:
        work.deliveries.take_up(endpoint, anew=anew)
    endpoint.health = endpoint.health.after_resuming()
    work.health.keep({endpoint.id: endpoint.health})
    resuming.send_all(work, endpoint, anew=anew, now=now)


def retry(work: WebhookWork, account_id: AccountId, delivery_id: DeliveryId, *, now: datetime) -> DeliveryId:
    """Now: whose id is answered, the one that is on its way anyway, hurried, or a new one.

    One behind another of its lane is refused: it would overtake. A new one joins the end of its lane.
    """
    work.replays.take_turn(account_id)
    delivery = work.deliveries.get(account_id, delivery_id)
    work.health.try_now(delivery.endpoint_id, now=now)
    told = work.replays.told(account_id, {delivery.event_id})[delivery.event_id, delivery.endpoint_id]
    if told.open is not None:
        if work.deliveries.get(account_id, told.open).status is DeliveryStatus.QUEUED:
            raise BehindAnother
        work.replays.hurry(account_id, [told.open], now=now)
        return told.open
    endpoint = work.endpoints.get(account_id, delivery.endpoint_id)
    _require_kept(endpoint)
    return work.deliveries.add(delivery.event_id, endpoint, now=now, replay_of=told.first)


def replay(work: WebhookWork, events: Sequence[KeptEvent], *, wordings: Wordings, now: datetime) -> int:
    """Tells past events of one account again to whoever listens to them today; how many go out."""
    if not events:
        return 0
    account_id = events[0].event.account_id
    return tell_again(work, account_id, listening(work, account_id, events, wordings), now=now)


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
    """The last event of these types that each endpoint listens to, told to it again; how many go out."""
    events = [one for one in work.events.of_subject(account_id, subject_id) if one.event.type in types]
    last = {endpoint.id: (kept, endpoint) for kept, endpoint in listening(work, account_id, events, wordings)}
    return tell_again(work, account_id, last.values(), now=now)


def _check(endpoint: Endpoint) -> None:
    check_url(endpoint.url)
    check_headers(endpoint.secrets.headers)
    if endpoint.rate is not None:
        check_rate(endpoint.rate)
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
