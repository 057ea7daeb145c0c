"""Bar codes and QR codes on a picture, by zxing-cpp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import zxingcpp

from lacre.engines.reading.upright import Gray
from lacre.processing.page import Box, Code

KINDS = {
    "QRCode": "qr", "MicroQRCode": "qr", "Code128": "code128", "ITF": "itf", "Code39": "code39",
    "DataMatrix": "datamatrix", "PDF417": "pdf417", "Aztec": "aztec", "EAN13": "ean13", "EAN8": "ean8",
    "UPCA": "upca", "Codabar": "codabar", "Code93": "code93",
}  # fmt: skip
"""What Brazil prints: QR on NFC-e and Pix, Code 128 on DANFE, ITF on boletos, PDF417 on old licences."""
_FORMATS = zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in KINDS])
_SHORTEST_ITF = 44
"""An ITF has no check of its own: any row of lines is one. That of a boleto has 44 digits."""


def codes_on(picture: Gray, scale: float) -> tuple[Code, ...]:
    """`scale`: points per pixel. Upright: bars stand, they do not lie."""
    found = tuple(_codes(picture, scale))
    return found if any(one.kind in _BARS for one in found) else (*found, *_worn_bars(picture, scale))


def _codes(picture: Gray, scale: float) -> Iterator[Code]:
    for found in zxingcpp.read_barcodes(picture, formats=_FORMATS):
        kind = KINDS.get(str(found.format.name))
        if kind and found.text and (kind != "itf" or len(found.text) >= _SHORTEST_ITF):
            yield Code(kind, found.text, _box(found.position, scale))


# ── bars that noise and blur made illegible ──────────────────────────────────

_BARS = frozenset({"code128", "itf"})
"""Of an invoice and of a boleto; others are too short to be told from chance."""
_MOST_PLACES = 3
_TALL, _WIDE = 0.013, 0.12
"""Parts of a page's width: how high bars are at least, and how wide."""
_EDGES = 110.0
"""How steep grey is on the mean where there are bars; text, evened out over its lines, is mostly flatter."""
_ALONG, _STRETCHED, _SHARPER = 15, 3, 1.5
"""With these all of thirteen codes on bad pages were read; of the picture as it is, hardly any."""


def _worn_bars(picture: Gray, scale: float) -> Iterator[Code]:
    """Along its bars a code says the same over and over: evened out there, and sharpened across them, what
    noise and blur hid can be read again."""
    for left, top, width, height in _places(picture):
        part = picture[top : top + height, left : left + width]
        for code in _codes(_sharpened(part), 1.0):
            if code.kind in _BARS:
                box = code.box
                yield Code(
                    code.kind,
                    code.text,
                    Box(
                        (left + box.left / _STRETCHED) * scale,
                        (top + box.top) * scale,
                        box.width / _STRETCHED * scale,
                        box.height * scale,
                    ),
                )


def _places(picture: Gray) -> list[tuple[int, int, int, int]]:
    """Where there may be bars: left, top, width and height, the widest first."""
    wide = picture.shape[1]
    even = cv2.blur(picture, (1, round(wide * _TALL)))
    steep = np.abs(cv2.Sobel(even, cv2.CV_32F, 1, 0, ksize=3))
    dense = cv2.blur(steep, (round(wide * _WIDE / 2), round(wide * _TALL / 2)))
    shapes, _ = cv2.findContours(
        np.asarray(dense > _EDGES, np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    boxes = sorted((cv2.boundingRect(one) for one in shapes), key=lambda box: -box[2])
    margin = round(wide * _TALL)
    return [_within(picture, box, margin) for box in boxes[:_MOST_PLACES] if box[2] > wide * _WIDE / 2]


def _within(picture: Gray, box: Sequence[int], margin: int) -> tuple[int, int, int, int]:
    """With some of the paper around it, which a code needs to begin and end."""
    left, top = max(0, box[0] - 3 * margin), max(0, box[1] - margin)
    right = min(picture.shape[1], box[0] + box[2] + 3 * margin)
    bottom = min(picture.shape[0], box[1] + box[3] + margin)
    return left, top, right - left, bottom - top


def _sharpened(part: Gray) -> Gray:
    even = cv2.blur(part, (1, _ALONG))
    wide = cv2.resize(even, None, fx=_STRETCHED, fy=1, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    # the second sigma: nothing along the bars, where it is even already
    sharp = wide * (1 + _SHARPER) - cv2.GaussianBlur(wide, (0, 0), 1.5 * _STRETCHED, sigmaY=0.01) * _SHARPER
    return np.asarray(np.clip(sharp, 0, 255), np.uint8)


def _box(position: zxingcpp.Position, scale: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    left, right = min(one.x for one in corners), max(one.x for one in corners)
    top, bottom = min(one.y for one in corners), max(one.y for one in corners)
    return Box(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale)
