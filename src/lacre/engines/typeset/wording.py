"""The words on the sheets, in Portuguese, English and Spanish."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "words"

LANGUAGES = ("pt-br", "en", "es")


@cache
def words_in(language: str) -> dict[str, Any]:
    """The table of that language; Portuguese for one that we do not write."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    table: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return table | {"code": name}
