"""Documents that are processed, their pages and their types: each account's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lacre.kit.ids import AccountId, new_uuid
from lacre.kit.refusal import NotFound
from lacre.processing.document_type import DocumentType
from lacre.processing.errors import ExternalIdTaken
from lacre.processing.extraction import Extraction, Status
from lacre.processing.repositories import ExtractionFilter, all_pages
from lacre.store.opening import Store
from lacre.store.processing_tables import extraction_page
from tests.support.extractions import NOON, a_page, an_extraction
from tests.support.kept import an_account


def test_it_comes_back_as_it_was_and_as_it_was_changed(store: Store) -> None:
    kept = keep(store)

    kept.begin(now=NOON)
    with store.open_work() as work:
        work.extractions.save(kept)

    with store.open_work() as work:
        assert work.extractions.get(kept.account_id, kept.id) == kept
        assert work.extractions.for_job(kept.id) == kept


def test_no_account_sees_another_s(store: Store) -> None:
    kept, stranger = keep(store), keep(store).account_id

    with store.open_work() as work:
        with pytest.raises(NotFound):
            work.extractions.get(stranger, kept.id)
        with pytest.raises(NotFound):
            work.extractions.save(replace(kept, account_id=stranger))
        with pytest.raises(NotFound):
            work.extractions.find(stranger, ExtractionFilter(after=kept.id), limit=9)


def test_an_external_id_is_there_once_an_account_and_none_as_often_as_one_likes(store: Store) -> None:
    first = keep(store, external_id="pedido-7")
    keep(store, external_id="pedido-7")
    keep(store, account=first.account_id)
    keep(store, account=first.account_id)

    with pytest.raises(ExternalIdTaken, match="pedido-7"):
        keep(store, account=first.account_id, external_id="pedido-7")


def test_the_list_is_newest_first_and_narrowed(store: Store) -> None:
    first = keep(store, name="Nota de São Paulo.pdf")
    mine = first.account_id
    later = [keep(store, account=mine, minutes=minutes, type=5) for minutes in (1, 2, 3)]

    assert found(store, mine) == [later[2].id, later[1].id, later[0].id, first.id]
    assert found(store, mine, after=later[1].id) == [later[0].id, first.id]
    assert found(store, mine, text="SAO paulo") == [first.id]
    assert found(store, mine, type=5, statuses=(Status.RECEIVED,)) == [one.id for one in reversed(later)]
    assert found(store, mine, samples=True) == []


def test_pages_come_back_in_their_order_and_are_not_in_clear(store: Store) -> None:
    kept = keep(store)
    pages = [a_page(number, [f"CPF 529.982.247-25 página {number}"]) for number in (3, 1, 2)]

    with store.open_work() as work:
        work.extractions.keep_pages(kept, pages)
        work.extractions.keep_pages(kept, pages[:1])

    with store.open_work() as work:
        assert work.extractions.pages_kept(kept.id) == {1, 2, 3}
        assert list(all_pages(work.extractions, kept.id, at_once=2)) == sorted(
            pages, key=lambda one: one.number
        )
        rows = work._transaction.read(select(extraction_page.c.sealed)).scalars()
        assert all(b"529" not in one for one in rows)


def test_what_is_removed_takes_its_pages_along(store: Store) -> None:
    kept = keep(store)
    with store.open_work() as work:
        work.extractions.keep_pages(kept, [a_page()])
        work.extractions.remove(kept)

    with store.open_work() as work:
        assert work.extractions.for_job(kept.id) is None
        assert work.extractions.pages_kept(kept.id) == set()


def test_every_version_of_a_type_is_kept_and_the_newest_counts(store: Store) -> None:
    mine = keep(store).account_id
    versions = [DocumentType(number=1001, version=one, name=f"Pedido {one}") for one in (1, 2)]

    with store.open_work() as work:
        for one in versions:
            work.document_types.add(mine, one)

    with store.open_work() as work:
        assert work.document_types.newest(mine, 1001) == versions[1]
        assert work.document_types.all(mine) == {1001: versions[1]}
        assert list(work.document_types.versions(mine, 1001)) == [versions[1], versions[0]]
        assert work.document_types.all(AccountId(new_uuid())) == {}


def found(store: Store, account: AccountId, **which: object) -> Sequence[str]:
    with store.open_work() as work:
        return [one.id for one in work.extractions.find(account, ExtractionFilter(**which), limit=9)]  # type: ignore[arg-type]


def keep(store: Store, *, account: AccountId | None = None, minutes: int = 0, **given: object) -> Extraction:
    with store.open_work() as work:
        owner = account or an_account(work, new_uuid())
        extraction = an_extraction(owner, created_at=NOON + timedelta(minutes=minutes), **given)
        work.extractions.add(extraction)
    return extraction
