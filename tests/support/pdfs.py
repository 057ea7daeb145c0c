"""Small makers of real PDFs for the tests; every call makes the same bytes for the same arguments."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf
from PIL import Image

A4 = (595.28, 841.89)
PASSWORD = "segredo"
_PLAIN = pikepdf.ObjectStreamMode.preserve


def contract_pdf(
    pages: int = 2, title: str = "Contrato de prestação de serviços", anchor: str = "Assinatura:"
) -> bytes:
    """A plain contract: a title, twenty clauses a page and, at the foot of the last one, `anchor`."""
    pdf = pikepdf.new()
    for number in range(1, pages + 1):
        lines = [f"{title} - folha {number} de {pages}", *_clauses(number)]
        if number == pages:
            lines += ["", anchor]
        _add_text_page(pdf, lines)
    return _bytes_of(pdf)


def text_pdf(*pages: Iterable[str]) -> bytes:
    """One page per list of lines, in Helvetica 11, from the top left."""
    pdf = pikepdf.new()
    for lines in pages:
        _add_text_page(pdf, list(lines))
    return _bytes_of(pdf)


def rotated_pdf(rotations: Iterable[int] = (0, 90, 180, 270)) -> bytes:
    """One contract page per rotation, each with `/Rotate`."""
    pdf = pikepdf.new()
    for rotation in rotations:
        page = _add_text_page(pdf, [f"Página girada de {rotation} graus", *_clauses(1)])
        page["/Rotate"] = rotation
    return _bytes_of(pdf)


def cropped_pdf(box: tuple[float, float, float, float] = (100, 150, 500, 700), rotation: int = 0) -> bytes:
    """A page whose crop box hides its margins and whose media box does not start at zero."""
    pdf = pikepdf.new()
    page = _add_text_page(pdf, ["Página recortada", *_clauses(1)])
    page["/MediaBox"] = pikepdf.Array([20, 30, 620, 860])
    page["/CropBox"] = pikepdf.Array([_number(edge) for edge in box])
    page["/Rotate"] = rotation
    return _bytes_of(pdf)


def scanned_pdf(pages: int = 1, dots_per_inch: int = 72) -> bytes:
    """Pages that are one picture each, as a scanner makes them: no text at all."""
    pdf = pikepdf.new()
    width, height = (round(edge / 72 * dots_per_inch) for edge in A4)
    for number in range(pages):
        picture = Image.linear_gradient("L").resize((width, height)).rotate(number % 4 * 90)
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=70)
        _add_picture_page(pdf, buffer.getvalue(), (width, height))
    return _bytes_of(pdf)


def weighty_pdf(size: int) -> bytes:
    """A contract of about `size` bytes: a few objects, one of them a long stream that does not compress."""
    pdf = pikepdf.new()
    page = _add_text_page(pdf, ["Documento pesado", *_clauses(1)])
    noise = _noise(max(size - 4_000, 1_000))
    page["/PieceInfo"] = pikepdf.Dictionary(Weight=pdf.make_stream(noise))
    return _bytes_of(pdf)


def crowded_pdf(objects: int, *, object_streams: bool = False) -> bytes:
    """A PDF of about that many objects: half of them pages, the other half what they show."""
    pdf = pikepdf.new()
    font = _font(pdf)
    kids = []
    tree = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages))
    for number in range(objects // 2):
        content = pdf.make_stream(_page_content([f"Folha {number + 1}", "Texto da folha."]))
        kids.append(pdf.make_indirect(_page(content, font, tree)))
    tree["/Kids"] = pikepdf.Array(kids)
    tree["/Count"] = len(kids)
    pdf.Root["/Pages"] = tree
    mode = pikepdf.ObjectStreamMode.generate if object_streams else pikepdf.ObjectStreamMode.disable
    return _bytes_of(pdf, mode)


def form_pdf() -> bytes:
    """A page that already carries a form: one text field called `existente`."""
    pdf = pikepdf.new()
    page = _add_text_page(pdf, ["Formulário", "Nome:"])
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("existente"),
            V=pikepdf.String("Ana"),
            Rect=pikepdf.Array([100, 700, 300, 720]),
            F=4,
            P=page,
        )
    )
    page["/Annots"] = pikepdf.Array([field])
    pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
    return _bytes_of(pdf)


def hybrid_pdf() -> bytes:
    """A page as word processors export it: two cross-references, the font for newer readers only."""
    content = _page_content(["Documento híbrido", "Assinatura:"])
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    body, offsets = bytearray(b"%PDF-1.5\n"), {}
    for number, written in {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources 8 0 R/Contents 4 0 R>>",
        4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        8: b"<</Font<</F1 5 0 R>>>>",
        6: b"<</Type/ObjStm/N 1/First 4/Length %d>>\nstream\n5 0 %s\nendstream" % (4 + len(font), font),
    }.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    hidden = len(body)
    row = b"\x02\x00\x06\x00"
    body += (
        b"7 0 obj\n<</Type/XRef/W[1 2 1]/Index[5 1]/Size 9/Length 4>>\nstream\n%s\nendstream\nendobj\n" % row
    )
    table = len(body)
    rows = [
        b"%010d 00000 n\r\n" % offsets[n] if n in offsets else b"0000000000 65535 f\r\n" for n in range(9)
    ]
    body += b"xref\n0 9\n" + b"".join(rows)
    body += b"trailer\n<</Size 9/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (hidden, table)
    return bytes(body)


def locked_pdf(password: str = PASSWORD) -> bytes:
    """A PDF that opens with a password only."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(contract_pdf(1))) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(user=password, owner=password), deterministic_id=False)
    return buffer.getvalue()


