"""A unit of work: all of it or nothing, one after the other where it must be."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from lacre.kit.ids import AccountId, EnvelopeId
from lacre.kit.refusal import NotFound
from lacre.signing.envelope import Envelope
from lacre.store.opening import Store
from tests.support.kept import NOW, an_account, an_endpoint, an_envelope, an_event


class Stop(Exception):
    """What a test stops a unit of work with."""


def test_what_fails_leaves_nothing_behind(store: Store) -> None:
    account_id, _ = _account_and_envelope(store)

    another = an_envelope(account_id, number=1)

    with pytest.raises(Stop):
        _do_everything_and_stop(store, another)

    with store.open_work() as work:
        assert work.endpoints.of_account(account_id) == []
        assert work.events.find(account_id, offset=0, limit=9) == []
        assert work.envelopes.next_number(account_id) == 1
        with pytest.raises(NotFound):
            work.envelopes.get(account_id, another.id)


def test_an_event_commits_with_a_delivery_for_each_endpoint_that_listens(store: Store) -> None:
    with store.open_work() as work:
        account_id = an_account(work)
        other_account = an_account(work, "Davi ME")
        listening = an_endpoint(account_id, types=("signing.test",))
        for endpoint in (listening, an_endpoint(account_id, types=("other",)), an_endpoint(other_account)):
            work.endpoints.add(endpoint)

    with store.open_work() as work:
        event_id = work.announce(an_event(account_id))

    with store.open_work() as work:
        held = work.deliveries.claim("worker", now=NOW, limit=9, per_endpoint=9)
    assert [(one.kept.id, one.endpoint.id) for one in held] == [(event_id, listening.id)]


def test_events_of_one_transaction_keep_their_order(store: Store) -> None:
    kinds = [f"signing.{number}" for number in range(8)]

    with store.open_work() as work:
        account_id = an_account(work)
        work.endpoints.add(an_endpoint(account_id))
        for kind in kinds:
            work.announce(an_event(account_id, kind=kind))

    with store.open_work() as work:
        kept = work.events.of_subject(account_id, "subject")
        held = work.deliveries.claim("worker", now=NOW, limit=9, per_endpoint=9)
    assert [one.event.type for one in kept] == kinds
    assert [one.kept.event.type for one in held] == kinds


def test_numbers_have_no_gaps_and_no_doubles(store: Store) -> None:
    account_id, _ = _account_and_envelope(store)
    given: list[int] = []

    def take(turn: int) -> None:
        with contextlib.suppress(Stop), store.open_work() as work:
            number = work.envelopes.next_number(account_id)
            if turn % 4 == 0:
                raise Stop
            given.append(number)

    _at_once(take, turns=40)

    assert sorted(given) == list(range(1, 31))


def test_two_who_change_an_envelope_take_turns(store: Store) -> None:
    account_id, envelope_id = _account_and_envelope(store)

    def count(_turn: int) -> None:
        with store.open_work() as work:
            envelope = work.envelopes.get(account_id, envelope_id)
            envelope.reminders_given += 1
            work.envelopes.save(envelope)

    _at_once(count, turns=40)

    with store.open_work() as work:
        assert work.envelopes.get(account_id, envelope_id).reminders_given == 40


def test_a_reader_need_not_wait_for_a_writer(store: Store) -> None:
    account_id, envelope_id = _account_and_envelope(store)

    with store.open_work() as writing:
        envelope = writing.envelopes.get(account_id, envelope_id)
        envelope.title = "Outro"
        writing.envelopes.save(envelope)
        with store.open_work() as reading:
            seen = reading.envelopes.for_check(envelope_id).title

    assert seen == "Contrato"


def test_what_was_read_before_a_lock_is_not_what_is_locked(store: Store) -> None:
    """A unit of work that looked around first must not fail, or see the past, once it locks."""
    account_id, envelope_id = _account_and_envelope(store)

    with store.open_work() as slow:
        slow.envelopes.for_check(envelope_id)
        with store.open_work() as quick:
            envelope = quick.envelopes.get(account_id, envelope_id)
            envelope.title = "Outro"
            quick.envelopes.save(envelope)
        seen = slow.envelopes.get(account_id, envelope_id)

    assert seen.title == "Outro"


def _account_and_envelope(store: Store) -> tuple[AccountId, EnvelopeId]:
    with store.open_work() as work:
        account_id = an_account(work)
        envelope = an_envelope(account_id, number=1000)
        work.envelopes.add(envelope)
    return account_id, envelope.id


def _do_everything_and_stop(store: Store, envelope: Envelope) -> None:
    with store.open_work() as work:
        work.envelopes.next_number(envelope.account_id)
        work.envelopes.add(envelope)
        work.endpoints.add(an_endpoint(envelope.account_id))
        work.announce(an_event(envelope.account_id))
        raise Stop


def _at_once(do: Callable[[int], None], *, turns: int) -> None:
    ready = threading.Barrier(8)

    def hurry(first: int) -> None:
        ready.wait()
        for turn in range(first, turns, 8):
            do(turn)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(hurry, first) for first in range(8)]:
            done.result()
