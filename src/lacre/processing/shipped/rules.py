"""Rules in few words, for the types that are shipped."""

from __future__ import annotations

from lacre.processing.document_type import Part, Rule, Where


def after(*texts: str, pattern: str = "") -> Rule:
    """To the right of one of these, on its line."""
    return Rule(anchor=texts, where=Where.RIGHT, pattern=pattern)


def under(*texts: str, pattern: str = "", section: tuple[str, ...] = ()) -> Rule:
    return Rule(anchor=texts, where=Where.BELOW, pattern=pattern, section=section)


def near(*texts: str, pattern: str = "", section: tuple[str, ...] = ()) -> Rule:
    """To the right, or else below."""
    return Rule(anchor=texts, where=Where.AROUND, pattern=pattern, section=section)


def anywhere(pattern: str = "") -> Rule:
    return Rule(pattern=pattern)


def coded(*kinds: str, pattern: str = "") -> Rule:
    return Rule(code=kinds, pattern=pattern)


def said_by(field: str, part: Part) -> Rule:
    return Rule(of=field, part=part)
