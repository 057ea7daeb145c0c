"""Form fields become what Rails makes of them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacre.dialects.fastnotas.errors import Declined
from lacre.dialects.fastnotas.form import nested
from tests.support.examples import PATIENT


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([("name", "a")], {"name": "a"}),
        ([("a[b][c]", "1"), ("a[b][d]", "2")], {"a": {"b": {"c": "1", "d": "2"}}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        (
            [("i[][id]", "1"), ("i[][n]", "x"), ("i[][id]", "2"), ("i[][n]", "y")],
            {"i": [{"id": "1", "n": "x"}, {"id": "2", "n": "y"}]},
        ),
        (
            [("i[][id]", "1"), ("i[][s][t][iss]", "3"), ("i[][id]", "2")],
            {"i": [{"id": "1", "s": {"t": {"iss": "3"}}}, {"id": "2"}]},
        ),
        ([("a[b", "1"), ("[x]", "2")], {"a[b": "1", "[x]": "2"}),
    ],
)
def test_names_say_where_values_go(fields: list[tuple[str, str]], said: dict[str, Any]) -> None:
    assert nested(fields) == said


@PATIENT
@given(st.lists(st.tuples(st.text(alphabet="ab[]", max_size=12), st.text(max_size=3)), max_size=12))
def test_any_names_are_understood_or_refused(fields: list[tuple[str, str]]) -> None:
    with suppress(Declined):
        assert isinstance(nested(fields), dict)
