"""Places, from every corner and in millimetres."""

from __future__ import annotations

import pytest

from lacre.signing.layout import Corner, PageSize, Place


@pytest.mark.parametrize(
    ("corner", "left", "bottom"),
    [
        (Corner.BOTTOM_LEFT, 10, 5),
        (Corner.TOP_LEFT, 10, 85),
        (Corner.BOTTOM_RIGHT, 70, 5),
        (Corner.TOP_RIGHT, 70, 85),
    ],
)
def test_a_place_is_measured_from_any_corner(corner: Corner, left: float, bottom: float) -> None:
    place = Place.from_corner(corner, page=0, x=10, y=5, width=20, height=10)

    assert (place.left, place.bottom) == (left, bottom)


def test_millimetres_count_from_the_top_left() -> None:
    a4 = PageSize(595.28, 841.89)

    place = Place.from_millimetres(a4, page=0, left=0, top=0, width=210, height=297)

    assert place.left == pytest.approx(0)
    assert place.bottom == pytest.approx(0, abs=0.01)
    assert place.width == pytest.approx(100, abs=0.01)
    assert place.height == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize(
    ("left", "bottom", "fits"), [(0, 0, True), (80, 90, True), (80.1, 0, False), (0, -1, False)]
)
def test_a_box_over_the_edge_is_off_the_page(left: float, bottom: float, fits: bool) -> None:
    assert Place(page=0, left=left, bottom=bottom, width=20, height=10).on_the_page is fits
