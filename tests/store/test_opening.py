"""A store opens on a database of its own version, with its own key, and on no other."""

from __future__ import annotations

from lacre.services import Work
from lacre.store.opening import Store
from tests.support.kept import an_account, an_envelope


def test_a_unit_of_work_has_every_repository(store: Store) -> None:
    with store.open_work() as work:
        whole: Work = work

    assert whole.day.days == 1


def test_an_envelope_comes_back_as_it_was(store: Store) -> None:
    with store.open_work() as work:
        kept = an_envelope(an_account(work))
        work.envelopes.add(kept)

    with store.open_work() as work:
        assert work.envelopes.get(kept.account_id, kept.id) == kept
