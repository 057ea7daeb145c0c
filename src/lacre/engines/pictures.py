"""Strangers' pictures through Pillow: signatures freed of their background, photos of what cameras add.

Pillow is C fed by strangers, and a few bytes can become hundreds of megabytes: it runs where `run` says.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

from PIL import Image, ImageOps

from lacre.documents.pictures import MAX_MARK_BYTES, MAX_PHOTO_BYTES
from lacre.engines.running import Run, run_here

# a photo is made smaller while it is read; the others are in memory whole, up to 20 bytes a point
MAX_PIXELS = {"JPEG": 60_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
MAX_MARK_SIDES = (1600, 800)
MAX_PHOTO_SIDES = (1600, 1600)
MIN_PHOTO_SIDE = 160
"""A face or a document in less cannot be told from another."""
FORMATS = ("PNG", "JPEG", "WEBP")
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
SECONDS = 20.0
MEMORY_BYTES = 768 << 20
"""A progressive JPEG of so many points takes two thirds of it."""


class PillowPictures:
    """Implements `lacre.documents.pictures.Pictures`."""

    def __init__(self, run: Run = run_here) -> None:
        self._run = run

    def mark(self, content: bytes) -> bytes | None:
        return self._cleaned(clean_mark, content, MAX_MARK_BYTES)

    def photo(self, content: bytes) -> bytes | None:
        return self._cleaned(clean_photo, content, MAX_PHOTO_BYTES)

    def _cleaned(self, clean: Callable[[bytes], bytes | None], content: bytes, most: int) -> bytes | None:
        if not 0 < len(content) <= most:
            return None
        cleaned = self._run(clean, content, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        return cleaned if isinstance(cleaned, bytes) else None


def clean_mark(content: bytes) -> bytes | None:
    """In a child process."""
    return _read(content, MAX_MARK_SIDES, _inked)


def clean_photo(content: bytes) -> bytes | None:
    """In a child process."""
    return _read(content, MAX_PHOTO_SIDES, _photo)


def _read(
    content: bytes, sides: tuple[int, int], made: Callable[[Image.Image], bytes | None]
) -> bytes | None:
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if opened.width * opened.height > MAX_PIXELS[str(opened.format)]:
                return None
            opened.draft("RGB", sides)
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail(sides)
            return made(picture)
    except _BROKEN:
        return None


def _inked(picture: Image.Image) -> bytes | None:
    inked = _without_paper(picture.convert("RGBA"))
    box = inked.getchannel("A").point(lambda alpha: 255 if alpha > 24 else 0).getbbox()
    if box is None:
        return None
    out = io.BytesIO()
    inked.crop(box).save(out, "PNG", optimize=True)
    return out.getvalue()


def _photo(picture: Image.Image) -> bytes | None:
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
