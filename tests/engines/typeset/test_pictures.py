from __future__ import annotations

import io

import pytest
from PIL import Image

from lacre.engines.typeset.pictures import NotAPicture, clean_picture, size_of
from tests.support.records import as_bytes, drawn_signature, photographed_signature


def test_empty_margins_are_cut_away() -> None:
    assert size_of(clean_picture(drawn_signature(600, 200)))[1] < 160


def test_photographed_paper_becomes_transparent() -> None:
    with Image.open(io.BytesIO(clean_picture(photographed_signature()))) as cleaned:
        assert cleaned.getchannel("A").getextrema() == (0, 255)
        assert cleaned.width < 500


def test_a_large_photo_is_made_small() -> None:
    photo = as_bytes(Image.new("RGB", (4000, 3000), (20, 20, 20)), "JPEG")

    assert max(size_of(clean_picture(photo))) <= 900


def test_an_empty_drawing_is_still_a_picture() -> None:
    empty = as_bytes(Image.new("RGBA", (300, 100), (0, 0, 0, 0)), "PNG")

    assert size_of(clean_picture(empty)) == (1, 1)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"<svg/>", drawn_signature()[:200], b"GIF89a" + bytes(40)]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        clean_picture(content)


def test_a_flood_of_pixels_is_refused_unopened() -> None:
    flood = as_bytes(Image.new("1", (20_000, 20_000)), "PNG")

    with pytest.raises(NotAPicture):
        clean_picture(flood)
