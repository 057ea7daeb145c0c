"""Files that somebody hands in and nobody can read, or that swell when they are unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

from tests.support.hostile_pdfs import raw_pdf, stream


def png_flood() -> bytes:
    """It says that it has 2.5 thousand million pixels."""
    head = struct.pack("!IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b""))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def zip_bomb() -> bytes:
    """A DOCX with 300 MB of nothing in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(300_000_000))
    return buffer.getvalue()


def pdf_flood() -> bytes:
    """A picture in it unpacks to ten thousand million bytes."""
    packed = zlib.compress(bytes(10_000_000), 9)
    image = stream(
        packed,
        b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 "
        b"/ColorSpace /DeviceGray /Filter /FlateDecode",
    )
    resources = b"/Resources << /XObject << /P 5 0 R >> >>"
    return raw_pdf(image, page=resources, content=b"q 300 0 0 300 0 0 cm /P Do Q")


def wall() -> Image.Image:
    """A photo of plaster: grain, and nothing written on it."""
    grain = np.random.default_rng(7).normal(150, 12, (400, 600)).clip(0, 255)
    return Image.fromarray(grain.astype(np.uint8))
