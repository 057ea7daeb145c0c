"""From a picture of a page, whichever way up, to its words. Only for child processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lacre.engines.reading.codes import codes_on
from lacre.engines.reading.eyes import Eyes, Seen
from lacre.engines.reading.upright import Gray, cleaned, is_blank, quarter_turned, skew, straightened
from lacre.processing.ordering import in_lines
from lacre.processing.page import Box, Page, Source, Word

_SURE = 0.8
_MANY = 100
"""Signs: fewer may be what is still legible of a page that lies on its side."""


@dataclass(frozen=True)
class _Look:
    """What was seen with the picture turned by so much."""

    turned: int
    skew: float
    seen: Sequence[Seen]
    picture: Gray

    @property
    def signs(self) -> int:
        return sum(len(word.text) for word in self.seen)

    @property
    def sureness(self) -> float:
        return sum(word.confidence * len(word.text) for word in self.seen)

    @property
    def clear(self) -> bool:
        return self.signs >= _MANY and self.sureness >= _SURE * self.signs


def look(picture: Gray, number: int, *, scale: float, eyes: Eyes, languages: Sequence[str]) -> Page:
    """`scale`: points per pixel."""
    best = _upright_look(cleaned(picture), eyes, languages)
    height, width = best.picture.shape
    # as it came: a code needs no cleaning, and is whole only once
    codes = codes_on(straightened(quarter_turned(picture, best.turned), best.skew), scale)
    return Page(
        number=number,
        width=width * scale,
        height=height * scale,
        words=in_lines(_words(best.seen, scale)),
        codes=codes,
        source=Source.READ,
        turned=best.turned,
        skew=best.skew,
    )


def _upright_look(picture: Gray, eyes: Eyes, languages: Sequence[str]) -> _Look:
    """Most pages stand upright: the other ways are only tried when that makes no sense."""
    if is_blank(picture):
        return _Look(0, 0.0, (), picture)
    looks = [_looked(picture, 0, eyes, languages)]
    # upside down, lines are still lines; on its side, a page has none
    ways = (180, 90, 270) if looks[0].signs >= _MANY else (90, 270, 180)
    for turned in ways:
        if looks[-1].clear:
            break
        looks.append(_looked(picture, turned, eyes, languages))
    return max(looks, key=lambda one: one.sureness)


def _looked(picture: Gray, turned: int, eyes: Eyes, languages: Sequence[str]) -> _Look:
    way = quarter_turned(picture, turned)
    askew = skew(way)
    way = straightened(way, askew)
    return _Look(turned, askew, eyes.see(way, languages), way)


def _words(seen: Iterable[Seen], scale: float) -> list[Word]:
    return [
        Word(
            text=one.text,
            box=Box(
                one.left * scale,
                one.top * scale,
                (one.right - one.left) * scale,
                (one.bottom - one.top) * scale,
            ),
            confidence=one.confidence,
            line=0,
        )
        for one in seen
    ]
