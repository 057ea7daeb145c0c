"""Pictures of signatures: only ink is kept, and nothing but pictures is read."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lacre.engines.pictures import MAX_MARK_SIDES, PillowPictures
from lacre.engines.sandbox import Killed, Sandbox, Why
from lacre.web.signer.pictures import as_data_url, from_data_url
from tests.support.examples import PATIENT
from tests.support.signing_form import scribble

clean_picture = PillowPictures().mark


def test_a_drawing_is_trimmed_to_its_ink() -> None:
    cleaned = opened(clean_picture(scribble(size=(800, 600))))

    assert cleaned.width < 300
    assert cleaned.height < 120


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_white_paper_becomes_clear_and_ink_stays_dark(kind: str) -> None:
    cleaned = opened(clean_picture(scribble(kind=kind)))

    alpha = cleaned.getchannel("A").getextrema()
    assert cleaned.format == "PNG"
    assert alpha == (0, 255)


def test_a_large_photo_is_made_small() -> None:
    cleaned = opened(clean_picture(scribble(size=(4000, 3000), kind="JPEG")))

    assert cleaned.width <= MAX_MARK_SIDES[0]
    assert cleaned.height <= MAX_MARK_SIDES[1]


def test_an_empty_sheet_is_no_signature() -> None:
    blank = io.BytesIO()
    Image.new("RGB", (300, 100), "white").save(blank, "PNG")

    assert clean_picture(blank.getvalue()) is None


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked() -> None:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    flood = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))

    assert clean_picture(flood) is None


@PATIENT
@given(st.binary(max_size=400))
def test_what_is_no_picture_is_refused_and_not_raised(content: bytes) -> None:
    assert clean_picture(content) is None


@PATIENT
@given(cut=st.integers(min_value=1, max_value=600), at=st.integers(min_value=0, max_value=600))
def test_broken_pictures_are_refused_and_not_raised(cut: int, at: int) -> None:
    whole = scribble()
    broken = whole[:at] + bytes([cut % 256]) + whole[at + 1 : max(at + 2, len(whole) - cut)]

    assert clean_picture(broken) is None or opened(clean_picture(broken)).format == "PNG"


def test_a_drawing_travels_as_text_and_back() -> None:
    assert from_data_url(as_data_url(b"ink")) == b"ink"


@pytest.mark.parametrize("text", ["", "data:text/html;base64,aa", "data:image/png;base64,***", "https://x"])
def test_other_texts_are_no_drawings(text: str) -> None:
    assert from_data_url(text) is None


def test_a_picture_that_takes_too_much_is_none() -> None:
    def stopped(*_: object, **__: object) -> Killed:
        return Killed(Why.MEMORY, "took more memory than it may")

    assert PillowPictures(stopped).photo(scribble(size=(800, 600))) is None


def test_pictures_are_read_apart_from_us() -> None:
    with Sandbox(1, preload=("lacre.engines.pictures",)) as sandbox:
        apart = PillowPictures(sandbox.run)

        assert apart.mark(scribble()) == clean_picture(scribble())
        assert apart.photo(b"no picture") is None


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


def test_pictures_that_would_be_hundreds_of_megabytes_are_refused() -> None:
    """Thirty-four bytes of WebP can be sixteen thousand points wide."""
    flat = io.BytesIO()
    Image.new("RGBA", (4100, 4100), (0, 0, 0, 128)).save(flat, "WEBP", lossless=True, method=0)

    assert len(flat.getvalue()) < 100
    assert clean_picture(flat.getvalue()) is None
