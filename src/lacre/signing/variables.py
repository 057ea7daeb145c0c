"""The `{{variables}}` that a text document names, and how one spelling of them meets another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST_NAME = 200
NAMED = re.compile(r"\{\{([^{}]{1,400})\}\}")
"""One variable in a text, braces included; the group is its name as it was written."""


def variable_name(written: str) -> str:
    """`"{{ NOME   COMPLETO }}"` or the name alone → `"NOME COMPLETO"`; accents in one form."""
    inside = NAMED.fullmatch(written.strip())
    bare = inside.group(1) if inside else written
    return " ".join(unicodedata.normalize("NFC", bare).split())[:LONGEST_NAME]


def answer_to(name: str, answers: Mapping[str, str]) -> str | None:
    """The answer to exactly this name; failing that to one that differs in upper and lower case only."""
    if name in answers:
        return answers[name]
    folded = name.casefold()
    return next((value for other, value in answers.items() if other.casefold() == folded), None)
