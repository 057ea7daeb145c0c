"""Strangers' text made safe to show: nothing invisible that could reorder or hide what is read."""

from __future__ import annotations

import unicodedata

_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_WORD = 60  # a longer one would run out of its column
_LONGEST_LINE = 400  # browsers may send kilobytes of user agent


def shown(text: str) -> str:
    """Without controls, lone surrogates and bidirectional overrides; line ends survive."""
    kept = "".join(sign for sign in text if sign == "\n" or _is_visible(sign))
    return unicodedata.normalize("NFC", kept)


def on_one_line(text: str) -> str:
    words = " ".join(shown(text[: 4 * _LONGEST_LINE]).split())
    if len(words) > _LONGEST_LINE:
        words = words[:_LONGEST_LINE] + "…"
    return " ".join(_breakable(word) for word in words.split(" "))


def _is_visible(sign: str) -> bool:
    return sign not in _REORDERING and unicodedata.category(sign) not in ("Cc", "Cs")


def _breakable(word: str) -> str:
    # a digest has 64 digits and a column of its own: those are never passed through here
    pieces = (word[start : start + _LONGEST_WORD] for start in range(0, len(word), _LONGEST_WORD))
    return "\u200b".join(pieces)
