"""`Typesetter` by typst: data goes in as JSON and is never part of the markup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import typst

from lacre.engines.typeset.facts import (
    FRAME_HEIGHT,
    Album,
    Facts,
    history_facts,
    ink_facts,
    record_facts,
    sheet_facts,
    signed_as,
    signer_facts,
)
from lacre.engines.typeset.fonts import FOLDER, installed_fonts
from lacre.engines.typeset.instants import in_brasilia, in_brasilia_bare
from lacre.engines.typeset.markdown import blocks_of
from lacre.engines.typeset.shown import on_one_line, shown
from lacre.engines.typeset.wording import words_in
from lacre.signing.appearance import Block, Fill, Initials, Margin, Stamp, Tick, Words
from lacre.signing.layout import FieldKind, FormField, PageSize, Place
from lacre.signing.margins import Edge
from lacre.signing.ports import Appearances, RecordPages
from lacre.signing.record import HistoryContents, RecordContents

_TEMPLATES = Path(__file__).parent / "templates"
_SHEET = PageSize(595.28, 841.89)
_SHEETS_KEPT = 10
_NOTHING = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False))


class TypstTypesetter:
    """Keeps one compiler per template, since fonts and parsed templates cost most of a first page."""

    def __init__(self, fonts: Path = FOLDER) -> None:
        families = installed_fonts(fonts)
        self._act = _Template("act", families)
        self._record_pages = _Template("record_pages", families)
        self._record = _Template("record", families)
        self._text = _Template("text", families)
        self._history = _Template("history", families)
        self._void = _Template("void", families)

    def act(self, fills: Sequence[Fill], *, language: str) -> Appearances:
        words, album = words_in(language), Album()
        facts = {
            "title": words["record"],
            "lang": words["lang"],
            "region": words["region"],
            "fills": [_fill_facts(fill, words, album) for fill in fills],
            "album": album.facts(),
        }
        # tags would dangle once the pages are form XObjects
        pdf = self._act.set(facts, _Output(tagged=False))
        return Appearances(pdf=pdf, pages={fill.box.field: page for page, fill in enumerate(fills)})

    def record_pages(self, contents: RecordContents) -> RecordPages:
        names = [signer.seal_name for signer in contents.signers]
        facts = sheet_facts(contents, words_in(contents.language)) | {"frames": names}
        pdf, frames = self._record_pages.set_and_find(facts, "<frame>")
        return RecordPages(
            pdf=pdf,
            size=_SHEET,
            fields=tuple(_frame_field(frame) for frame in frames),
            seal_places={frame["name"]: _seal_place(frame) for frame in frames},
        )

    def record(self, contents: RecordContents) -> bytes:
        facts = record_facts(contents, words_in(contents.language))
        moment = contents.finished_at or contents.created_at
        made_at = int(moment.timestamp())
        try:
            return self._record.set(facts, _Output(standards=("a-2a", "ua-1"), made_at=made_at))
        except typst.TypstError:
            # PDF/A forbids a sign that no font has; a name nobody can set must not cost the record
            return self._record.set(facts, _Output(made_at=made_at))
        finally:
            _forget()

    def text(self, markdown: str, *, title: str, language: str) -> bytes:
        facts = {"title": shown(title), "words": words_in(language), "blocks": blocks_of(markdown)}
        return self._text.set(facts, _Output())

    def history(self, contents: HistoryContents) -> bytes:
        return self._history.set(history_facts(contents, words_in(contents.language)), _Output())

    def void_mark(self, language: str) -> bytes:
        words = words_in(language)
        return self._void.set({"lang": words["lang"], "text": words["void"]}, _Output(tagged=False))


@dataclass(frozen=True, kw_only=True)
class _Output:
    tagged: bool = True
    standards: tuple[typst.PDFStandard, ...] = ()
    made_at: int = 0
    """Seconds since 1970; a clock's time would make two sheets of the same facts differ."""


