"""Envelopes come back as they were, and are found by what people remember of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lacre.kit.ids import AccountId
from lacre.kit.refusal import NotFound
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.options import EnvelopeOptions
from lacre.signing.repositories import EnvelopeFilter
from lacre.store.opening import Store
from tests.support.kept import NOW, a_signer, an_account, an_envelope


def test_an_envelope_comes_back_as_it_was(store: Store) -> None:
    kept = keep(store, an_envelope(account(store)))

    with store.open_work() as work:
        assert work.envelopes.get(kept.account_id, kept.id) == kept
        assert work.envelopes.by_document(kept.account_id, kept.documents[0].id) == kept
        assert work.envelopes.by_signer(kept.account_id, kept.signers[0].id) == kept
        assert work.envelopes.by_file_link(kept.documents[0].id) == kept
        assert work.envelopes.for_job(kept.id) == kept
        assert work.envelopes.for_check(kept.id) == kept


def test_what_is_changed_and_saved_stays_changed(store: Store) -> None:
    kept = keep(store, an_envelope(account(store)))

    with store.open_work() as work:
        changed = work.envelopes.get(kept.account_id, kept.id)
        changed.title = "Distrato \0 com NUL"
        changed.signers.append(a_signer("Eva"))
        work.envelopes.save(changed)

    with store.open_work() as work:
        assert work.envelopes.by_signer(kept.account_id, changed.signers[-1].id) == changed


def test_a_link_finds_its_envelope_and_signer(store: Store) -> None:
    kept = keep(store, an_envelope(account(store)))
    bruno, carla = kept.signers
    link = store.links.signer_token(carla.id, 0)

    with store.open_work() as work:
        assert work.envelopes.by_link(link) == (kept, carla.id)
        assert work.envelopes.by_link(link.upper().replace("-", "")) == (kept, carla.id)
        assert work.envelopes.by_link(store.links.signer_token(bruno.id, 0)) == (kept, bruno.id)


@pytest.mark.parametrize("link", ["", "not a link", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_link_finds_nothing(store: Store, link: str) -> None:
    keep(store, an_envelope(account(store)))

    with store.open_work() as work, pytest.raises(NotFound):
        work.envelopes.by_link(link)


def test_a_renewed_link_kills_the_one_before(store: Store) -> None:
    kept = keep(store, an_envelope(account(store)))
    bruno = kept.signers[0]

    with store.open_work() as work:
        bruno.link_generation = 1
        work.envelopes.save(kept)

    with store.open_work() as work:
        assert work.envelopes.by_link(store.links.signer_token(bruno.id, 1)) == (kept, bruno.id)
        with pytest.raises(NotFound):
            work.envelopes.by_link(store.links.signer_token(bruno.id, 0))


def test_a_removed_signer_has_no_link_but_is_still_known(store: Store) -> None:
    kept = keep(store, an_envelope(account(store)))
    bruno = kept.signers[0]

    with store.open_work() as work:
        bruno.removed_at = NOW
        work.envelopes.save(kept)

    with store.open_work() as work:
        assert work.envelopes.by_signer(kept.account_id, bruno.id) == kept
        with pytest.raises(NotFound):
            work.envelopes.by_link(store.links.signer_token(bruno.id, 0))


@pytest.mark.parametrize(
    ("which", "found"),
    [
        (EnvelopeFilter(), [3, 1]),
        (EnvelopeFilter(deleted=None), [3, 2, 1]),
        (EnvelopeFilter(deleted=True), [2]),
        (EnvelopeFilter(text="LOCACAO"), [1]),
        (EnvelopeFilter(text="inácio"), [3, 1]),
        (EnvelopeFilter(text="carla@example"), [3, 1]),
        (EnvelopeFilter(text="100%"), [3]),
        (EnvelopeFilter(text="loca_ao"), []),
        (EnvelopeFilter(signer_email="Bruno@Example.com"), [3, 1]),
        (EnvelopeFilter(signer_email="bruno@example"), []),
        (EnvelopeFilter(statuses=(EnvelopeStatus.COMPLETED,)), [3]),
        (EnvelopeFilter(folder="/rh/"), [1]),
        (EnvelopeFilter(external_id="A-1"), [1]),
        # midnight in Brasília is three hours after midnight in UTC
        (EnvelopeFilter(created_to=date(2026, 11, 22)), [1]),
        (EnvelopeFilter(created_from=date(2026, 11, 23)), [3]),
        (EnvelopeFilter(created_from=date(2026, 11, 22), created_to=date(2026, 11, 23)), [3, 1]),
    ],
)
def test_a_filter_narrows_a_list(store: Store, which: EnvelopeFilter, found: list[int]) -> None:
    account_id = account(store)
    keep_three(store, account_id)

    with store.open_work() as work:
        page = work.envelopes.find(account_id, which, offset=0, limit=9)

    assert [one.number for one in page.items] == found
    assert page.total == len(found)


def test_a_list_comes_in_pages_from_either_end(store: Store) -> None:
    account_id = account(store)
    for number in range(1, 6):
        keep(store, an_envelope(account_id, number=number))

    with store.open_work() as work:
        newest = work.envelopes.find(account_id, EnvelopeFilter(), offset=1, limit=2)
        oldest = work.envelopes.find(account_id, EnvelopeFilter(), offset=4, limit=2, newest_first=False)

    assert ([one.number for one in newest.items], newest.total) == ([4, 3], 5)
    assert ([one.number for one in oldest.items], oldest.total) == ([5], 5)


def test_envelopes_are_counted_by_their_status(store: Store) -> None:
    account_id = account(store)
    keep_three(store, account_id)

    with store.open_work() as work:
        all_of_them = work.envelopes.totals(account_id, EnvelopeFilter(deleted=None))
        found = work.envelopes.totals(account_id, EnvelopeFilter(text="locacao"))

    assert all_of_them == {EnvelopeStatus.PENDING: 2, EnvelopeStatus.COMPLETED: 1}
    assert found == {EnvelopeStatus.PENDING: 1}


def account(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work)


def keep(store: Store, envelope: Envelope) -> Envelope:
    with store.open_work() as work:
        work.envelopes.add(envelope)
    return envelope


def keep_three(store: Store, account_id: AccountId) -> None:
    first = an_envelope(account_id, number=1, title="Locação de imóvel")
    first.created_at = NOW - timedelta(hours=9, seconds=1)  # 23:59:59 of the day before in Brasília
    first.options = EnvelopeOptions(folder="/rh/", external_id="A-1")
    second = an_envelope(account_id, number=2, signers=0)
    second.deleted_at = NOW
    third = an_envelope(account_id, number=3, title="Desconto de 100% à vista")
    third.created_at, third.status = NOW + timedelta(seconds=1), EnvelopeStatus.COMPLETED
    for envelope in (first, second, third):
        keep(store, envelope)
