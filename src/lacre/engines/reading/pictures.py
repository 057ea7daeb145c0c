"""Files of pictures, page by page. Only for child processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from lacre.engines.reading.upright import Gray
from lacre.processing.ports import FileKind

MOST_PIXELS = 100_000_000
"""A0 at 200 dots per inch is 62 million."""
LONGEST_SIDE = 3_508
"""Pixels that we look at: A4 at 300 dots per inch."""
_DPI = range(72, 1_201)
_A4_INCHES = 11.69
Image.MAX_IMAGE_PIXELS = None  # ours is judged before anything is unpacked, with an answer of its own
pi_heif.register_heif_opener()

FORMATS = {
    FileKind.PNG: ("PNG",),
    FileKind.JPEG: ("JPEG", "MPO"),
    FileKind.TIFF: ("TIFF",),
    FileKind.WEBP: ("WEBP",),
    FileKind.HEIC: ("HEIF",),
}


def complaint(problem: Exception) -> str:
    """What is wrong with a file, without where it lies: clients read it."""
    if isinstance(problem, UnidentifiedImageError):
        return "no picture of its kind"
    if isinstance(problem, OSError) and problem.filename is not None:
        return problem.strerror or ""
    return str(problem)[:200]


class TooManyPixels(Exception):
    """This picture would swell beyond what we unpack."""


@contextmanager
def opened_picture(file: Path, kind: FileKind) -> Iterator[Image.Image]:
    with Image.open(file, formats=FORMATS[kind]) as picture:
        yield picture


def frame(picture: Image.Image, number: int) -> Image.Image:
    """The page of this number, from 1; raises `TooManyPixels`, `EOFError` past the last."""
    picture.seek(number - 1)
    if picture.width * picture.height > MOST_PIXELS:
        raise TooManyPixels
    # quicker where the format can unpack it smaller (JPEG)
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    return ImageOps.exif_transpose(picture)


def frames(picture: Image.Image) -> int:
    """One, but for TIFF: in the other formats, more of them are an animation or a depth map."""
    return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def dots_per_inch(picture: Image.Image, seen: Image.Image) -> float:
    """As it says; where that is nothing likely, as if its longer side were that of A4."""
    said = picture.info.get("dpi", (0, 0))[0]
    longest = max(picture.width, picture.height)
    inches = longest / float(said) if said and int(said) in _DPI else _A4_INCHES
    return max(seen.width, seen.height) / inches


def gray(picture: Image.Image) -> Gray:
    """On white where it is transparent, and no larger than we look at."""
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        picture = Image.alpha_composite(white, clear)
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        return _of_many_levels(picture)
    shown = picture.convert("L")
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX, reducing_gap=2)
    return np.array(shown, np.uint8)


def _of_many_levels(picture: Image.Image) -> Gray:
    levels = np.asarray(picture, np.float32)
    lowest, highest = float(levels.min()), float(levels.max())
    flat = (levels - lowest) * (255 / max(highest - lowest, 1.0))
    shown = Image.fromarray(flat.astype(np.uint8))
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return np.array(shown, np.uint8)
