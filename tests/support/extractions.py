"""Documents to be processed, as tests need them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lacre.kit.ids import AccountId, ExtractionId, new_uuid
from lacre.processing.extraction import Extraction
from lacre.processing.page import Box, Page, Source, Word

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def an_extraction(account_id: str = "", **given: Any) -> Extraction:  # noqa: ANN401 - any property
    usual: dict[str, Any] = {
        "id": ExtractionId(new_uuid()),
        "account_id": AccountId(account_id or new_uuid()),
        "type": 1,
        "name": "nota.pdf",
        "input": f"2026-11-23/{new_uuid()}",
        "size": 1024,
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Extraction(**{**usual, **given})


def a_page(number: int = 1, lines: Sequence[str] = ("Valor total R$ 10,00",)) -> Page:
    """Its words stand below each other, line by line, as wide as their letters."""
    words = [word for line, text in enumerate(lines) for word in _words(text, line)]
    return Page(number=number, width=595, height=842, words=tuple(words), codes=(), source=Source.DIGITAL)


def _words(text: str, line: int) -> list[Word]:
    """Runs of spaces are wide gaps, as in a table or a form."""
    found, at = [], 0
    for word in text.split(" "):
        if word:
            found.append(Word(word, Box(40 + at * 5, 40 + line * 14, len(word) * 5, 10), 1.0, line))
        at += len(word) + 1
    return found
