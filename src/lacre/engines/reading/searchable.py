"""PDF/A-2b of what was read: the pages as they were, upright, with their text invisibly over them.

A page of a PDF stays as it is, unless archives could not show it (a font that is not in the file, colours of
unknown meaning): such a page is drawn anew as a picture. Only for child processes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageCms, UnidentifiedImageError

from lacre.engines import shown_pages
from lacre.engines.reading import pictures
from lacre.engines.reading.archivable import archivable, tidied
from lacre.engines.reading.invisible import Fonts, Matrix, layer
from lacre.engines.reading.kinds import kind_of
from lacre.processing.page import Page, Source
from lacre.processing.ports import Failure, FileKind, Unreadable

_DOTS_PER_INCH = 200
_LONGEST_SIDE = 3_508
_QUALITY = 80


def make_searchable(file: Path, pages: Sequence[Page], to: Path) -> Failure | None:
    kind = kind_of(file)
    try:
        if kind is FileKind.PDF:
            _from_pdf(file, pages, to)
        elif kind is None or kind is FileKind.DOCX:
            return Failure(Unreadable.UNKNOWN_KIND)
        else:
            _from_pictures(file, kind, pages, to)
    except pikepdf.PasswordError:
        return Failure(Unreadable.PASSWORD)
    except pictures.TooManyPixels:
        return Failure(Unreadable.TOO_LARGE)
    except shown_pages.Unreadable as problem:
        return Failure(Unreadable.PASSWORD if problem.locked else Unreadable.BROKEN, str(problem))
    except (pikepdf.PdfError, pypdfium2.PdfiumError, UnidentifiedImageError, OSError, EOFError) as problem:
        return Failure(Unreadable.BROKEN, pictures.complaint(problem))
    return None


def _from_pdf(file: Path, pages: Sequence[Page], to: Path) -> None:
    with pikepdf.open(file) as source, shown_pages.opened(file) as drawn, pikepdf.new() as made:
        fonts = Fonts(made)
        for page in pages:
            if archivable(source.pages[page.number - 1]):
                made.pages.append(source.pages[page.number - 1])
                tidied(made.pages[-1])
                words = page.words if page.source is Source.READ else ()
            else:
                with shown_pages.page_of(drawn, page.number - 1) as seen:
                    _add_picture(made, _redrawn(seen), page)
                words = page.words
            made.pages[-1].Rotate = (int(made.pages[-1].get("/Rotate", 0)) + page.turned) % 360
            if words:
                _lay(made.pages[-1], page, fonts)
        _finish(made, fonts, to)


def _from_pictures(file: Path, kind: FileKind, pages: Sequence[Page], to: Path) -> None:
    with pictures.opened_picture(file, kind) as picture, pikepdf.new() as made:
        fonts = Fonts(made)
        for page in pages:
            _add_picture(made, pictures.frame(picture, page.number), page)
            made.pages[-1].Rotate = page.turned
            _lay(made.pages[-1], page, fonts)
        _finish(made, fonts, to)


def _redrawn(page: shown_pages.Page) -> Image.Image:
    width, height = (
        min(side * _DOTS_PER_INCH / 72, _LONGEST_SIDE) for side in (page.get_width(), page.get_height())
    )
    return shown_pages.picture_of(page, width=max(1.0, width), height=max(1.0, height))


def _add_picture(made: pikepdf.Pdf, picture: Image.Image, page: Page) -> None:
    """As it lies; the page is turned upright afterwards."""
    width, height = (page.width, page.height) if page.turned % 180 == 0 else (page.height, page.width)
    made.add_blank_page(page_size=(width, height))
    added = made.pages[-1]
    added.Resources = Dictionary(XObject=Dictionary(Picture=_image(made, picture)))
    added.Contents = Stream(made, f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Picture Do Q\n".encode())


def _image(made: pikepdf.Pdf, picture: Image.Image) -> Stream:
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    gray = picture.mode in ("1", "L", "I;16", "I", "F", "LA")
    shown = picture.convert("L" if gray else "RGB")
    packed = io.BytesIO()
    shown.save(packed, "JPEG", quality=_QUALITY)
    return Stream(
        made,
        packed.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=shown.width,
        Height=shown.height,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if gray else Name.DeviceRGB,
        Filter=Name.DCTDecode,
    )


def _lay(target: pikepdf.Page, page: Page, fonts: Fonts) -> None:
    """Over the page; what it draws itself is fenced in, since it may leave its matrix behind."""
    _make_level(target)
    rotation = int(target.get("/Rotate", 0)) % 360
    text = layer(page, page.words, fonts, _placed(rotation, [float(one) for one in target.cropbox]))
    target.contents_add(b"q\n", prepend=True)
    target.contents_add(b"\nQ\n" + text)
    # a page may share them with others
    own = target.obj.get("/Resources", Dictionary())
    target.Resources = _copied(own)
    target.Resources.Font = _copied(own.get("/Font", Dictionary()))


def _make_level(target: pikepdf.Page) -> None:
    """Drawn turned instead of shown turned: of text that runs up a turned page, pdfium finds nothing.

    One with notes stays as it is, since those would have to be turned one by one.
    """
    rotation = int(target.get("/Rotate", 0)) % 360
    if not rotation or len(target.obj.get("/Annots", Array())):
        return
    crop = [float(one) for one in target.cropbox]
    a, b, c, d, e, f = _placed(rotation, crop)
    back = (a, c, b, d, -(a * e + b * f), -(c * e + d * f))
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    box = Array([0, 0, *((height, width) if rotation % 180 else (width, height))])
    target.contents_add(f"q {' '.join(f'{number:.4f}' for number in back)} cm\n".encode(), prepend=True)
    target.contents_add(b"\nQ\n")
    target.Rotate = 0
    for name in ("/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if name in target.obj:
            del target.obj[name]
    target.MediaBox = box


def _copied(dictionary: Any) -> Dictionary:  # noqa: ANN401 - pikepdf's types do not tell them apart
    """One level deep."""
    return Dictionary({str(name): dictionary[name] for name in dictionary.keys()})  # noqa: SIM118


def _placed(rotation: int, crop: Sequence[float]) -> Matrix:
    """From the page as it will be seen to its own coordinates."""
    left, bottom, right, top = crop
    return {
        0: (1.0, 0.0, 0.0, 1.0, left, bottom),
        90: (0.0, 1.0, -1.0, 0.0, right, bottom),
        180: (-1.0, 0.0, 0.0, -1.0, right, top),
        270: (0.0, -1.0, 1.0, 0.0, left, top),
    }[rotation]


def _finish(made: pikepdf.Pdf, fonts: Fonts, to: Path) -> None:
    inkless = fonts.made()
    for page in made.pages:
        if "/Font" in page.get("/Resources", Dictionary()):
            for name, font in inkless.items():
                page.Resources.Font[name] = font
    profile = Stream(made, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), N=3)
    made.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB IEC61966-2.1"),
                DestOutputProfile=profile,
            )
        ]
    )
    with made.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
        metadata["xmp:CreatorTool"] = "Lacre"
    made.save(to, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.generate)
