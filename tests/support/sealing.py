"""Structures and acts as the product makes them, and outside judges of what comes out."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

import pikepdf
import pypdfium2
import typst
from asn1crypto import x509
from PIL import Image, ImageChops
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lacre.kit.ids import SignerId
from lacre.signing.layout import FieldKind, FormField, Place, SignerForm, Structure
from lacre.signing.ports import ActToSeal, Appearances

INITIALS_SHAPE = 90 / 34


def place(page: int = 0, left: float = 10, bottom: float = 10, width: float = 25, height: float = 5) -> Place:
    return Place(page=page, left=left, bottom=bottom, width=width, height=height)


def structure(
    signers: Sequence[str] = ("ana", "bruno"), *, pages: int = 1, record: bool = True, visible: bool = True
) -> Structure:
    """Per signer: initials on every page, a text, a tick box, a drawn signature and a seal."""
    forms = [_form(signer, row, pages, visible=visible) for row, signer in enumerate(signers)]
    boxes = [_record_box(signer) for signer in signers] if record else []
    return Structure(
        forms=tuple(forms), record=blank_record() if record else None, record_fields=tuple(boxes)
    )


def countersigned(made: Structure, signer: str) -> Structure:
    """With a further seal for that signer, who signs with a key of their own."""
    forms = [
        replace(form, counter_name=f"{form.seal_name}_seal") if form.signer_id == signer else form
        for form in made.forms
    ]
    return replace(made, forms=tuple(forms))


def counter_act(signer: str = "ana") -> ActToSeal:
    """The platform's seal over what they signed."""
    return replace(bare_act(signer), seal_name=f"seal-{signer}_seal")


def bare_structure(*signers: str) -> Structure:
    """Invisible signature fields, and nothing else."""
    return Structure(forms=tuple(_bare_form(signer) for signer in signers))


def act(signer: str = "ana", *, pages: int = 1, record: bool = True, name: str = "") -> ActToSeal:
    """The signer's whole act over `structure`."""
    shown = {f"seal-{signer}": 0, f"{signer}.text": 0, f"{signer}.tick": 0}
    shown |= {f"{signer}.initials{page}": 1 for page in range(pages)}
    shown |= {f"record.seal-{signer}": 2} if record else {}
    return ActToSeal(
        seal_name=f"seal-{signer}",
        appearances=Appearances(pdf=appearances(name or signer.title()), pages=shown),
        values={f"{signer}.text": name or signer.title(), f"{signer}.tick": "Yes"},
        signer_name=name or signer.title(),
        reason="Assino como parte (cláusula 1ª)",
        location="São Paulo",
    )


def bare_act(signer: str = "ana") -> ActToSeal:
    return ActToSeal(
        seal_name=f"seal-{signer}",
        appearances=Appearances(pdf=b"", pages={}),
        values={},
        signer_name=signer.title(),
        reason="Assino como parte",
    )


@cache
def appearances(name: str) -> bytes:
    """A visible signature, red initials with a blue mark at their upper left, a page of the record."""
    source = f"""
#set page(width: 150pt, height: 42pt, margin: 2pt)
{name}
#pagebreak()
#set page(width: 90pt, height: 34pt, margin: 0pt, fill: rgb(220, 20, 20))
#rect(width: 12pt, height: 8pt, fill: rgb(20, 20, 220))
#pagebreak()
#set page(width: 595pt, height: 842pt, margin: 40pt, fill: none)
Registro de assinaturas: {name}
"""
    return bytes(typst.compile(source.encode()))


@cache
def blank_record() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def _form(signer: str, row: int, pages: int, *, visible: bool) -> SignerForm:
    initials = [
        FormField(
            name=f"{signer}.initials{page}",
            kind=FieldKind.INITIALS,
            place=place(page, 80, 5 + 8 * row, 15, 4),
        )
        for page in range(pages)
    ]
    return SignerForm(
        signer_id=SignerId(signer),
        seal_name=f"seal-{signer}",
        seal_place=place(0, 10 + 30 * row, 10) if visible else None,
        fields=(
            *initials,
            FormField(name=f"{signer}.text", kind=FieldKind.TEXT, place=place(0, 10, 30 + 8 * row)),
            FormField(name=f"{signer}.tick", kind=FieldKind.CHECKBOX, place=place(0, 50, 30 + 8 * row, 5, 3)),
        ),
    )


def _bare_form(signer: str) -> SignerForm:
    return SignerForm(signer_id=SignerId(signer), seal_name=f"seal-{signer}", seal_place=None)


def _record_box(signer: str) -> FormField:
    return FormField(name=f"record.seal-{signer}", kind=FieldKind.TEXT, place=place(0, 0, 0, 100, 100))


# ── outside judges ───────────────────────────────────────────────────────────


def valid_by_poppler(file: Path) -> int:
    """How many signatures pdfsig calls valid; raises if any is not. It knows no document timestamps."""
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    judged = re.findall(
        r"Signature Type: (.*)(?:\n  - (?!Sig.*Val).*)*\n  - Signature Validation: (.*)", said
    )
    signatures = [verdict for kind, verdict in judged if kind != "unknown"]
    assert set(signatures) <= {"Signature is Valid."}, said
    return len(signatures)


def clean_by_qpdf(file: Path) -> bool:
    done = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return True


def judged_by_pyhanko(file: Path, root: bytes) -> list[tuple[str, bool, ModificationLevel | None, bool]]:
    """Field, whether its signature holds and is trusted, what changed after, and whether DocMDP allows it."""
    context = [x509.Certificate.load(root)]
    with file.open("rb") as opened:
        statuses = [
            (found.fq_name, validate_pdf_signature(found, ValidationContext(trust_roots=context)))
            for found in PdfFileReader(opened, strict=True).embedded_regular_signatures
        ]
    return [
        (name, status.bottom_line, status.modification_level, bool(status.docmdp_ok))
        for name, status in statuses
    ]


def pictures(file: Path | bytes, width: int = 400) -> list[Image.Image]:
    """Every page as a reader shows it, form fields included."""
    with pypdfium2.PdfDocument(file) as pdf:
        pdf.init_forms()
        return [page.render(scale=width / page.get_width()).to_pil().convert("RGB") for page in pdf]


def box_of(picture: Image.Image, colour: Literal["red", "blue"]) -> tuple[int, int, int, int]:
    """Where the initials (`red`) or their mark (`blue`) are: left, top, right, bottom."""
    red, green, blue = picture.split()
    shown = ImageChops.lighter(red, blue) if colour == "red" else blue
    mask = ImageChops.subtract(shown, green).point(lambda value: 255 if value > 120 else 0)
    found = mask.getbbox()
    assert found, f"nothing {colour} is shown"
    return found


def content_pictures(file: Path, pages: int, width: int = 250) -> list[Image.Image]:
    """The first pages without anything that lies upon them."""
    with pypdfium2.PdfDocument(file) as pdf:
        return [
            pdf[number]
            .render(scale=width / pdf[number].get_width(), draw_annots=False, may_draw_forms=False)
            .to_pil()
            .convert("RGB")
            for number in range(pages)
        ]
