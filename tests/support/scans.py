"""Pictures of a few printed lines, quick to read, as scanners and phones make them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parents[2] / "src" / "lacre" / "engines" / "fonts" / "NotoSans_400Regular.ttf"
LINES = (
    "Conceição Araújo pagará a importância de",
    "R$ 1.234,56 até o dia 05/03/2027, à vista,",
    "no município de São Luís do Maranhão, sob",
    "pena de multa e de correção monetária.",
)
DPI = 200


def slip(lines: Sequence[str] = LINES) -> Image.Image:
    """760 pixels wide."""
    paper = Image.new("L", (760, 50 + 70 * len(lines)), "white")
    pen, font = ImageDraw.Draw(paper), ImageFont.truetype(str(FONT), 30)
    for number, line in enumerate(lines):
        pen.text((20, 20 + 70 * number), line, font=font, fill=0)
    return paper


def saved(picture: Image.Image, kind: str, *more: Image.Image) -> bytes:
    """As PNG, JPEG, WEBP, TIFF or PDF, with further pages where it has them."""
    buffer = io.BytesIO()
    pages = {"save_all": True, "append_images": more} if more else {}
    dots = {"resolution": DPI} if kind == "PDF" else {"dpi": (DPI, DPI)}
    picture.save(buffer, kind, **dots, **pages)
    return buffer.getvalue()


def pdf_with(text: str, picture: Image.Image | None = None, *, font: str = "Helvetica") -> bytes:
    """One A4 page: a text that it holds itself, in a font that is not in the file, over a picture."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[0]
        named = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name(f"/{font}"),
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=named))
        drawn = b""
        if picture is not None:
            packed = io.BytesIO()
            picture.convert("L").save(packed, "JPEG")
            page.Resources.XObject = pikepdf.Dictionary(P=_picture(pdf, picture, packed.getvalue()))
            drawn = b"q 500 0 0 400 40 40 cm /P Do Q "
        told = text.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)")
        page.Contents = pdf.make_stream(drawn + b"BT /F 11 Tf 40 800 Td (" + told + b") Tj ET")
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def _picture(pdf: pikepdf.Pdf, picture: Image.Image, packed: bytes) -> pikepdf.Stream:
    return pikepdf.Stream(
        pdf,
        packed,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.DCTDecode,
    )


def pages_of(count: int) -> bytes:
    """A PDF of so many empty pages."""
    with pikepdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page(page_size=(595, 842))
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def locked(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        buffer = io.BytesIO()
        opened.save(buffer, encryption=pikepdf.Encryption(user="segredo", owner="segredo"))
        return buffer.getvalue()
