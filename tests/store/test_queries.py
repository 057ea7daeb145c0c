"""Queries mean the same in SQL, on each database, as they do when they are read by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacre.fiscal.item import Item
from lacre.fiscal.money import cents
from lacre.fiscal.query import Comparison, Either, Every, Negation, Operator, Query, Span
from lacre.store.columns import folded
from lacre.store.opening import Store
from tests.support.invoicing import Shop, an_item

NAMES = ("Consultoria", "consultoria é 100%", "a_b", "", "Z'; DROP TABLE item; --", "ação")
AMOUNTS = ("0.01", "1.00", "49.90", "345.50", "9999999999999.99")
_HUGE = 10**30


def _texts() -> st.SearchStrategy[Query]:
    parts = st.sampled_from([*NAMES, "CONSULT", "%", "_", "acao", "'"])
    return st.builds(Comparison, st.just("name"), st.sampled_from([Operator.CONTAINS, Operator.EQUAL]), parts)


def _numbers() -> st.SearchStrategy[Query]:
    starts = st.sampled_from([*(cents(Decimal(one)) for one in AMOUNTS), 0, -_HUGE, _HUGE])
    spans = st.builds(lambda start, size: Span(start, start + size), starts, st.sampled_from([0, 1, 5000]))
    return st.builds(Comparison, st.just("amount"), st.sampled_from(list(Operator)), spans)


QUERIES = st.recursive(
    st.one_of(_texts(), _numbers()),
    lambda inner: st.one_of(
        st.builds(Negation, inner),
        st.builds(Every, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Either, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@dataclass(frozen=True)
class Shelf:
    shop: Shop
    items: list[Item]


def test_a_query_finds_on_each_database_what_it_means(store: Store) -> None:
    shelf = _filled(store)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(QUERIES)
    def finds_what_it_means(query: Query) -> None:
        with store.open_work() as work:
            found = work.books.items.find([shelf.shop.account_id], query, offset=0, limit=100)
        meant = {one.id for one in shelf.items if _means(query, one)}
        assert {one.id for one in found.items} == meant
        assert found.total == len(meant)

    finds_what_it_means()


def _filled(store: Store) -> Shelf:
    shop = Shop(store)
    items = [shop.item]
    with store.open_work() as work:
        for name in NAMES:
            for amount in AMOUNTS:
                items.append(an_item(shop.schema, name=name, amount=Decimal(amount)))
                work.books.items.add(items[-1])
    return Shelf(shop, items)


def _means(query: Query, item: Item) -> bool:
    match query:
        case Negation(of=one):
            return not _means(one, item)
        case Every(of=parts):
            return all(_means(one, item) for one in parts)
        case Either(of=parts):
            return any(_means(one, item) for one in parts)
        case Comparison(value=Span() as span):
            return _within(cents(item.amount), query.operator, span)
        case Comparison():
            held, said = folded(item.name), folded(str(query.value))
            return said in held if query.operator is Operator.CONTAINS else said == held


def _within(amount: int, operator: Operator, span: Span) -> bool:
    match operator:
        case Operator.CONTAINS | Operator.EQUAL:
            return span.start <= amount < span.end
        case Operator.ABOVE:
            return amount >= span.end
        case Operator.AT_LEAST:
            return amount >= span.start
        case Operator.BELOW:
            return amount < span.start
        case Operator.AT_MOST:
            return amount < span.end
