"""Where a rule finds its value: after or under the text that announces it, by a pattern, or in a bar code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from math import inf

from lacre.processing.document_type import DocumentType, Kind, Region, Rule, Where
from lacre.processing.layout import Row, Sheet, Stretch, around
from lacre.processing.normal import folded
from lacre.processing.page import Box
from lacre.processing.section import Sections

ALIKE = 0.84
"""How much of an announcing text must have been read right."""
_SHORT = 4
"""Names of fewer signs must be right to the letter."""
_LONGEST_NAME = 5
"""Words that a name may have before or after the part that was found."""
_TEXTS = frozenset({Kind.TEXT, Kind.NAME})
_AMOUNTS = frozenset({Kind.MONEY, Kind.DECIMAL})
_REACH = 4.2
"""Heights below an announcing text, within which its value begins."""
_ALIGNED, _LEADING, _ALIKE_HIGH = 0.7, 0.8, 0.7
"""Times its height, that the second line of a name begins beside and below the first, and is as high."""
_SLACK = 6.0
"""Points that a value under its label may stand out to the left of it."""


@dataclass(frozen=True)
class Candidate:
    """A text that may hold the value, and where it stands."""

    text: str
    page: int
    box: Box
    confidence: float
    stretch: Stretch | None = None
    start: int = 0
    """Of the text within its stretch."""

    def part(self, start: int, end: int) -> Candidate:
        if self.stretch is None:
            return replace(self, text=self.text[start:end])
        part = self.stretch.part(self.start + start, self.start + end)
        return Candidate(self.text[start:end], self.page, part.box, part.confidence) if part.words else self


@dataclass(frozen=True)
class Labels:
    """All the texts that announce something in documents of a type: none of them is a value."""

    texts: frozenset[str]
    sections: Sections

    def has(self, stretch: Stretch) -> bool:
        name, colon, _ = stretch.text.partition(":")
        text = folded(name if colon else stretch.text)
        known = text in self.texts or any(_alike(text, one) >= ALIKE for one in self.texts)
        return known or self._begins(stretch)

    def _begins(self, stretch: Stretch) -> bool:
        """With a name, whose own value follows on the line."""
        words = [folded(word.text) for word in stretch.words[:_LONGEST_NAME]]
        return any("".join(words[:end]) in self.texts for end in range(1, len(words)))


def labels_of(of: DocumentType, sheets: Sequence[Sheet]) -> Labels:
    anchors = [text for field in of.fields for rule in field.rules for text in rule.anchor]
    headers = [text for field in of.fields for column in field.columns for text in column.headers]
    titles = [text for field in of.fields for rule in field.rules for text in rule.section]
    texts = frozenset(folded(text) for text in [*anchors, *headers, *titles])
    return Labels(texts, Sections.on(sheets, frozenset(folded(text) for text in titles)))


def candidates(rule: Rule, kind: Kind, sheets: Sequence[Sheet], labels: Labels) -> Iterator[Candidate]:
    for sheet in sheets:
        if not _is_meant(rule, sheet, sheets):
            continue
        found = _in_codes(rule, sheet) if rule.code else _in_words(rule, kind, sheet, labels)
        for one in found:
            if rule.region is None or _inside(one.box, rule.region, sheet):
                yield from _by_pattern(rule, one)


def _is_meant(rule: Rule, sheet: Sheet, sheets: Sequence[Sheet]) -> bool:
    last = sheets[-1].page.number
    return rule.page == 0 or sheet.page.number == (last if rule.page == -1 else rule.page)


def _in_codes(rule: Rule, sheet: Sheet) -> Iterator[Candidate]:
    for code in sheet.page.codes:
        if code.kind in rule.code:
            yield Candidate(code.text, sheet.page.number, code.box, 1.0)


def _in_words(rule: Rule, kind: Kind, sheet: Sheet, labels: Labels) -> Iterator[Candidate]:
    here = labels.sections.of(rule.section, sheet)
    if not rule.anchor:
        yield from (_whole(row.whole) for row in sheet.rows if here(row.box))
        return
    for anchor in _anchors(rule.anchor, sheet, labels):
        if not here(anchor.stretch.box):
            continue
        for found in _around(rule.where, kind, sheet, anchor, labels):
            if not labels.has(found):
                yield _whole(found)


def _around(where: Where, kind: Kind, sheet: Sheet, anchor: Anchor, labels: Labels) -> Iterator[Stretch]:
    """What follows it at once comes first. Of the others a number says itself whether it is meant; a text
    does not, and forms have theirs under its name."""
    rest = [one for one in anchor.rest if not labels.has(one)]
    if where is not Where.BELOW:
        yield from rest
    inline = bool(rest) and anchor.colon
    below = _underneath(sheet, anchor, kind) if where is not Where.RIGHT and not inline else iter(())
    right = _following(anchor) if where is not Where.BELOW and not rest else iter(())
    yield from (*below, *right) if kind in _TEXTS and not anchor.colon else (*right, *below)


def _by_pattern(rule: Rule, one: Candidate) -> Iterator[Candidate]:
    if not rule.pattern:
        yield one
        return
    for found in re.finditer(rule.pattern, one.text, re.IGNORECASE):
        named = found.re.groupindex.get("value")
        group = named if named is not None else min(1, found.re.groups)
        if found[group]:
            yield one.part(*found.span(group))


# ── announcing texts ─────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Anchor:
    """An announcing text where it stands: which words of which stretch, and how much of it was read right."""

    row: Row
    stretch: Stretch
    start: int
    end: int
    alike: float

    @property
    def rest(self) -> Iterator[Stretch]:
        """What follows it in its stretch."""
        words = self.stretch.words[self.end :]
        if any(folded(word.text) for word in words):
            yield Stretch(self.stretch.page, words)

    @property
    def colon(self) -> bool:
        return self.stretch.words[self.end - 1].text.endswith(":")

    @property
    def whole(self) -> bool:
        """Rather than the beginning of a longer name, or of a sentence."""
        return self.colon or (self.start == 0 and not [*self.rest])


def _anchors(texts: Sequence[str], sheet: Sheet, labels: Labels) -> list[Anchor]:
    """Each place of each text: those that were read right first, and whole names before beginnings."""
    others = labels.texts - {folded(text) for text in texts}
    found = [
        (rank, anchor)
        for rank, text in enumerate(texts)
        for row, stretch, second in _names(sheet)
        if (anchor := _place(folded(text), row, stretch, others)) is not None
        and (not second or anchor.start < second < anchor.end)
    ]
    best = sorted(found, key=lambda one: (one[1].alike < 1, not one[1].whole, -one[1].alike, one[0]))
    return [anchor for _, anchor in best]


def _names(sheet: Sheet) -> Iterator[tuple[Row, Stretch, int]]:
    """What may announce something: each stretch; and two of them where one is the next line of the other,
    with the word that the second begins at. In a narrow cell a long name has two lines."""
    for upper, row in pairwise((Row(()), *sheet.rows)):
        yield from ((row, one, 0) for one in row.stretches)
        for above in upper.stretches:
            below = next((one for one in row.stretches if _goes_on(above.box, one.box)), None)
            if below is not None:
                yield row, Stretch(above.page, above.words + below.words), len(above.words)


def _goes_on(above: Box, below: Box) -> bool:
    """As the next line of the same paragraph: begins where it begins, hardly any further down."""
    height = max(above.height, below.height)
    aligned = abs(above.left - below.left) < height * _ALIGNED
    alike = min(above.height, below.height) > height * _ALIKE_HIGH
    return aligned and alike and below.top - above.bottom < height * _LEADING


def _place(wanted: str, row: Row, stretch: Stretch, others: frozenset[str]) -> Anchor | None:
    """Words may have been joined or parted by their reader. `others`: names that are not meant, nor parts
    of theirs: `Nome` is none in `Nome da mãe`."""
    words = [folded(word.text) for word in stretch.words]
    best: Anchor | None = None
    for start, end in _windows(words, len(wanted)):
        alike = _alike("".join(words[start:end]), wanted)
        better = alike >= ALIKE and (best is None or alike > best.alike)
        if better and not _is_part(words, start, end, others):
            best = Anchor(row, stretch, start, _with_colon(stretch, end), alike)
    return best


def _windows(words: Sequence[str], length: int) -> Iterator[tuple[int, int]]:
    """Runs of words, from one with letters on, that are together about so many signs long."""
    for start in (place for place, word in enumerate(words) if word):
        signs = 0
        for end, word in enumerate(words[start:], start + 1):
            signs += len(word)
            if signs * ALIKE > length:
                break
            if signs >= length * ALIKE:
                yield start, end


def _with_colon(stretch: Stretch, end: int) -> int:
    """One that stands by itself belongs to the name before it."""
    return end + 1 if [one.text for one in stretch.words[end : end + 1]] == [":"] else end


def _is_part(words: Sequence[str], start: int, end: int, names: frozenset[str]) -> bool:
    return any(
        "".join(words[first:last]) in names
        for first in range(max(0, start - _LONGEST_NAME), start + 1)
        for last in range(end, min(len(words), end + _LONGEST_NAME) + 1)
    )


def _alike(text: str, wanted: str) -> float:
    if text == wanted:
        return 1.0
    longest = max(len(text), len(wanted))
    if min(len(text), len(wanted)) < longest * ALIKE or longest < _SHORT:
        return 0.0
    return SequenceMatcher(None, text, wanted, autojunk=False).ratio()


def _following(anchor: Anchor) -> Iterator[Stretch]:
    right = anchor.stretch.box.right
    return (one for one in anchor.row.stretches if one.box.left >= right and _is_next(one, anchor))


def _is_next(one: Stretch, anchor: Anchor) -> bool:
    between = [
        each for each in anchor.row.stretches if anchor.stretch.box.right <= each.box.left < one.box.left
    ]
    return not between


def _underneath(sheet: Sheet, anchor: Anchor, kind: Kind) -> Iterator[Stretch]:
    """In the first row that has anything there, what stands in the column of the announcing text."""
    words = anchor.stretch.words[anchor.start : anchor.end]
    label = around(words)
    limit = label.bottom + _REACH * max(word.box.height for word in words)
    end = _cell_end(anchor) if kind in _AMOUNTS else label.right
    for row in sheet.below(label):
        if row.box.top > limit:
            return
        column = [one for one in row.stretches if _under(one.box, label)]
        column = column or [
            one for one in row.stretches if label.left <= one.box.left and one.box.right <= end
        ]
        if column:
            yield from column
            return


def _cell_end(anchor: Anchor) -> float:
    """Amounts stand at the right of their cells, which their names begin: one ends where the next begins."""
    right = anchor.stretch.box.right
    return min((one.box.left for one in anchor.row.stretches if one.box.left >= right), default=inf)


def _under(box: Box, label: Box) -> bool:
    """Its beginning under the label, or the label over some of it."""
    begins = label.left - _SLACK <= box.left <= label.right
    covers = box.left < label.right and box.right > label.left
    return begins or covers


def _whole(stretch: Stretch) -> Candidate:
    return Candidate(stretch.text, stretch.page, stretch.box, stretch.confidence, stretch)


def _inside(box: Box, region: Region, sheet: Sheet) -> bool:
    across = (box.left + box.width / 2) / sheet.page.width * 100
    down = (box.top + box.height / 2) / sheet.page.height * 100
    return region.left <= across <= region.right and region.top <= down <= region.bottom
