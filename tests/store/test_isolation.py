"""No account sees or changes anything of another: every getter is asked for a stranger's things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lacre.kit.ids import AccountId, DeliveryId, EventId, ReplayId
from lacre.kit.refusal import NotFound
from lacre.signing.envelope import Envelope
from lacre.signing.repositories import EnvelopeFilter, KeptMail
from lacre.store.opening import Store
from lacre.store.work import SqlWork
from lacre.webhooks.delivery import Attempt, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.replay import Wanted
from lacre.webhooks.repositories import Feed, Held, Settled
from tests.support.kept import NOW, SECOND, an_account, an_endpoint, an_envelope, an_event


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What Ana's account holds, and Davi's, who must see nothing of it."""

    ana: AccountId
    davi: AccountId
    envelope: Envelope
    endpoint: Endpoint
    event_id: EventId
    delivery_id: DeliveryId
    replay_id: ReplayId


REPLAYED = Wanted(since=NOW)

Ask = Callable[[SqlWork, AccountId, Kept], object]

GETTERS: dict[str, Ask] = {
    "envelope": lambda work, account_id, kept: work.envelopes.get(account_id, kept.envelope.id),
    "by document": lambda work, account_id, kept: work.envelopes.by_document(
        account_id, kept.envelope.documents[0].id
    ),
    "by signer": lambda work, account_id, kept: work.envelopes.by_signer(
        account_id, kept.envelope.signers[0].id
    ),
    "endpoint": lambda work, account_id, kept: work.endpoints.get(account_id, kept.endpoint.id),
    "by number": lambda work, account_id, kept: work.endpoints.by_number(account_id, kept.endpoint.number),
    "event": lambda work, account_id, kept: work.events.get(account_id, kept.event_id),
    "delivery": lambda work, account_id, kept: work.deliveries.get(account_id, kept.delivery_id),
    "replay": lambda work, account_id, kept: work.replays.get(account_id, kept.replay_id),
}

LISTS: dict[str, Ask] = {
    "envelopes": lambda work, account_id, _: (
        work.envelopes.find(account_id, EnvelopeFilter(deleted=None), offset=0, limit=9).items
    ),
    "mails": lambda work, account_id, kept: work.mails.of_envelope(account_id, kept.envelope.id),
    "endpoints": lambda work, account_id, _: work.endpoints.of_account(account_id),
    "events": lambda work, account_id, _: work.events.find(account_id, offset=0, limit=9),
    "of subject": lambda work, account_id, kept: work.events.of_subject(account_id, kept.envelope.id),
    "deliveries": lambda work, account_id, _: work.deliveries.search(account_id, DeliveryFilter(), limit=9),
    "deliveries of its endpoint": lambda work, account_id, kept: work.deliveries.search(
        account_id, DeliveryFilter(endpoint_id=kept.endpoint.id), limit=9
    ),
    "deliveries of its event": lambda work, account_id, kept: work.deliveries.search(
        account_id, DeliveryFilter(event_id=kept.event_id), limit=9
    ),
    "deliveries of its subject": lambda work, account_id, kept: work.deliveries.search(
        account_id, DeliveryFilter(subject_id=kept.envelope.id), limit=9
    ),
    "feed": lambda work, account_id, _: work.feed.read(account_id, Feed(), limit=9).events,
    "attempts at its event": lambda work, account_id, kept: work.deliveries.attempts_at(
        account_id, kept.event_id
    ),
    "attempts": lambda work, account_id, kept: work.deliveries.attempts(account_id, kept.delivery_id),
    "replays": lambda work, account_id, _: work.replays.find(account_id, limit=9),
    "events of a replay": lambda work, account_id, _: work.replays.look(
        account_id, REPLAYED, NOW + SECOND, after=None, limit=9
    ),
    "named": lambda work, account_id, kept: work.replays.named(account_id, {kept.event_id}),
    "told": lambda work, account_id, kept: work.replays.told(account_id, {kept.event_id}),
}


@pytest.fixture
def kept(store: Store) -> Kept:
    with store.open_work() as work:
        ana, davi = an_account(work), an_account(work, "Davi ME")
        envelope, endpoint = an_envelope(ana), an_endpoint(ana)
        work.envelopes.add(envelope)
        work.endpoints.add(endpoint)
        work.mails.keep(a_mail(envelope))
        event_id = work.announce(an_event(ana, subject_id=envelope.id))
        replay = work.replays.add(ana, REPLAYED, by="cli", total=1, now=NOW)
    with store.open_work() as work:
        (held,) = work.deliveries.claim("worker", now=NOW, limit=9, per_endpoint=9)
        work.deliveries.settle("worker", [delivered(held)])
    return Kept(
        ana=ana,
        davi=davi,
        envelope=envelope,
        endpoint=endpoint,
        event_id=event_id,
        delivery_id=held.delivery.id,
        replay_id=replay.id,
    )


@pytest.mark.parametrize("getter", GETTERS)
def test_a_getter_finds_nothing_of_a_stranger(store: Store, kept: Kept, getter: str) -> None:
    with store.open_work() as work:
        assert GETTERS[getter](work, kept.ana, kept)
        with pytest.raises(NotFound):
            GETTERS[getter](work, kept.davi, kept)


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_holds_nothing_of_a_stranger(store: Store, kept: Kept, listed: str) -> None:
    with store.open_work() as work:
        mine, strange = LISTS[listed](work, kept.ana, kept), LISTS[listed](work, kept.davi, kept)

    assert mine
    assert not strange


def test_nobody_saves_over_what_is_another_account_s(store: Store, kept: Kept) -> None:
    kept.envelope.account_id = kept.davi
    kept.endpoint.account_id = kept.davi

    with store.open_work() as work:
        with pytest.raises(NotFound):
            work.envelopes.save(kept.envelope)
        with pytest.raises(NotFound):
            work.endpoints.save(kept.endpoint)


def test_nobody_revokes_a_stranger_s_key_or_hurries_their_delivery(store: Store, kept: Kept) -> None:
    with store.open_work() as work:
        work.accounts.revoke_key(kept.davi, "key", now=NOW)
        work.replays.hurry(kept.davi, [kept.delivery_id], now=NOW)

        assert work.deliveries.get(kept.ana, kept.delivery_id).due_at == NOW


def a_mail(envelope: Envelope) -> KeptMail:
    return KeptMail(
        account_id=envelope.account_id,
        envelope_id=envelope.id,
        signer_id=None,
        to="bruno@example.com",
        subject="Assine",
        html="<p>tell-nobody</p>",
        text="tell-nobody",
        kind="invitation",
        at=NOW,
        outcome="kept",
    )


def delivered(held: Held) -> Settled:
    attempt = Attempt(
        delivery_id=held.delivery.id,
        number=1,
        at=NOW,
        milliseconds=12,
        ok=True,
        status_code=200,
        reason="",
        request_digest="0" * 64,
        request_body=b"tell-nobody",
        response_body=b"tell-nobody",
        detail={"url": "https://r.test/"},
    )
    return Settled(
        delivery_id=held.delivery.id,
        endpoint_id=held.endpoint.id,
        attempt=attempt,
        status=DeliveryStatus.DELIVERED,
        due_at=NOW,
    )
