"""From a place on a page as readers show it to the page's own coordinates, and back for appearances."""

from __future__ import annotations

from dataclasses import dataclass

from lacre.engines.pades.cos import Dictionary, Malformed, Value, integer, numbers, real
from lacre.engines.pades.source import Source
from lacre.signing.layout import Place

_DEEPEST = 50
_LETTER = (0.0, 0.0, 612.0, 792.0)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """What of a page is shown, and how it is turned (degrees clockwise: 0, 90, 180 or 270)."""

    box: Box
    rotation: int

    def rectangle(self, place: Place) -> Box:
        """The place in the page's own coordinates: left, bottom, right, top."""
        one = self._point(place.left / 100, place.bottom / 100)
        other = self._point((place.left + place.width) / 100, (place.bottom + place.height) / 100)
        return (
            min(one[0], other[0]),
            min(one[1], other[1]),
            max(one[0], other[0]),
            max(one[1], other[1]),
        )

    def _point(self, right: float, up: float) -> tuple[float, float]:
        """A point given as fractions of the shown page, from its lower left corner."""
        x0, y0, x1, y1 = self.box
        width, height = x1 - x0, y1 - y0
        if self.rotation == 90:
            return x1 - up * width, y0 + right * height
        if self.rotation == 180:
            return x1 - right * width, y1 - up * height
        if self.rotation == 270:
            return x0 + up * width, y1 - right * height
        return x0 + right * width, y0 + up * height


# an appearance is turned against its page, so that it reads upright
_TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def matrix(rotation: int) -> list[Value]:
    return numbers(*_TURNS[rotation], 0, 0)


def upright(rectangle: Box, rotation: int) -> tuple[float, float]:
    """Width and height of a rectangle as a reader sees it."""
    width, height = rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]
    return (height, width) if rotation in (90, 270) else (width, height)


def sheet_of(source: Source, page: Dictionary) -> Sheet:
    media = _box(source, inherited(source, page, b"MediaBox")) or _LETTER
    crop = _box(source, inherited(source, page, b"CropBox")) or media
    shown = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    if shown[0] >= shown[2] or shown[1] >= shown[3]:
        shown = media
    turned = integer(source.get(inherited(source, page, b"Rotate")), 0) % 360
    return Sheet(shown, turned if turned in _TURNS else 0)


def inherited(source: Source, page: Dictionary, key: bytes) -> Value | None:
    """A page's attribute, or the one of the nearest node above it."""
    node = page
    for _ in range(_DEEPEST):
        if key in node:
            return node[key]
        if b"Parent" not in node:
            return None
        node = source.dictionary(node[b"Parent"])
    raise Malformed("the page tree is too deep")


def _box(source: Source, value: Value | None) -> Box | None:
    edges = source.array(value)
    if len(edges) != 4:
        return None
    left, bottom, right, top = (real(source.get(edge)) for edge in edges)
    if left == right or bottom == top:
        return None
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def box_of(source: Source, value: Value | None) -> Box:
    return _box(source, value) or (0.0, 0.0, 0.0, 0.0)
