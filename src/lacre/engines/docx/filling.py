"""Finds the variables of a document and puts text in their place, however the word processor cut them up.

A word processor splits what is typed into runs as it likes, so a variable is looked for in a paragraph's
whole text and written into the run in which it begins, which keeps its looks. What is put in is text and
nothing else: it is never read again, so braces in an answer stay braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from lacre.engines.docx import words
from lacre.engines.docx.package import Package, Refused, open_package
from lacre.signing.ports import Unusable
from lacre.signing.variables import NAMED, answer_to, variable_name

MOST_VARIABLES = 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PARAGRAPHS = (f"{_W}p", f"{_A}p")
_TEXTS = (f"{_W}t", f"{_A}t")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# what XML cannot hold
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def survey(file: Path) -> tuple[str, ...] | Unusable:
    """The names of its variables in the order of reading, each once."""
    try:
        names = dict.fromkeys(_names(open_package(file)))
    except Refused as refused:
        return Unusable(code=refused.code, reason=refused.reason)
    if len(names) > MOST_VARIABLES:
        return Unusable(code="too_large", reason=words.BOMB)
    return tuple(names)


def fill(file: Path, answers: Mapping[str, str] | None, out: Path) -> Unusable | None:
    """Writes a copy that is safe to open, filled; without answers its braces stay as they are."""
    try:
        package = open_package(file)
        if answers is not None:
            for tree in package.texts():
                _fill_part(tree, answers)
        package.write(out)
    except Refused as refused:
        return Unusable(code=refused.code, reason=refused.reason)
    return None


def _names(package: Package) -> Iterator[str]:
    for tree in package.texts():
        for paragraph in tree.iter(*_PARAGRAPHS):
            written = "".join(one.text or "" for one in _texts_of(paragraph))
            for found in NAMED.finditer(written):
                if name := variable_name(found.group()):
                    yield name


def _fill_part(tree: etree._Element, answers: Mapping[str, str]) -> None:
    # listed first: line breaks in answers split elements
    for paragraph in list(tree.iter(*_PARAGRAPHS)):
        texts = _texts_of(paragraph)
        whole = "".join(one.text or "" for one in texts)
        # from the last, so that places found before stay true
        for found in reversed(list(NAMED.finditer(whole))):
            if name := variable_name(found.group()):
                _replace(texts, found.start(), found.end(), answer_to(name, answers) or "")
        for one in texts:
            _break_lines(one)


def _texts_of(paragraph: etree._Element) -> list[etree._Element]:
    """Its own, not those of text boxes that hang in it: these are paragraphs of their own."""
    return [one for one in paragraph.iter(*_TEXTS) if next(one.iterancestors(*_PARAGRAPHS)) is paragraph]


def _replace(texts: list[etree._Element], start: int, end: int, answer: str) -> None:
    """Puts the answer where the place begins, and takes the rest of the place out of the runs after it."""
    at, written = 0, False
    for one in texts:
        text = one.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if first >= last:
            continue
        one.text = text[:first] + ("" if written else _UNWRITABLE.sub("", answer)) + text[last:]
        one.set(_SPACE, "preserve")
        written = True


def _break_lines(one: etree._Element) -> None:
    """Lines of an answer become lines of the document."""
    if one.tag == f"{_A}t" or "\n" not in (one.text or ""):
        one.text = (one.text or "").replace("\n", " ")
        return
    first, *others = (one.text or "").split("\n")
    one.text = first
    above = one
    for line in others:
        breaking, text = etree.Element(f"{_W}br"), etree.Element(f"{_W}t", {_SPACE: "preserve"})
        text.text = line
        above.addnext(breaking)
        breaking.addnext(text)
        above = text
