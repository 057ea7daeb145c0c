"""Sample documents as they come back from paper: printed, worn, scanned, and read by our own reader."""

from __future__ import annotations

import cv2
import numpy as np
import pypdfium2

from bench.fields.drawing import Sample
from bench.pages.drawing import Picture
from bench.pages.wear import Quality, worn
from lacre.engines.reading.eyes import eyes_called
from lacre.engines.reading.looking import look
from lacre.processing.page import Page

DPI = 200


def scanned(sample: Sample, quality: Quality, seed: int, *, dpi: int = DPI) -> list[Page]:
    """The same wear for the same seed; each page has its own."""
    return [
        _read(worn(picture, quality, seed * 100 + number), number, dpi)
        for number, picture in enumerate(printed(sample.pdf, dpi), 1)
    ]


def printed(pdf: bytes, dpi: int) -> list[Picture]:
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [
            document[at].render(scale=dpi / 72, rev_byteorder=True).to_numpy() for at in range(len(document))
        ]
        return [np.asarray(one)[:, :, :3].copy() for one in drawn]


def _read(picture: Picture, number: int, dpi: int) -> Page:
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    return look(gray, number, scale=72 / dpi, eyes=eyes_called("rapid"), languages=("pt",))
