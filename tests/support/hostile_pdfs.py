"""PDFs that act by themselves, hide that they do, or swell when opened; written byte by byte."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable

import pikepdf

_WORDS = re.compile(
    rb"/(JavaScript|JS|Launch|SubmitForm|ImportData|GoToR|GoToE|URI|RichMedia|Movie|Sound|Rendition|S|Subtype)\b"
)


def raw_pdf(*more: bytes, catalog: bytes = b"", page: bytes = b"", content: bytes = b"") -> bytes:
    """One page; `more` are objects from number 5 on, the rest is added to the dictionaries of those names."""
    return numbered_pdf(
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R " + page + b" >>",
        stream(content or b"0 0 100 100 re f"),
        *more,
    )


def numbered_pdf(*objects: bytes) -> bytes:
    """Objects from number 1 on, the first of them the catalog, with a sound cross-reference table."""
    written = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(objects) + 1, len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n" % (
        size,
        table,
        size,
    )
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def link(action: bytes) -> bytes:
    return b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 50 50] /A << %b >> >>]" % action


# what is in each, with the words that make it act
ACTING = {
    "script when opened": {"catalog": b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"},
    "script in a stream": {"catalog": b"/OpenAction << /S /JavaScript /JS 4 0 R >>"},
    "script among names": {
        "catalog": b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (a()) >>] >> >>"
    },
    "script when a page shows": {"page": b"/AA << /O << /S /JavaScript /JS (a()) >> >>"},
    "script when closed": {"catalog": b"/AA << /WC << /S /JavaScript /JS (a()) >> >>"},
    "script behind another action": {
        "catalog": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /JavaScript /JS (a()) >>] >>"
    },
    "script in a rendition": {"page": link(b"/S /Rendition /OP 0 /JS (a())")},
    "script as a link": {"page": link(b"/S /URI /URI ( JavaScript:alert\\(1\\))")},
    "script as a link in utf-16": {
        "page": link(b"/S /URI /URI <feff" + "javascript:a".encode("utf-16-be").hex().encode() + b">")
    },
    "program": {"catalog": b"/OpenAction << /S /Launch /F (calc.exe) >>"},
    "program behind a link": {"page": link(b"/S /Launch /Win << /F (cmd.exe) >>")},
    "form sent away": {"page": link(b"/S /SubmitForm /F << /FS /URL /F (http://127.0.0.1:9/) >>")},
    "data loaded": {"catalog": b"/OpenAction << /S /ImportData /F (secrets.fdf) >>"},
    "another file": {
        "catalog": b"/OpenAction << /S /GoToR /F (\\\\\\\\127.0.0.1\\\\share\\\\a.pdf) /D [0 /Fit] >>"
    },
    "embedded file": {"catalog": b"/OpenAction << /S /GoToE /T << /R /C /N (a) >> /D [0 /Fit] >>"},
    "film": {"page": b"/Annots [<< /Subtype /Movie /Rect [0 0 9 9] /Movie << /F (a.avi) >> >>]"},
    "sound": {"catalog": b"/OpenAction << /S /Sound /Sound 4 0 R >>"},
    "rich media": {"page": b"/Annots [<< /Subtype /RichMedia /Rect [0 0 9 9] >>]"},
    "3D scene": {"page": b"/Annots [<< /Subtype /3D /Rect [0 0 9 9] >>]"},
    "form that draws itself": {"catalog": b"/NeedsRendering true /AcroForm << /Fields [] /XFA 4 0 R >>"},
}

HARMLESS = {
    "destination when opened": {"catalog": b"/OpenAction [3 0 R /Fit]"},
    "jump when opened": {"catalog": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"},
    "web link": {"page": link(b"/S /URI /URI (https://example.org/javascript:)")},
    "tag called sound": {"catalog": b"/StructTreeRoot << /K << /S /Sound /K 0 /Pg 3 0 R >> >>"},
    "text about scripts": {"catalog": b"/Lang (/JavaScript /JS)", "content": b"% /S /JavaScript /JS (a)"},
    "page labels": {"catalog": b"/PageLabels << /Nums [0 << /S /D >>] >>"},
}


def outside_content_pdf() -> bytes:
    """Its page is drawn from a file elsewhere."""
    return numbered_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>",
        stream(b"", b"/F (elsewhere.txt)"),
    )


def disguised(pdf: bytes) -> bytes:
    """The same, with telling names spelt in hex codes; readers see no difference."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        objects = [_written(thing) for thing in opened.objects]
    return numbered_pdf(*(_WORDS.sub(_in_hex, content) for content in objects))


