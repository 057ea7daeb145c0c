"""Other processes hear of work as soon as it is committed."""

from __future__ import annotations

import threading

from sqlalchemy import text

from lacre.kit.ids import new_uuid
from lacre.store.opening import Store
from tests.support.kept import an_account, an_endpoint, an_event

PATIENCE_SECONDS = 20.0
END_SESSIONS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE query LIKE '%lacre_work%' AND pid <> pg_backend_pid()"
)


def test_a_commit_of_one_node_wakes_the_other(nodes: tuple[Store, Store]) -> None:
    first, second = nodes
    woken = threading.Event()
    second.on_work(woken.set)

    # the listener may not have begun when the first is said
    assert any(_happen(first) and woken.wait(0.5) for _ in range(int(PATIENCE_SECONDS * 2)))


def test_it_is_heard_again_after_the_server_ended_the_session(nodes: tuple[Store, Store]) -> None:
    first, second = nodes
    woken = threading.Event()
    second.on_work(woken.set)
    assert any(_happen(first) and woken.wait(0.5) for _ in range(int(PATIENCE_SECONDS * 2)))

    with first.open_work() as work:
        work.deliveries._transaction.read(text(END_SESSIONS))
    woken.clear()

    assert any(_happen(first) and woken.wait(0.5) for _ in range(int(PATIENCE_SECONDS * 2)))


def _happen(store: Store) -> bool:
    with store.open_work() as work:
        account = an_account(work, name=new_uuid())
        work.endpoints.add(an_endpoint(account))
        work.announce(an_event(account))
    return True