class _Template:
    def __init__(self, name: str, fonts: typst.Fonts) -> None:
        self._compiler = typst.Compiler(
            str(_TEMPLATES / f"{name}.typ"), root=str(_TEMPLATES), font_paths=fonts
        )
        # a compiler keeps the inputs of its last call
        self._lock = Lock()

    def set(self, facts: Facts, output: _Output) -> bytes:
        with self._lock:
            return self._compiled(facts, output)

    def set_and_find(self, facts: Facts, label: str) -> tuple[bytes, list[Facts]]:
        """The PDF, and the values that its template left at a label."""
        with self._lock:
            pdf = self._compiled(facts, _Output(tagged=False))
            return pdf, json.loads(self._compiler.query(label, field="value"))

    def _compiled(self, facts: Facts, output: _Output) -> bytes:
        pdf = self._compiler.compile(
            format="pdf",
            sys_inputs={"data": json.dumps(facts)},
            pdf_tags=output.tagged,
            pdf_standards=[*output.standards],
            timestamp=output.made_at,
        )
        if not isinstance(pdf, bytes):
            raise TypeError("typst gave no PDF")
        return pdf


def _forget() -> None:
    """typst keeps the layout of its last ten sheets: 20 MB each for a long record, seldom set twice."""
    for _ in range(_SHEETS_KEPT + 1):
        _NOTHING.compile(input=b"", format="svg")


def _fill_facts(fill: Fill, words: Facts, album: Album) -> Facts:
    facts: Facts = {"width": fill.box.width, "height": fill.box.height}
    match fill:
        case Stamp():
            return facts | {"kind": "stamp"} | _stamp_facts(fill, words, album)
        case Initials():
            return facts | {"kind": "initials", "ink": ink_facts(fill.ink, words["seen_as"], album)}
        case Words():
            return facts | {"kind": "words", "text": shown(fill.text)}
        case Tick():
            return facts | {"kind": "tick", "ticked": fill.ticked}
        case Margin():
            return facts | {"kind": "margin"} | _margin_facts(fill, words)
        case Block():
            return facts | {
                "kind": "block",
                "inked": fill.inked,
                "signer": signer_facts(fill.signer, words, album),
            }


def _stamp_facts(stamp: Stamp, words: Facts, album: Album) -> Facts:
    return {
        "ink": ink_facts(stamp.ink, stamp.signer, album),
        "signed_by": words["signed_by"],
        "signer": on_one_line(stamp.signer),
        "role": signed_as(stamp.qualification, words),
        "when": in_brasilia(stamp.signed_at, words["code"]),
        "short": in_brasilia_bare(stamp.signed_at, words["code"]),
        "id": f"{words['id']} {on_one_line(stamp.short_id)}" if stamp.short_id else "",
    }


def _margin_facts(margin: Margin, words: Facts) -> Facts:
    who = f"{words['signed_by']} {on_one_line(margin.signer)}"
    when = in_brasilia(margin.signed_at, words["code"])
    more = (margin.tax_id, when, f"{words['id']} {margin.short_id}")
    return {
        "turn": _TURNS[margin.edge],
        "who": who,
        "more": " · ".join(on_one_line(one) for one in more if one),
    }


_TURNS = {Edge.LEFT: -90, Edge.BOTTOM: 0, Edge.RIGHT: 90}
"""Degrees, clockwise."""


def _frame_field(frame: Facts) -> FormField:
    left, top, page = _corner(frame)
    place = _place(page, left, top, frame["width"], FRAME_HEIGHT)
    return FormField(name=f"record.{frame['name']}", kind=FieldKind.TEXT, place=place)


def _seal_place(frame: Facts) -> Place:
    left, top, page = _corner(frame)
    ink = frame["ink"]
    return _place(
        page,
        left + frame["width"] - ink["pad"] - ink["width"],
        top + ink["pad"],
        ink["width"],
        ink["height"],
    )


def _corner(frame: Facts) -> tuple[float, float, int]:
    """Points from the left and the top, and the page from 0."""
    at = frame["at"]
    return float(at["x"].removesuffix("pt")), float(at["y"].removesuffix("pt")), at["page"] - 1


def _place(page: int, left: float, top: float, width: float, height: float) -> Place:
    return Place(
        page=page,
        left=100 * left / _SHEET.width,
        bottom=100 * (_SHEET.height - top - height) / _SHEET.height,
        width=100 * width / _SHEET.width,
        height=100 * height / _SHEET.height,
    )