def packed(pdf: bytes) -> bytes:
    """The same, with every object in a compressed stream."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _written(thing: pikepdf.Object) -> bytes:
    if isinstance(thing, pikepdf.Stream):
        return thing.stream_dict.unparse() + b"\nstream\n" + thing.read_raw_bytes() + b"\nendstream"
    return thing.unparse(resolved=True)


def _in_hex(word: re.Match[bytes]) -> bytes:
    return b"/" + b"".join(b"#%02x" % letter for letter in word[1])


def deflate_bomb_pdf(unpacked_bytes: int) -> bytes:
    """A page whose content is blanks, unpacking to a thousand times its size, twice over."""
    packed_once = _deflated_blanks(unpacked_bytes)
    return _with_content(zlib.compress(packed_once), b"/Filter [/FlateDecode /FlateDecode]")


def structure_bomb_pdf(unpacked_bytes: int) -> bytes:
    """An object stream that unpacks to blanks."""
    packed = _deflated_blanks(unpacked_bytes)
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    return raw_pdf(stream(packed, entries), catalog=b"/Extends 5 0 R")


def pixel_flood_pdf(edge: int = 50_000) -> bytes:
    """An image of that many pixels each way in a few kilobytes."""
    size = b"/Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8" % (edge, edge)
    image = stream(_deflated_blanks(3 * edge * edge), b"/Subtype /Image /Filter /FlateDecode " + size)
    return raw_pdf(
        image, page=b"/Resources << /XObject << /I 5 0 R >> >>", content=b"q 300 0 0 300 0 0 cm /I Do Q"
    )


def laughing_pdf(depth: int = 12, breadth: int = 12) -> bytes:
    """Forms that paint forms that paint forms: it takes years to draw."""
    forms = [_laugh(number, breadth) for number in range(5, 5 + depth)]
    return raw_pdf(
        *forms,
        stream(b"0 0 1 1 re f", b"/Subtype /Form /BBox [0 0 300 300]"),
        page=b"/Resources << /XObject << /L 5 0 R >> >>",
        content=b"/L Do",
    )


def _laugh(number: int, breadth: int) -> bytes:
    entries = b"/Subtype /Form /BBox [0 0 300 300] /Resources << /XObject << /L %d 0 R >> >>" % (number + 1)
    return stream(b"/L Do " * breadth, entries)


def boastful_pdf(pages: int = 2_000_000_000) -> bytes:
    """It claims that many pages and has one."""
    return numbered_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % pages,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>",
    )


def circular_pdf() -> bytes:
    """A page tree that is its own child."""
    return numbered_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 2 0 R] /Count 2 >>"
    )


def nested_pdf(depth: int = 200_000) -> bytes:
    """Arrays in arrays in arrays."""
    return raw_pdf(b"[" * depth + b"]" * depth, catalog=b"/Deep 5 0 R")


def towering_pdf(depth: int = 20_000) -> bytes:
    """A page tree that deep, with one page at its end."""
    nodes = [_node(number) for number in range(2, 2 + depth)]
    last = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 300 300] >>" % (1 + depth)
    return numbered_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, last)


def _node(number: int) -> bytes:
    parent = b"/Parent %d 0 R" % (number - 1) if number > 2 else b""
    return b"<< /Type /Pages /Kids [%d 0 R] /Count 1 %b >>" % (number + 1, parent)


def _with_content(data: bytes, entries: bytes) -> bytes:
    objects: Iterable[bytes] = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>",
        stream(data, entries),
    )
    return numbered_pdf(*objects)


def _deflated_blanks(size: int) -> bytes:
    """Made by repeating one flushed block: the megabytes are never packed one by one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()
    return b"\x78\xda" + block * (size >> 20) + end + b"\0\0\0\0"
