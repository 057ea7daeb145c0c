"""How values become column values."""

from __future__ import annotations

import json
import unicodedata
from typing import Any


def to_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def plain(text: str) -> str:
    """PostgreSQL's text holds no NUL; nothing that a person writes does either."""
    return text.replace("\0", "")


def folded(text: str) -> str:
    """Without case and accents: `"Inácio"` is found by `"INACIO"`."""
    apart = unicodedata.normalize("NFKD", plain(text))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
