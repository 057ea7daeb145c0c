"""Drawn and uploaded signatures: checked, freed of their background, trimmed and made into a small PNG."""

from __future__ import annotations

import base64
import binascii
import io
import threading
import warnings

from PIL import Image, ImageOps

MAX_BYTES = 8_000_000
# a photo is made smaller while it is read; the others are in memory whole, up to 20 bytes a point
MAX_PIXELS = {"JPEG": 60_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
MAX_SIDES = (1600, 800)
MAX_PHOTO_BYTES = 12_000_000
MAX_PHOTO_SIDES = (1600, 1600)
MIN_PHOTO_SIDE = 160
"""A face or a document in less cannot be told from another."""
FORMATS = ("PNG", "JPEG", "WEBP")
_DATA_URL = "data:image/png;base64,"
# what Pillow raises for files that are not what they claim
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_PAPER, _INK = 235, 60
# one at a time: a few bytes can become hundreds of megabytes
_TURN = threading.Lock()


def clean_picture(content: bytes) -> bytes | None:
    """PNG with a clear background; `None` for what is no picture, too large, or empty of ink."""
    if not 0 < len(content) <= MAX_BYTES:
        return None
    try:
        with _TURN, warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _cleaned(opened)
    except _BROKEN:
        return None


def clean_photo(content: bytes) -> bytes | None:
    """JPEG of at most 1600 points a side, upright, without what cameras write into it (place, device)."""
    if not 0 < len(content) <= MAX_PHOTO_BYTES:
        return None
    try:
        with _TURN, warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _photo(opened)
    except _BROKEN:
        return None


def from_data_url(text: str) -> bytes | None:
    """The bytes that a canvas sends in a form field."""
    if not text.startswith(_DATA_URL) or len(text) > MAX_BYTES * 2:
        return None
    try:
        return base64.b64decode(text.removeprefix(_DATA_URL), validate=True)
    except binascii.Error:
        return None


def as_data_url(png: bytes) -> str:
    return _DATA_URL + base64.b64encode(png).decode()


def _cleaned(opened: Image.Image) -> bytes | None:
    if opened.width * opened.height > MAX_PIXELS[str(opened.format)]:
        return None
    opened.draft("RGB", MAX_SIDES)
    picture = ImageOps.exif_transpose(opened)
    picture.thumbnail(MAX_SIDES)
    inked = _without_paper(picture.convert("RGBA"))
    box = inked.getchannel("A").point(lambda alpha: 255 if alpha > 24 else 0).getbbox()
    if box is None:
        return None
    out = io.BytesIO()
    inked.crop(box).save(out, "PNG", optimize=True)
    return out.getvalue()


def _photo(opened: Image.Image) -> bytes | None:
    if opened.width * opened.height > MAX_PIXELS[str(opened.format)]:
        return None
    opened.draft("RGB", MAX_PHOTO_SIDES)
    picture = ImageOps.exif_transpose(opened)
    picture.thumbnail(MAX_PHOTO_SIDES)
    if min(picture.size) < MIN_PHOTO_SIDE:
        return None
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _without_paper(picture: Image.Image) -> Image.Image:
    """A photo of a signature becomes ink alone: the lighter a point, the clearer it gets."""
    if picture.getchannel("A").getextrema()[0] == 0:
        return picture
    scale = 255 / (_PAPER - _INK)
    strength = picture.convert("L").point(lambda light: max(0, min(255, round((_PAPER - light) * scale))))
    picture.putalpha(strength)
    return picture
