"""Lists newest first, page by page: what is added meanwhile neither repeats nor hides anything."""

from __future__ import annotations

import pytest

from lacre.kit.ids import DeliveryId, EnvelopeId, EventId, new_uuid
from lacre.kit.refusal import NotFound
from lacre.signing.repositories import EnvelopeFilter
from lacre.store.opening import Store
from lacre.webhooks.filters import DeliveryFilter, EventFilter
from tests.support.kept import an_account, an_endpoint, an_envelope, an_event


def test_the_next_page_of_envelopes_begins_where_the_last_one_ended(store: Store) -> None:
    with store.open_work() as work:
        ana = an_account(work)
        for number in range(5):
            work.envelopes.add(an_envelope(ana, number=number))
        first = work.envelopes.find(ana, EnvelopeFilter(), offset=0, limit=2).items
        work.envelopes.add(an_envelope(ana, number=9))
        after = EnvelopeFilter(after=first[-1].id)
        rest = work.envelopes.find(ana, after, offset=0, limit=9).items

    assert [one.number for one in (*first, *rest)] == [4, 3, 2, 1, 0]


def test_the_next_page_of_events_begins_where_the_last_one_ended(store: Store) -> None:
    with store.open_work() as work:
        ana = an_account(work)
        told = [work.announce(an_event(ana)) for _ in range(5)]
        first = work.events.search(ana, EventFilter(), limit=2)
        work.announce(an_event(ana))
        rest = work.events.search(ana, EventFilter(after=first[-1].id), limit=9)

    assert [one.id for one in (*first, *rest)] == told[::-1]


def test_the_next_page_of_deliveries_begins_where_the_last_one_ended(store: Store) -> None:
    with store.open_work() as work:
        ana = an_account(work)
        work.endpoints.add(an_endpoint(ana))
        told = [work.announce(an_event(ana)) for _ in range(5)]
        first = work.deliveries.search(ana, DeliveryFilter(), limit=2)
        work.announce(an_event(ana))
        after = DeliveryFilter(after=first[-1].delivery.id)
        rest = work.deliveries.search(ana, after, limit=9)

    assert [one.delivery.event_id for one in (*first, *rest)] == told[::-1]


def test_events_are_found_by_type_and_subject(store: Store) -> None:
    with store.open_work() as work:
        ana = an_account(work)
        wanted = work.announce(an_event(ana, subject_id="s", kind="signing.a"))
        work.announce(an_event(ana, subject_id="s", kind="signing.b"))
        work.announce(an_event(ana, subject_id="t", kind="signing.a"))
        found = work.events.search(ana, EventFilter(types=("signing.a",), subject_id="s"), limit=9)

    assert [one.id for one in found] == [wanted]


def test_no_page_begins_after_what_is_a_stranger_s(store: Store) -> None:
    with store.open_work() as work:
        ana, davi = an_account(work), an_account(work, "Davi ME")
        envelope = an_envelope(ana)
        work.envelopes.add(envelope)
        event_id = work.announce(an_event(ana))

        with pytest.raises(NotFound):
            work.envelopes.find(davi, EnvelopeFilter(after=envelope.id), offset=0, limit=9)
        with pytest.raises(NotFound):
            work.events.search(davi, EventFilter(after=event_id), limit=9)


def test_no_page_begins_after_what_never_was(store: Store) -> None:
    with store.open_work() as work:
        ana, never = an_account(work), new_uuid()

        with pytest.raises(NotFound):
            work.envelopes.find(ana, EnvelopeFilter(after=EnvelopeId(never)), offset=0, limit=9)
        with pytest.raises(NotFound):
            work.events.search(ana, EventFilter(after=EventId(never)), limit=9)
        with pytest.raises(NotFound):
            work.deliveries.search(ana, DeliveryFilter(after=DeliveryId(never)), limit=9)
