"""A page drawn by typst, as PDF and as picture, and the words that stand on it."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
import typst
from numpy.typing import NDArray

from bench.pages.facts import Facts, shown

Picture = NDArray[np.uint8]
"""Height × width × 3, RGB."""

LAYOUTS = Path(__file__).parent / "layouts"
_FONTS = (
    Path(__file__).parents[2] / "src" / "lacre" / "engines" / "fonts",
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/truetype/crosextra"),
)
FAMILIES = (
    "Liberation Sans",
    "Liberation Serif",
    "Carlito",
    "Noto Sans",
    "Source Serif 4",
    "Liberation Mono",
)
"""As Arial, Times, Calibri and Courier, and two of our own; others stand in where they are missing."""


class Kind(StrEnum):
    INVOICE = "invoice"
    CONTRACT = "contract"
    FORM = "form"


@dataclass(frozen=True)
class Sheet:
    """One page; `pdf` has a text layer, which is the truth."""

    kind: Kind
    seed: int
    pdf: bytes

    def picture(self, dpi: int) -> Picture:
        """As a perfect scanner would see it."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            return np.asarray(document[0].render(scale=dpi / 72, rev_byteorder=True).to_numpy())[
                :, :, :3
            ].copy()


def sheet(kind: Kind, seed: int) -> Sheet:
    """The same one for the same seed."""
    facts = Facts(random.Random(f"{kind} {seed}"))
    made = _compiler(kind).compile(format="pdf", sys_inputs={"facts": json.dumps(_facts(facts, kind, seed))})
    assert isinstance(made, bytes)
    return Sheet(kind, seed, _first_page(made))


def _first_page(pdf: bytes) -> bytes:
    """A contract may run over; what is measured is one page."""
    with pypdfium2.PdfDocument(pdf) as document, pypdfium2.PdfDocument.new() as first:
        if len(document) == 1:
            return pdf
        first.import_pages(document, [0])
        kept = io.BytesIO()
        first.save(kept)
        return kept.getvalue()


@cache
def _compiler(kind: Kind) -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(folder) for folder in _FONTS if folder.exists()],
    )
    return typst.Compiler(str(LAYOUTS / f"{kind}.typ"), font_paths=fonts)


def _facts(facts: Facts, kind: Kind, seed: int) -> Mapping[str, object]:
    sizes = {Kind.INVOICE: (8.5, 9.5), Kind.CONTRACT: (10, 11.5), Kind.FORM: (9.5, 11)}
    prices = [(facts.dice.randint(1, 40), facts.cents() // 40 + 1) for _ in range(facts.dice.randint(6, 14))]
    return {
        "font": FAMILIES[seed % len(FAMILIES)],
        "size": facts.dice.uniform(*sizes[kind]),
        "tint": facts.dice.choice(("#e8f0e0", "#e0e8f4", "#f4ead8", "#ffffff")),
        "number": facts.digits(6),
        "code": f"{facts.digits(4)}-{facts.digits(4)}",
        "city": facts.city(),
        "date": facts.date(),
        "hired": facts.date(),
        "father": facts.person(),
        "mother": facts.person(),
        "spouse": facts.person(),
        "job": facts.dice.choice(("Técnico em eletrônica", "Médica", "Professor de história", "Mecânico")),
        "seller": _party(facts),
        "buyer": _party(facts),
        "items": [
            {"name": facts.good(), "count": str(count), "price": shown(price), "total": shown(count * price)}
            for count, price in prices
        ],
        "base": facts.money(),
        "rate": facts.percent(),
        "tax": facts.money(),
        "total": facts.money(),
        "notes": facts.clause(),
        "clauses": [facts.clause() for _ in range(9)],
    }


def _party(facts: Facts) -> Mapping[str, str]:
    return {
        "name": facts.company() if facts.dice.random() < 0.6 else facts.person(),
        "cpf": facts.cpf(),
        "cnpj": facts.cnpj(),
        "address": facts.address(),
        "cep": facts.cep(),
        "mail": facts.mail(),
        "phone": facts.phone(),
    }
