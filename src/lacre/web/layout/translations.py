"""The words of the pages: English in the code, catalogues beside it, read when the server starts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"pt-br": "pt_BR", "en": "en", "es": "es"}
"""Our name of a language → its locale; the first is what everybody gets who asks for none of them."""
NAMES = {"pt-br": "Português", "en": "English", "es": "Español"}
FOLDER = Path(__file__).parent / "locales"


@cache
def words_in(language: str) -> NullTranslations:
    """English needs no catalogue: it is what the code says."""
    file = FOLDER / f"{LANGUAGES[language]}.po"
    if not file.exists():
        return NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=LANGUAGES[language])
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def spoken(*wanted: str | None) -> str:
    """The first of the wanted languages that we speak; `pt`, `pt_BR` and `PT-br` are all Portuguese."""
    for asked in wanted:
        known = _known(asked or "")
        if known is not None:
            return known
    return next(iter(LANGUAGES))


def accepted(header: str) -> Iterable[str]:
    """The languages of an `Accept-Language` header, the dearest first."""
    parts = [part.strip().partition(";") for part in header.split(",") if part.strip()]
    return [name.strip() for name, _, weight in sorted(parts, key=_dearness, reverse=True)]


def _known(asked: str) -> str | None:
    plain = asked.lower().replace("_", "-")
    if plain in LANGUAGES:
        return plain
    root = plain.partition("-")[0]
    return next((language for language in LANGUAGES if language.partition("-")[0] == root), None)


def _dearness(part: tuple[str, str, str]) -> float:
    try:
        return float(part[2].partition("=")[2] or 1)
    except ValueError:
        return 0.0
