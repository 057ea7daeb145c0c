"""What is asked past SQLAlchemy says the same on both databases."""

from __future__ import annotations

import pytest

from lacre.store.opening import Store
from lacre.store.statements import Statement

ODD = ["", '"', "\\", "%s", "%", ":name", "a,b", "{1}", "ção", "🙂", "'); --"]


@pytest.mark.parametrize(
    "many", [tuple(ODD), list(ODD), set(ODD), frozenset(ODD)], ids=lambda many: type(many).__name__
)
def test_whatever_a_list_holds_is_found_in_it(store: Store, many: object) -> None:
    among = Statement("SELECT CASE WHEN CAST(:one AS varchar) IN :many THEN 1 ELSE 0 END", ("found",))

    with store.open_work() as work:
        ask = work.deliveries._transaction.look_up
        found = [ask(among, {"one": one, "many": many})[0].found for one in [*ODD, "another"]]

    assert found == [1] * len(ODD) + [0]


def test_nothing_is_found_in_an_empty_list(store: Store) -> None:
    among = Statement("SELECT 1 WHERE CAST(:one AS varchar) IN :many", ("found",))

    with store.open_work() as work:
        assert work.deliveries._transaction.look_up(among, {"one": "a", "many": ()}) == []


def test_a_row_has_the_names_of_its_columns(store: Store) -> None:
    with store.open_work() as work:
        (row,) = work.deliveries._transaction.look_up(
            Statement("SELECT 1, NULL, 'x'", ("one", "none", "text"))
        )

    assert (row.one, row.none, row.text) == (1, None, "x")
