"""Many rows at once say on both databases what each said by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from lacre.store.batches import Insert, Update
from lacre.store.opening import Store
from lacre.store.tables import attempt, delivery
from lacre.store.transaction import Transaction
from tests.support.kept import an_account, an_endpoint, an_event

ODD = ["", "{}", '"', "\\", "\\x41", "a,b", "NULL", "null", " ", "ção", "🙂", "'); --", "{1,2}"]
DETAIL = '{"a":"\\\\\\""}'
COLUMNS = (
    "delivery_id",
    "number",
    "at",
    "milliseconds",
    "ok",
    "status_code",
    "reason",
    "detail",
    "request_digest",
    "sealed_bodies",
)


@contextmanager
def writing(store: Store) -> Iterator[tuple[Transaction, str]]:
    """A transaction, and a delivery that attempts may be of."""
    with store.open_work() as work:
        account = an_account(work)
        work.endpoints.add(an_endpoint(account))
        work.announce(an_event(account))
        transaction = work.deliveries._transaction
        yield transaction, transaction.read(select(delivery.c.id)).scalar_one()


def test_whatever_a_row_holds_comes_back(store: Store) -> None:
    with writing(store) as (transaction, delivery_id):
        rows = [
            (
                delivery_id,
                number,
                2**53,
                -1,
                bool(number % 2),
                None,
                word[:40],
                '{"a":"\\\\\\""}',
                "",
                word.encode(),
            )
            for number, word in enumerate(ODD)
        ]
        Insert(attempt, COLUMNS).run(transaction, rows)
        kept = transaction.read(select(attempt).order_by(attempt.c.number)).all()

    assert [row.reason for row in kept] == ODD
    assert [row.sealed_bodies for row in kept] == [word.encode() for word in ODD]
    assert [row.ok for row in kept] == [bool(number % 2) for number in range(len(ODD))]
    assert {(row.at, row.milliseconds, row.status_code) for row in kept} == {(2**53, -1, None)}
    assert all(row.detail == {"a": '\\"'} for row in kept)


@pytest.mark.parametrize("bytes_", [b"\0", b"\xff\x00\\", b"\\x00", b""])
def test_bytes_are_bytes(store: Store, bytes_: bytes) -> None:
    with writing(store) as (transaction, delivery_id):
        row = (delivery_id, 1, 1, 1, True, 200, "", "{}", "", bytes_)
        Insert(attempt, COLUMNS).run(transaction, [row])

        assert transaction.read(select(attempt.c.sealed_bodies)).scalar_one() == bytes_


def test_an_update_says_how_many_rows_it_found(store: Store) -> None:
    change = Update(delivery, ("due_at",), ("id",), fixed="retry = 1", where="delivery.status = ?")
    with writing(store) as (transaction, delivery_id):
        found = change.run(transaction, [(5, delivery_id), (6, "nobody")], "waiting")
        not_found = change.run(transaction, [(7, delivery_id)], "held")
        row = transaction.read(select(delivery.c.due_at, delivery.c.retry)).one()

    assert (found, not_found) == (1, 0)
    assert tuple(row) == (5, 1)


def test_nothing_is_asked_for_nothing(store: Store) -> None:
    with writing(store) as (transaction, _):
        Insert(attempt, COLUMNS).run(transaction, [])

        assert Update(delivery, ("due_at",), ("id",)).run(transaction, []) == 0
