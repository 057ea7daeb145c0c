"""Pages of one PDF brought into another: as the appearance of a form field, or as pages of the record."""

from __future__ import annotations

from dataclasses import dataclass, field

from lacre.engines.pades.cos import Dictionary, Malformed, Name, Ref, Stream, Value, numbers
from lacre.engines.pades.geometry import Box, inherited, matrix, sheet_of, upright
from lacre.engines.pades.pages import PageTree
from lacre.engines.pades.revision import Revision
from lacre.engines.pades.source import Source, decoded

# they point back into a document structure that does not come along
_LEFT_BEHIND = (b"StructParent", b"StructParents", b"Parent", b"P")
_MOST_OBJECTS = 20_000


@dataclass
class Importer:
    """Copies from one foreign file; whatever its pages share (fonts, pictures) comes once."""

    revision: Revision
    foreign: Source
    _copies: dict[Ref, Ref] = field(default_factory=dict)
    _forms: dict[tuple[int, int, Box], Ref] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pages = PageTree(self.foreign)

    def form(self, page: int, rectangle: Box, rotation: int) -> Ref:
        """The page as a form XObject that fills the rectangle without being stretched."""
        entries = self.foreign.dictionary(self.pages.ref(page))
        shown = _letterboxed(sheet_of(self.foreign, entries).box, upright(rectangle, rotation))
        key = (page, rotation, shown)
        if key not in self._forms:
            self._forms[key] = self._new_form(entries, shown, rotation)
        return self._forms[key]

    def _new_form(self, page: Dictionary, shown: Box, rotation: int) -> Ref:
        entries: Dictionary = {
            b"Type": Name(b"XObject"),
            b"Subtype": Name(b"Form"),
            b"BBox": numbers(*shown),
            b"Matrix": matrix(rotation),
            b"Resources": self.copy(inherited(self.foreign, page, b"Resources") or {}),
        }
        if b"Group" in page:
            entries[b"Group"] = self.copy(page[b"Group"])
        content = self._content(page)
        return self.revision.add(Stream({**entries, **content.entries}, content.data))

    def page(self, number: int, parent: Ref) -> Ref:
        """The page as a page, with nothing left to be inherited from its new place."""
        page = self.foreign.dictionary(self.pages.ref(number))
        sheet = sheet_of(self.foreign, page)
        content = self._content(page)
        entries: Dictionary = {
            b"Type": Name(b"Page"),
            b"Parent": parent,
            b"MediaBox": numbers(*sheet.box),
            b"CropBox": numbers(*sheet.box),
            b"Rotate": numbers(sheet.rotation)[0],
            b"Resources": self.copy(inherited(self.foreign, page, b"Resources") or {}),
            b"Contents": self.revision.add(content),
        }
        return self.revision.add(entries)

    def copy(self, value: Value) -> Value:
        """The value with everything it refers to."""
        waiting: list[Ref] = []
        copied = self._translated(value, waiting)
        while waiting:
            ref = waiting.pop()
            found = self.foreign.object(ref)
            self.revision.set(self._copies[ref], self._copied(found, waiting))
            if len(self._copies) > _MOST_OBJECTS:
                raise Malformed("an appearance has too many objects")
        return copied

    def _copied(self, found: Value | Stream, waiting: list[Ref]) -> Value | Stream:
        if isinstance(found, Stream):
            return Stream(self._entries(found.entries, waiting), found.data)
        return self._translated(found, waiting)

    def _translated(self, value: Value, waiting: list[Ref]) -> Value:
        if isinstance(value, Ref):
            return self._copy_of(value, waiting)
        if isinstance(value, dict):
            return self._entries(value, waiting)
        if isinstance(value, list):
            return [self._translated(item, waiting) for item in value]
        return value

    def _entries(self, entries: Dictionary, waiting: list[Ref]) -> Dictionary:
        return {
            key: self._translated(value, waiting) for key, value in entries.items() if key not in _LEFT_BEHIND
        }

    def _copy_of(self, ref: Ref, waiting: list[Ref]) -> Ref:
        if ref not in self._copies:
            self._copies[ref] = self.revision.allot()
            waiting.append(ref)
        return self._copies[ref]

    def _content(self, page: Dictionary) -> Stream:
        """The page's content as one stream, still compressed when it is one already."""
        contents = page.get(b"Contents")
        listed = self.foreign.get(contents) if isinstance(contents, Ref) else contents
        refs = listed if isinstance(listed, list) else [contents] if isinstance(contents, Ref) else []
        streams = [self._stream(ref) for ref in refs]
        if len(streams) == 1:
            kept: Dictionary = {
                key: streams[0].entries[key]
                for key in (b"Filter", b"DecodeParms")
                if key in streams[0].entries
            }
            return Stream(kept, streams[0].data)
        return Stream({}, b"\n".join([decoded(stream) for stream in streams]))

    def _stream(self, ref: Value) -> Stream:
        found = self.foreign.object(ref) if isinstance(ref, Ref) else None
        if not isinstance(found, Stream):
            raise Malformed("a page's content is missing")
        return found


def _letterboxed(box: Box, wanted: tuple[float, float]) -> Box:
    """The box grown on two sides to the proportions wanted."""
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(wanted[0] / width, wanted[1] / height)
    if scale <= 0:
        return box
    across, up = (wanted[0] / scale - width) / 2, (wanted[1] / scale - height) / 2
    edges = (box[0] - across, box[1] - up, box[2] + across, box[3] + up)
    return (round(edges[0], 3), round(edges[1], 3), round(edges[2], 3), round(edges[3], 3))
