"""Whether the text that a PDF's page holds is what is seen on it. Only for child processes."""

from __future__ import annotations

import pypdfium2.raw as raw

from lacre.engines.reading.text_layer import TextLayer
from lacre.engines.shown_pages import Page

MOSTLY_PICTURE = 0.3
"""Of the page's area: more than a letterhead and a photo."""
_DEEP = 4
_MOST_OBJECTS = 20_000
_FEW_SIGNS = 30
_MANY_STROKES = 150
_MOST_PIXELS = 2_000_000_000
"""Of a picture: pdfium leaves larger ones out, and the page would be read as blank."""


def must_be_read(page: Page, layer: TextLayer) -> bool:
    """A page with a large picture is looked at, and so is one that shows things and says next to nothing."""
    if not layer.legible or _covered(page) > MOSTLY_PICTURE:
        return True
    return sum(len(word.text) for word in layer.words) < _FEW_SIGNS and shows_more(page)


def visible(page: Page, layer: TextLayer) -> TextLayer:
    """Without the invisible text that some earlier reader of the scan has left."""
    modes = [raw.FPDFTextObj_GetTextRenderMode(one) for one in _objects(page, raw.FPDF_PAGEOBJ_TEXT)]
    hidden = sum(mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP) for mode in modes)
    return TextLayer((), layer.legible) if 2 * hidden > len(modes) or not layer.legible else layer


def picture_dots(page: Page) -> float:
    """Per inch, of the page's largest picture; 0 where there is none."""
    found = [one.get_px_size()[0] * 72 / max(width, 1e-3) for one, width, _ in _pictures(page)]
    return max(found, default=0.0)


def swells(page: Page) -> bool:
    """A picture on it would unpack to more than is ever drawn."""
    sizes = (one.get_px_size() for one, _, _ in _pictures(page))
    return any(width * height > _MOST_PIXELS for width, height in sizes)


def shows_more(page: Page) -> bool:
    """A picture, or strokes as many as a bar code or drawn letters have: more than most tables."""
    if _objects(page, raw.FPDF_PAGEOBJ_IMAGE):
        return True
    strokes = 0
    for path in _objects(page, raw.FPDF_PAGEOBJ_PATH):
        strokes += raw.FPDFPath_CountSegments(path)
        if strokes >= _MANY_STROKES:
            return True
    return False


def _covered(page: Page) -> float:
    area = page.get_width() * page.get_height()
    return float(sum(width * height for _, width, height in _pictures(page)) / max(area, 1e-3))


def _pictures(page: Page) -> list[tuple[raw.FPDF_PAGEOBJECT, float, float]]:
    """With their widths and heights in points, as far as they are on the page."""
    left, bottom, right, top = page.get_bbox()
    found = []
    for one in _objects(page, raw.FPDF_PAGEOBJ_IMAGE):
        x1, y1, x2, y2 = one.get_bounds()
        width, height = min(x2, right) - max(x1, left), min(y2, top) - max(y1, bottom)
        if width > 0 and height > 0:
            found.append((one, width, height))
    return found


def _objects(page: Page, kind: int) -> list[raw.FPDF_PAGEOBJECT]:
    found = []
    for count, one in enumerate(page.get_objects(filter=[kind], max_depth=_DEEP)):
        if count >= _MOST_OBJECTS:
            break
        found.append(one)
    return found
