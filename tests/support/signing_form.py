"""What a browser posts from the signing form, without a browser."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw

from lacre.signing.envelope import Envelope
from lacre.web.signer.view import field_key


def signing_form(envelope: Envelope, **typed: str) -> dict[str, str | list[str]]:
    """A typed signature with the terms accepted; `typed` adds to it or changes it."""
    return {
        "seen": [document.original for document in envelope.documents],
        "name": "Bruno Dias",
        "email": "bruno@example.test",
        "phone": "",
        "mark_kind": "typed",
        "mark_text": "Bruno Dias",
        "terms": "on",
        **typed,
    }


def values_of(envelope: Envelope, **by_label: str) -> dict[str, str]:
    """Inputs of the document's fields, by their labels."""
    return {field_key(one.id): by_label[one.label] for one in envelope.fields if one.label in by_label}


def scribble(size: tuple[int, int] = (300, 120), kind: str = "PNG") -> bytes:
    """A picture with one stroke of ink on white paper, or on nothing for PNG."""
    paper = (255, 255, 255, 0) if kind == "PNG" else (255, 255, 255, 255)
    picture = Image.new("RGBA", size, paper)
    ImageDraw.Draw(picture).line([(40, 80), (120, 30), (200, 90), (260, 40)], fill=(20, 40, 90, 255), width=6)
    out = io.BytesIO()
    (picture if kind == "PNG" else picture.convert("RGB")).save(out, kind)
    return out.getvalue()


def as_data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()
