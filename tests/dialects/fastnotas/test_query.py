"""The query language: what it means, and that nothing typed into it breaks anything."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacre.dialects.fastnotas.pages import DOCUMENTS
from lacre.dialects.fastnotas.query import NotAQuery, parse
from lacre.fiscal.query import Comparison, Either, Every, Negation, Operator, Query, Span
from tests.support.examples import PATIENT

DAY = 24 * 60 * 60 * 1_000_000


def one(field: str, operator: str, start: int, end: int) -> Comparison:
    return Comparison(field, Operator(operator), Span(start, end))


FIRST, SECOND, THIRD = (one("sequence", "=", number, number + 1) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("", None),
        ("  ", None),
        ("sequence=1", FIRST),
        (" sequence = 1 ", FIRST),
        ("sequence=1 AND sequence=2", Every((FIRST, SECOND))),
        ("sequence=1 and sequence=2 or sequence=3", Either((Every((FIRST, SECOND)), THIRD))),
        ("sequence=1 AND (sequence=2 OR sequence=3)", Every((FIRST, Either((SECOND, THIRD))))),
        ("NOT sequence=1 AND sequence=2", Every((Negation(FIRST), SECOND))),
        ("-sequence=1", Negation(FIRST)),
        ("not(sequence=1)", Negation(FIRST)),
        ("--sequence=1", Negation(Negation(FIRST))),
        ("amount>=49.9", one("amount", ">=", 4990, 4991)),
        ("amount<=49,9", one("amount", "<=", 4990, 4991)),
        ("amount>0.001", one("amount", ">", 1, 1)),
        ("created_at:1970-01-02", one("created_at", ":", DAY, 2 * DAY)),
        ("created_at>1970-01-01T00:00:01.5Z", one("created_at", ">", 1_500_000, 1_600_000)),
        ("created_at=1970-01-01T00:00:01-03:00", one("created_at", "=", 10_801_000_000, 10_802_000_000)),
        ("serie:a AND b", None),
        ('serie:"a AND b"', Comparison("serie", Operator.CONTAINS, "a AND b")),
        ('serie="\\"x\\""', Comparison("serie", Operator.EQUAL, '"x"')),
        ("serie:a b", Comparison("serie", Operator.CONTAINS, "a b")),
        ("serie:ANDré", Comparison("serie", Operator.CONTAINS, "ANDré")),
        ("status:process", Either((Comparison("status", Operator.EQUAL, "processing"),))),
        ("status=nothing", Either(())),
    ],
)
def test_a_query_means(text: str, means: Query | None) -> None:
    if text == "serie:a AND b":
        with pytest.raises(NotAQuery):
            parse(text, DOCUMENTS)
    else:
        assert parse(text, DOCUMENTS) == means


@PATIENT
@given(st.text(alphabet=st.sampled_from("asequnc()=<>:-\"\\ 19.ANDORnot'%_\0é"), max_size=80))
def test_any_text_is_understood_or_refused(text: str) -> None:
    with suppress(NotAQuery):
        parse(text, DOCUMENTS)


@PATIENT
@given(
    st.recursive(
        st.integers(0, 9).map(lambda number: f"sequence={number}"),
        lambda inner: st.one_of(
            inner.map(lambda one: f"NOT ({one})"),
            st.tuples(inner, st.sampled_from([" AND ", " or "]), inner).map(
                lambda parts: f"({''.join(parts)})"
            ),
        ),
        max_leaves=12,
    )
)
def test_what_is_well_formed_is_understood(text: str) -> None:
    assert parse(text, DOCUMENTS) is not None


@pytest.mark.parametrize(
    "text", ["(" * 200, "NOT " * 200 + "serie:a", "-" * 3000, "serie:a AND " * 60 + "serie:a"]
)
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(NotAQuery):
        parse(text, DOCUMENTS)
