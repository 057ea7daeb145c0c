"""Whether the text that a PDF's page holds is what is seen on it. Only for child processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import pypdfium2.raw as raw

from lacre.engines.reading.text_layer import TextLayer
from lacre.engines.shown_pages import Page

MOSTLY_PICTURE = 0.3
"""Of the page's area: more than a letterhead and a photo."""
_DEEP = 4
_MOST_OBJECTS = 100_000
_FEW_SIGNS = 30
_MANY_STROKES = 150
_MOST_PIXELS = 2_000_000_000
"""Of a picture: pdfium leaves larger ones out, and the page would be read as blank."""


@dataclass
class Sight:
    """What a page draws, found in one walk over its objects: there may be many."""

    page: Page
    _pictures: list[raw.FPDF_PAGEOBJECT] = field(default_factory=list)
    _texts: list[raw.FPDF_PAGEOBJECT] = field(default_factory=list)
    _strokes: int = 0

    def __post_init__(self) -> None:
        for one in islice(self.page.get_objects(max_depth=_DEEP), _MOST_OBJECTS):
            match one.type:
                case raw.FPDF_PAGEOBJ_IMAGE:
                    self._pictures.append(one)
                case raw.FPDF_PAGEOBJ_TEXT:
                    self._texts.append(one)
                case raw.FPDF_PAGEOBJ_PATH if self._strokes < _MANY_STROKES:
                    self._strokes += raw.FPDFPath_CountSegments(one)

    def must_be_read(self, layer: TextLayer) -> bool:
        """One with a large picture is looked at, and so is one that shows things and says next to nothing."""
        if not layer.legible or self._covered > MOSTLY_PICTURE:
            return True
        return self.shows_more and sum(len(word.text) for word in layer.words) < _FEW_SIGNS

    def visible(self, layer: TextLayer) -> TextLayer:
        """Without the invisible text that some earlier reader of the scan has left."""
        modes = [raw.FPDFTextObj_GetTextRenderMode(one) for one in self._texts]
        hidden = sum(
            mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP) for mode in modes
        )
        return TextLayer((), layer.legible) if 2 * hidden > len(modes) or not layer.legible else layer

    @property
    def shows_more(self) -> bool:
        """A picture, or strokes as many as a bar code or drawn letters have: more than most tables."""
        return bool(self._pictures) or self._strokes >= _MANY_STROKES

    @property
    def swells(self) -> bool:
        """A picture on it would unpack to more than is ever drawn."""
        sizes = (one.get_px_size() for one, _, _ in self._placed)
        return any(width * height > _MOST_PIXELS for width, height in sizes)

    @property
    def picture_dots(self) -> float:
        """Per inch, of the page's densest picture; 0 where there is none."""
        found = [one.get_px_size()[0] * 72 / max(width, 1e-3) for one, width, _ in self._placed]
        return max(found, default=0.0)

    @property
    def _covered(self) -> float:
        area = self.page.get_width() * self.page.get_height()
        return float(sum(width * height for _, width, height in self._placed) / max(area, 1e-3))

    @cached_property
    def _placed(self) -> list[tuple[raw.FPDF_PAGEOBJECT, float, float]]:
        """Pictures with their widths and heights in points, as far as they are on the page."""
        left, bottom, right, top = self.page.get_bbox()
        found = []
        for one in self._pictures:
            x1, y1, x2, y2 = one.get_bounds()
            width, height = min(x2, right) - max(x1, left), min(y2, top) - max(y1, bottom)
            if width > 0 and height > 0:
                found.append((one, width, height))
        return found
