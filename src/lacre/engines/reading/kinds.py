"""Which kind of file this is, by its first bytes: names and content types lie."""

from __future__ import annotations

from pathlib import Path

from lacre.processing.ports import FileKind

_HEAD = 1024
_FIRST: dict[bytes, FileKind] = {
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
    b"\xff\xd8\xff": FileKind.JPEG,
    b"II*\0": FileKind.TIFF,
    b"MM\0*": FileKind.TIFF,
    b"II+\0": FileKind.TIFF,
    b"MM\0+": FileKind.TIFF,
    b"PK\x03\x04": FileKind.DOCX,
    # the wrapping of an encrypted one
    b"\xd0\xcf\x11\xe0": FileKind.DOCX,
}
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def kind_of(file: Path) -> FileKind | None:
    with file.open("rb") as reading:
        head = reading.read(_HEAD)
    if b"%PDF-" in head:
        return FileKind.PDF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return FileKind.HEIC
    return next((kind for first, kind in _FIRST.items() if head.startswith(first)), None)
