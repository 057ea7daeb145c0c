"""What a page may hold in an archive (PDF/A-2b), and what is taken from it. Only for child processes."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name

_DEEP = 6
_PRINTED = 4
_SHOWN_KINDS = frozenset(
    [
        "/Widget",
        "/Stamp",
        "/FreeText",
        "/Highlight",
        "/Underline",
        "/StrikeOut",
        "/Square",
        "/Circle",
        "/Line",
        "/Ink",
    ]
)
_UNKNOWN_COLOURS = ("/DeviceCMYK", "/Separation", "/DeviceN")
"""An archive's reader knows what is meant by sRGB and gray, and by what a profile in the file says."""


def archivable(page: pikepdf.Page) -> bool:
    """Whether its fonts are in the file and its colours are known; only its dictionaries are looked at."""
    return all(
        _sound(resources) for resources in _resources(page.obj.get("/Resources", Dictionary()), _DEEP)
    ) and not _paints_unknown(page)


def _paints_unknown(page: pikepdf.Page) -> bool:
    """Four inks, by an operator of its own."""
    try:
        return any(pikepdf.parse_content_stream(page, "k K"))
    except (pikepdf.PdfError, pikepdf.PdfParsingError):
        return True


def _resources(found: pikepdf.Object, deep: int) -> Iterator[pikepdf.Object]:
    """The page's, and those of the forms and patterns it draws."""
    yield found
    if deep == 0:
        return
    for kind in ("/XObject", "/Pattern"):
        for drawn in found.get(kind, Dictionary()).values():
            inner = drawn.get("/Resources") if hasattr(drawn, "get") else None
            if inner is not None:
                yield from _resources(inner, deep - 1)


def _sound(resources: pikepdf.Object) -> bool:
    fonts = resources.get("/Font", Dictionary()).values()
    drawn = resources.get("/XObject", Dictionary()).values()
    spaces = resources.get("/ColorSpace", Dictionary()).values()
    return (
        all(_is_embedded(font) for font in fonts)
        and not any(_is_unknown(space) for space in spaces)
        and not any(_is_unknown(one.get("/ColorSpace")) or _is_foreign(one) for one in drawn)
    )


def _is_embedded(font: pikepdf.Object) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return True
    inner = font.get("/DescendantFonts", Array([font]))[0]
    descriptor = inner.get("/FontDescriptor", Dictionary())
    return any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def _is_unknown(space: pikepdf.Object | None) -> bool:
    if space is None:
        return False
    name = str(space[0]) if isinstance(space, Array) else str(space)
    if name == "/Indexed" and isinstance(space, Array):
        return _is_unknown(space[1])
    return name in _UNKNOWN_COLOURS


def _is_foreign(drawn: pikepdf.Object) -> bool:
    """PostScript, a file elsewhere, or a picture whose parts are elsewhere."""
    return drawn.get("/Subtype") == Name.PS or "/F" in drawn or "/OPI" in drawn or "/Alternates" in drawn


def tidied(page: pikepdf.Page) -> None:
    """Nothing acts by itself, and every note that stays is printed as it is seen."""
    for name in ("/AA", "/PieceInfo", "/Metadata", "/StructParents", "/Tabs"):
        if name in page.obj:
            del page.obj[name]
    kept = [note for note in page.obj.get("/Annots", Array()) if _is_kept(note)]
    for note in kept:
        for name in ("/A", "/AA", "/Parent", "/Popup", "/OC"):
            if name in note:
                del note[name]
        note.F = _PRINTED
    page.obj.Annots = Array(kept)


def _is_kept(note: pikepdf.Object) -> bool:
    hidden = int(note.get("/F", 0)) & 0b100011
    return str(note.get("/Subtype")) in _SHOWN_KINDS and "/AP" in note and not hidden
