"""Mends letters that a reader of pictures doubted, by how Portuguese is written.

A sign is only changed to what its reader held possible there, or to what looks the same but for its size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from lacre.processing.letter import Letter


def spelled(text: str, letters: Sequence[Letter], *, portuguese: bool = True) -> str:
    """As many signs long as it was; accents are put right in Portuguese alone."""
    for mend in (*_ANYWHERE, *_IN_PORTUGUESE) if portuguese else _ANYWHERE:
        text = mend(text, letters)
    return text


_ITS_OWN = frozenset((
    "o", "os", "um", "uma", "e", "em", "do", "da", "dos", "das", "ao", "na", "nas", "nos", "não", "com",
))  # fmt: skip
_OF_SPANISH = frozenset((
    "el", "los", "las", "un", "una", "y", "en", "del", "al", "con", "es", "lo", "su", "según", "más",
))  # fmt: skip


def is_portuguese(text: str) -> bool:
    """Unless it has more of the small words of Spanish."""
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    return sum(words[one] for one in _ITS_OWN) >= sum(words[one] for one in _OF_SPANISH)


def if_doubted(letters: Sequence[Letter], sign: str, found: re.Match[str]) -> str:
    """That sign, where the reader held it possible."""
    return sign if sign in letters[found.start()].others else found[0]


_FREE_DASH = re.compile(r"(?<!\S)[-–—_](?=\s)|(?<=\s)[-–—_](?!\S)|(?<=\w)[-—_](?=\s)")


def _dash(text: str, letters: Sequence[Letter]) -> str:
    """Between blanks there stands one that is long: a hyphen there that may be one is one."""

    def long(found: re.Match[str]) -> str:
        possible = found[0] + letters[found.start()].others
        return "–" if "–" in possible and "-" in possible else found[0]

    return _FREE_DASH.sub(long, text)


_CAPITAL_O = re.compile(
    r"(?<![\w.,])0(?=[^\W\d_]{2})|(?<=[A-ZÀ-Ü])0(?![\d.,])|(?<=[.–] )0(?= [a-zà-ü]{2})|^0(?= [a-zà-ü]{4})"
)
_SMALL_O = re.compile(r"(?<=[a-zà-ü])0(?![\d.,])")


def _letter_o(text: str, letters: Sequence[Letter]) -> str:
    """`FILIAÇÃ0`: among letters, a zero that may be an `O` is one; some typefaces hardly tell them."""
    text = _CAPITAL_O.sub(partial(if_doubted, letters, "O"), text)
    return _SMALL_O.sub(partial(if_doubted, letters, "o"), text)


_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ALIKE = frozenset("cosuvwxzçóôõúü")
"""Small letters that look like their capitals, but for the size."""
_ELECTRONIC = re.compile(r"[A-Z]{2,3}e")
"""`NFe`, `CTe`: written so."""


def _one_case(text: str, letters: Sequence[Letter]) -> str:
    """`CLÁusuLA`, `CNpj`: only the first letter of a word is larger than the others."""

    def mend(found: re.Match[str]) -> str:
        word, first = found[0], found.start()
        capitals = [_capital(letter, letters[first + at].others) for at, letter in enumerate(word)]
        if _meant_large(word, capitals):
            return "".join(capitals)
        return word

    return _LETTERS.sub(mend, text)


def _capital(letter: str, others: str) -> str:
    """What it would be in a word of capitals; empty where it can be none."""
    if letter.isupper() or letter in _ALIKE:
        return letter.upper()
    if letter in "il" and "I" in others:
        return "I"
    return letter.upper() if letter.upper() in others else ""


def _meant_large(word: str, capitals: Sequence[str]) -> bool:
    """All can be, and of those that tell one is that is not the first."""
    if not all(capitals) or _ELECTRONIC.fullmatch(word):
        return False
    return any(letter.isupper() and letter.lower() not in _ALIKE for letter in word[1:])


_INSIDE = re.compile(r"(?<=[a-zà-ü])[CÇOSUVWXZ]{1,2}(?=[a-zà-ü])")


def _small_inside(text: str, letters: Sequence[Letter]) -> str:
    """`ProfeSSor`: what looks the same small, between small letters."""

    def small(found: re.Match[str]) -> str:
        doubted = all(one.lower() in letters[found.start() + at].others for at, one in enumerate(found[0]))
        return found[0].lower() if doubted else found[0]

    return _INSIDE.sub(small, text)


def _digraph(text: str, letters: Sequence[Letter]) -> str:
    """`Ihe`: before an `h`, an `I` that may be an `l` is one."""
    return re.sub(r"I(?=h[a-zà-ü])", partial(if_doubted, letters, "l"), text)


_NASAL = re.compile(r"(?<=[çÇ])(?:[Aa](?=[oO]s?\b)|[Oo](?=[eE]s\b))", re.IGNORECASE)
_WITH_TILDE = str.maketrans("AaOo", "ÃãÕõ")


def _tilde(text: str, _: Sequence[Letter]) -> str:
    """`CONCEIÇAO`: at the end of a Portuguese word a cedilla is followed by nothing but `ão` and `ões`."""
    return _NASAL.sub(lambda found: found[0].translate(_WITH_TILDE), text)


_UMLAUT = re.compile(r"Ä(?=[EOMN])")


def _no_umlaut(text: str, letters: Sequence[Letter]) -> str:
    """`MAGALHÄES`, `GOIÄNIA`: a nasal has a tilde, and before another one a circumflex."""

    def nasal(found: re.Match[str]) -> str:
        return if_doubted(letters, "Ã" if text[found.end()] in "EO" else "Â", found)

    return _UMLAUT.sub(nasal, text)


_FINAL_J = re.compile(r"(?<=[A-Z])j\b")
_STATE = re.compile(r"(?<=[-–/] )(?:[EMR]s|[GRT]o|[AS]c)\b")


def _state(text: str, letters: Sequence[Letter]) -> str:
    """`Rj`, `- Go`: no word is written so."""
    text = _STATE.sub(lambda found: found[0].upper(), text)
    return _FINAL_J.sub(partial(if_doubted, letters, "J"), text)


_STRESSED_I = re.compile(
    r"(?<=[a-zà-ü])i(?="
    # início, família, acrílica, currículo, título, líquido, alíquota
    r"(?:[cdlmnpt]io|[cdln]ia|(?:st|[bdglmnprst])ic[oa]|[ct]ul[oa]|quid[oa]|quota)s?\b"
    r"|ve(?:l|is)\b)"  # possível
    r"|(?<=[ao])i(?=d[oa]s?\b)|(?<=[^qg]u)i(?=d[oa]s?\b)"  # moído, possuído
)
"""Who writes these endings without the accent writes a verb, or a rare word."""
_ACCENTS = frozenset("áâéêíóôú")
"""Of which a word has one at most."""
_PLAIN_I = re.compile(r"(?<=[b-df-hj-np-tv-z])í(?=[ao]s?\b)")


def _acute(text: str, letters: Sequence[Letter]) -> str:
    """`acrilica`, `mercadoría`: an accent is hardly more than the dot."""

    def stressed(found: re.Match[str]) -> str:
        before = re.search(r"[^\W\d_]*$", text[: found.start()])
        accented = before is not None and not _ACCENTS.isdisjoint(before[0].lower())
        return found[0] if accented else if_doubted(letters, "í", found)

    text = _PLAIN_I.sub(partial(if_doubted, letters, "i"), text)
    return _STRESSED_I.sub(stressed, text)


Mender: TypeAlias = Callable[[str, Sequence[Letter]], str]
_ANYWHERE: tuple[Mender, ...] = (_dash, _letter_o, _one_case, _small_inside, _digraph, _state)
_IN_PORTUGUESE: tuple[Mender, ...] = (_tilde, _no_umlaut, _acute)