def active_pdf(action: str = "app.alert('oi')") -> bytes:
    """A PDF that runs JavaScript when it opens."""
    with pikepdf.open(io.BytesIO(contract_pdf(1))) as pdf:
        pdf.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(action))
        return _bytes_of(pdf)


def broken_pdf() -> bytes:
    """A contract whose cross-reference table points nowhere: readers can repair it."""
    whole = contract_pdf(2)
    table = whole.rindex(b"startxref")
    return whole[:table] + b"startxref\n99999999\n%%EOF\n"


def written(folder: Path, content: bytes, name: str = "contrato.pdf") -> Path:
    """The content as a file in `folder`."""
    path = folder / name
    path.write_bytes(content)
    return path


def _clauses(page: int) -> list[str]:
    return [
        f"Cláusula {page}.{number} - As partes convencionam que a prestação será paga até o dia {number}."
        for number in range(1, 21)
    ]


def _add_text_page(pdf: pikepdf.Pdf, lines: list[str]) -> pikepdf.Object:
    content = pdf.make_stream(_page_content(lines))
    page = pdf.make_indirect(_page(content, _font(pdf)))
    pdf.pages.append(pikepdf.Page(page))
    return pdf.pages[-1].obj


def _page(
    content: pikepdf.Object, font: pikepdf.Object, parent: pikepdf.Object | None = None
) -> pikepdf.Dictionary:
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=pikepdf.Array([0, 0, *(_number(edge) for edge in A4)]),
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
        Contents=content,
    )
    if parent is not None:
        page["/Parent"] = parent
    return page


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )


def _page_content(lines: list[str]) -> bytes:
    shown = [b"BT /F1 11 Tf 60 780 Td 16 TL"]
    for line in lines:
        text = line.encode("cp1252", "replace").replace(b"\\", b"\\\\")
        shown.append(b"(" + text.replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T*")
    return b"\n".join([*shown, b"ET"])


def _add_picture_page(pdf: pikepdf.Pdf, jpeg: bytes, size: tuple[int, int]) -> None:
    picture = pdf.make_stream(
        jpeg,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=A4)
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im1=picture))
    page.obj["/Contents"] = pdf.make_stream(b"q %.2f 0 0 %.2f 0 0 cm /Im1 Do Q" % A4)


def _noise(size: int) -> bytes:
    """The same incompressible bytes every time."""
    import hashlib

    return hashlib.shake_256(b"lacre").digest(size)


def _number(value: float) -> float:
    return round(float(value), 2)


def _bytes_of(pdf: pikepdf.Pdf, streams: pikepdf.ObjectStreamMode = _PLAIN) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=streams)
    return buffer.getvalue()
