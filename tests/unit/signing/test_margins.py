"""Texts in the margins: on every page, at the edge that was chosen, never over each other."""

from __future__ import annotations

from itertools import combinations

import pytest

from lacre.signing.layout import PageSize, Place
from lacre.signing.margins import Edge, places

TALL, WIDE = PageSize(595, 842), PageSize(842, 595)


@pytest.mark.parametrize("edge", Edge)
@pytest.mark.parametrize("position", [0, 7, 499])
def test_there_is_one_on_every_page(edge: Edge, position: int) -> None:
    found = list(places(edge, (TALL, WIDE, PageSize(100, 60)), position))

    assert [one.page for one in found] == [0, 1, 2]
    assert all(one.on_the_page for one in found)


@pytest.mark.parametrize("edge", Edge)
def test_those_of_many_signers_lie_beside_each_other(edge: Edge) -> None:
    found = [next(places(edge, (TALL,), position)) for position in range(18)]

    assert not any(overlap(one, other) for one, other in combinations(found, 2))


def test_each_lies_at_its_edge() -> None:
    left, bottom, right = (next(places(edge, (TALL,), 0)) for edge in Edge)

    assert left.left < 1 < left.height
    assert bottom.bottom < 1 < bottom.width
    assert right.left + right.width > 99


def overlap(one: Place, other: Place) -> bool:
    across = one.left < other.left + other.width and other.left < one.left + one.width
    up = one.bottom < other.bottom + other.height and other.bottom < one.bottom + one.height
    return across and up
