"""Ways to change a signed PDF by a revision of one's own, as an attacker with a good library would."""

# mypy: disallow-untyped-calls=False

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Tampering = Callable[[IncrementalPdfFileWriter], None]


def tampered(file: Path, tampering: Tampering) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(file.read_bytes()))
    tampering(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def replace_the_text(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    content = generic.StreamObject(stream_data=b"BT /F1 11 Tf 60 780 Td (Pague dez vezes mais) Tj ET")
    page["/Contents"] = writer.add_object(content)
    writer.update_container(page)


def restore_the_text(writer: IncrementalPdfFileWriter) -> None:
    """Undoes `replace_the_text`: the page shows again what was signed."""
    page = writer.root["/Pages"]["/Kids"][0]
    signed = writer.prev.get_historical_root(0)["/Pages"]["/Kids"][0].raw_get("/Contents")
    page["/Contents"] = generic.IndirectObject(signed.idnum, signed.generation, writer)
    writer.update_container(page)


def overwrite_the_content_stream(writer: IncrementalPdfFileWriter) -> None:
    content = writer.root["/Pages"]["/Kids"][0]["/Contents"]
    content._data = b"BT /F1 11 Tf 60 780 Td (Pague dez vezes mais) Tj ET"
    content._encoded_data = None
    writer.update_container(content)


def overwrite_the_font(writer: IncrementalPdfFileWriter) -> None:
    font = writer.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]["/F1"]
    font["/BaseFont"] = pdf_name("/Symbol")
    writer.update_container(font)


def add_a_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Parent"): writer.root.raw_get("/Pages")}
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


def remove_a_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    del pages["/Kids"][1]
    writer.update_container(pages)


def lay_an_annotation_over(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (60, 700, 400, 800))),
            pdf_name("/Contents"): generic.TextStringObject("Nada disto vale"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page)


def fill_another_signers_field(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, "bruno", "text")
    field["/V"] = generic.TextStringObject("Aceito tudo")
    writer.update_container(field)


def change_a_filled_field(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, "ana", "text")
    field["/V"] = generic.TextStringObject("Outra coisa")
    writer.update_container(field)


def change_a_filled_appearance(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, "ana", "text")
    field["/AP"] = _field(writer, "ana", "initials0")["/AP"]
    writer.update_container(field)


def change_drawn_initials(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, "ana", "initials0")
    field["/AP"] = _field(writer, "ana", "text")["/AP"]
    writer.update_container(field)


def overwrite_a_filled_appearance(writer: IncrementalPdfFileWriter) -> None:
    appearance = _field(writer, "ana", "text")["/AP"]["/N"]
    appearance._data, appearance._encoded_data = b"1 0 0 rg 0 0 9 9 re f", None
    appearance.pop("/Filter", None)
    writer.update_container(appearance)


def hide_a_filled_field(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, "ana", "text")
    field["/F"] = generic.NumberObject(2)
    writer.update_container(field)


def move_a_field(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, "ana", "text")
    field["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800)))
    writer.update_container(field)


def take_a_signature_away(writer: IncrementalPdfFileWriter) -> None:
    field = next(each for each in _top_fields(writer) if each["/T"] == "seal-ana")
    del field["/V"]
    writer.update_container(field)


def ask_viewers_to_draw_the_form(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/NeedAppearances"] = generic.BooleanObject(True)
    writer.update_container(form)


def run_something_on_opening(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.TextStringObject("app.alert(1)")}
    )
    writer.update_root()


TAMPERINGS = [
    replace_the_text,
    overwrite_the_content_stream,
    overwrite_the_font,
    add_a_page,
    remove_a_page,
    lay_an_annotation_over,
    fill_another_signers_field,
    change_a_filled_field,
    change_a_filled_appearance,
    change_drawn_initials,
    overwrite_a_filled_appearance,
    hide_a_filled_field,
    move_a_field,
    take_a_signature_away,
    ask_viewers_to_draw_the_form,
    run_something_on_opening,
]


def _top_fields(writer: IncrementalPdfFileWriter) -> list[generic.DictionaryObject]:
    return [ref.get_object() for ref in writer.root["/AcroForm"]["/Fields"]]


def _field(writer: IncrementalPdfFileWriter, branch: str, name: str) -> generic.DictionaryObject:
    parent = next(each for each in _top_fields(writer) if each["/T"] == branch)
    kids = [ref.get_object() for ref in parent["/Kids"]]
    return next(kid for kid in kids if kid["/T"] == name)  # type: ignore[no-any-return]
