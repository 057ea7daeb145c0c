"""Signatures as pictures: cropped to their ink, on nothing, small enough to be set on every page."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

_FORMATS = ("PNG", "JPEG", "WEBP")
_MOST_PIXELS = 40_000_000  # a phone's largest photo; more is a bomb
_LARGEST = (900, 450)  # 300 dpi on a box of three inches
_PAPER = 232  # an uploaded scan's background is never quite white


class NotAPicture(ValueError):
    """The bytes are no PNG, JPEG or WebP picture, or one too large to be a signature."""


def clean_picture(content: bytes) -> bytes:
    """PNG with the paper made transparent and the empty margins cut away."""
    picture = _opened(content)
    picture.thumbnail((_LARGEST[0] * 2, _LARGEST[1] * 2))
    inked = _on_nothing(picture)
    inked = inked.crop(inked.getchannel("A").getbbox() or (0, 0, 1, 1))
    inked.thumbnail(_LARGEST)
    out = BytesIO()
    inked.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()


def _opened(content: bytes) -> Image.Image:
    try:
        picture = Image.open(BytesIO(content), formats=_FORMATS)
        if picture.width * picture.height > _MOST_PIXELS:
            raise NotAPicture
        picture.draft("RGB", (_LARGEST[0] * 2, _LARGEST[1] * 2))
        return ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as cause:
        raise NotAPicture(str(cause)) from cause


def _on_nothing(picture: Image.Image) -> Image.Image:
    """A picture without transparency is a scan or a photo of paper: its paper becomes transparent."""
    if picture.getchannel("A").histogram()[255] < picture.width * picture.height:
        return picture
    darkness = ImageChops.invert(_lightness(picture)).point(_ink_of)
    picture.putalpha(darkness)
    return picture


def _lightness(picture: Image.Image) -> Image.Image:
    red, green, blue, _ = picture.split()
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _ink_of(darkness: int) -> int:
    """Paper to 0, half-dark and darker to 255, a soft edge between."""
    return max(0, min(255, (darkness - (255 - _PAPER)) * 255 // 90))


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    with Image.open(BytesIO(png), formats=("PNG",)) as picture:
        return picture.size
