"""Events read on from a cursor: none is skipped, however late a transaction commits, and none comes twice."""

from __future__ import annotations

import threading

import pytest

from lacre.kit.ids import AccountId, EventId
from lacre.kit.refusal import NotFound
from lacre.store.opening import Store
from lacre.webhooks.repositories import Feed
from tests.support.kept import MINUTE, NOW, an_account, an_event


@pytest.fixture
def account_id(store: Store) -> AccountId:
    with store.open_work() as work:
        return an_account(work)


def test_events_are_read_oldest_first_and_each_once(store: Store, account_id: AccountId) -> None:
    told = [announce(store, account_id) for _ in range(5)]

    first, cursor = read(store, account_id, Feed(), limit=2)
    second, cursor = read(store, account_id, Feed(after=cursor), limit=2)
    told.append(announce(store, account_id))
    third, cursor = read(store, account_id, Feed(after=cursor), limit=9)

    assert [*first, *second, *third] == told
    assert read(store, account_id, Feed(after=cursor))[0] == []


def test_what_commits_late_is_not_skipped(store: Store, account_id: AccountId) -> None:
    """The first to announce is the last to commit; a reader comes while it still may not."""
    announced, go_on = threading.Event(), threading.Event()
    late: list[EventId] = []

    def dawdle() -> None:
        with store.open_work() as work:
            late.append(work.announce(an_event(account_id, kind="signing.late")))
            announced.set()
            go_on.wait(20)

    dawdling = threading.Thread(target=dawdle)
    dawdling.start()
    announced.wait(20)
    early = [] if one_writes_at_a_time(store) else [announce(store, account_id)]
    before, cursor = read(store, account_id, Feed())
    go_on.set()
    dawdling.join()
    after, _ = read(store, account_id, Feed(after=cursor))

    assert before == []
    assert sorted(after) == sorted([*late, *early])


def test_from_now_on_is_only_what_comes(store: Store, account_id: AccountId) -> None:
    announce(store, account_id)
    nothing, cursor = read(store, account_id, Feed(after="now"))

    told = announce(store, account_id)

    assert nothing == []
    assert read(store, account_id, Feed(after=cursor))[0] == [told]


def test_a_cursor_goes_past_what_is_not_asked_for(store: Store, account_id: AccountId) -> None:
    wanted = Feed(types=("signing.rare",))
    _, first = read(store, account_id, wanted)
    announce(store, account_id)

    found, second = read(store, account_id, Feed(types=wanted.types, after=first))

    assert found == []
    assert second != first


def test_since_begins_in_the_middle(store: Store, account_id: AccountId) -> None:
    with store.open_work() as work:
        told = [work.announce(an_event(account_id, at=NOW + place * MINUTE)) for place in range(4)]

    found, _ = read(store, account_id, Feed(since=NOW + 2 * MINUTE))

    assert found == told[2:]


@pytest.mark.parametrize("cursor", ["", "cur_", "cur_1_x", "cur_-1_2", "evt_1", "cur_" + "9" * 30 + "_1"])
def test_what_is_no_cursor_is_refused(store: Store, account_id: AccountId, cursor: str) -> None:
    with store.open_work() as work, pytest.raises(NotFound):
        work.feed.read(account_id, Feed(after=cursor), limit=9)


def announce(store: Store, account_id: AccountId) -> EventId:
    with store.open_work() as work:
        return work.announce(an_event(account_id))


def read(store: Store, account_id: AccountId, which: Feed, *, limit: int = 99) -> tuple[list[EventId], str]:
    with store.open_work() as work:
        page = work.feed.read(account_id, which, limit=limit)
    return [one.id for one in page.events], page.cursor


def one_writes_at_a_time(store: Store) -> bool:
    with store.open_work() as work:
        return not work._transaction.postgresql
