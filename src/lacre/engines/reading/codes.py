"""Bar codes and QR codes on a picture, by zxing-cpp."""

from __future__ import annotations

from collections.abc import Iterator

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
    """`scale`: points per pixel."""
    return tuple(_codes(picture, scale))


def _codes(picture: Gray, scale: float) -> Iterator[Code]:
    for found in zxingcpp.read_barcodes(picture, formats=_FORMATS):
        kind = KINDS.get(str(found.format.name))
        if kind and found.text and (kind != "itf" or len(found.text) >= _SHORTEST_ITF):
            yield Code(kind, found.text, _box(found.position, scale))


def _box(position: zxingcpp.Position, scale: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    left, right = min(one.x for one in corners), max(one.x for one in corners)
    top, bottom = min(one.y for one in corners), max(one.y for one in corners)
    return Box(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale)
