"""A PDF opened for appending: only the objects that are asked for are ever read.

Sections of the cross-reference are followed lazily from the newest one back. A sealed file's newest sections
are our own and hold all that the next seal needs, so its cost does not depend on how many
objects the file has.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pikepdf

from lacre.engines.pades.cos import (
    NULL,
    SKIP,
    Buffer,
    Dictionary,
    Malformed,
    Name,
    Raw,
    Ref,
    Stream,
    Value,
    integer,
    parse,
    written,
)

_START = re.compile(rb"startxref\s+(\d+)\s*")
_HEADER = re.compile(rb"%PDF-(\d\.\d)")
_TABLE = re.compile(SKIP + rb"xref\s*")
_SUBSECTION = re.compile(rb"\s*(\d+)[ ]+(\d+)[ ]*\r?\n?")
_TRAILER = re.compile(SKIP + rb"trailer")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])")
_OBJECT = re.compile(SKIP + rb"(\d+)\s+(\d+)\s+obj")
_STREAM = re.compile(SKIP + rb"stream(\r\n|\n)")
_END_OF_STREAM = re.compile(rb"\s*endstream")
_MOST_SECTIONS = 2_000
_MOST_DECODED = 256 << 20
_ENTRY_SIZE = 20


@dataclass(frozen=True)
class At:
    """Where an object lies: at a byte of the file, or as the nth object of an object stream."""

    offset: int
    generation: int = 0
    container: int = 0


@dataclass(frozen=True)
class Freed:
    """The cross-reference says that the object is gone."""


class Table:
    """A classic cross-reference table; its entries stay in the file."""

    compressed = False

    def __init__(self, buffer: Buffer, at: int) -> None:
        self._buffer = buffer
        self._ranges: list[tuple[int, int, int]] = []
        at = self._read_ranges(at)
        trailer = _TRAILER.match(buffer, at)
        value = parse(buffer, trailer.end())[0] if trailer else None
        if not isinstance(value, dict):
            raise Malformed("a cross-reference table has no trailer")
        self.trailer = value

    def _read_ranges(self, at: int) -> int:
        start = _TABLE.match(self._buffer, at)
        if start is None:
            raise Malformed("there is no cross-reference table where the file says")
        at = start.end()
        while head := _SUBSECTION.match(self._buffer, at):
            first, count = int(head[1]), int(head[2])
            self._ranges.append((first, count, head.end()))
            at = head.end() + count * _ENTRY_SIZE
        return at

    def find(self, wanted: int) -> At | Freed | None:
        for first, count, at in self._ranges:
            if first <= wanted < first + count:
                return self._entry(at + (wanted - first) * _ENTRY_SIZE)
        return None

    def _entry(self, at: int) -> At | Freed:
        entry = _ENTRY.match(self._buffer, at)
        if entry is None:
            raise Malformed("a cross-reference entry is not twenty bytes long")
        return At(int(entry[1]), int(entry[2])) if entry[3] == b"n" else Freed()

    @property
    def end(self) -> int:
        return max((first + count for first, count, _ in self._ranges), default=0)


class Rows:
    """A cross-reference stream, decoded."""

    compressed = True

    def __init__(self, stream: Stream) -> None:
        self.trailer = stream.entries
        widths = self.trailer.get(b"W")
        if not isinstance(widths, list) or len(widths) != 3:
            raise Malformed("a cross-reference stream has no widths")
        self._widths = tuple(integer(width) for width in widths)
        self._rows = decoded(stream)
        self._ranges = self._read_ranges()

    def _read_ranges(self) -> list[tuple[int, int, int]]:
        index = self.trailer.get(b"Index", [Raw(b"0"), self.trailer.get(b"Size", NULL)])
        if not isinstance(index, list):
            raise Malformed("a cross-reference stream has a strange index")
        ranges, row = [], 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            ranges.append((integer(first), integer(count), row))
            row += integer(count)
        return ranges

    def find(self, wanted: int) -> At | Freed | None:
        for first, count, row in self._ranges:
            if first <= wanted < first + count:
                return self._entry((row + wanted - first) * sum(self._widths))
        return None

    def _entry(self, at: int) -> At | Freed | None:
        columns = []
        for width in self._widths:
            columns.append(int.from_bytes(self._rows[at : at + width], "big") if width else None)
            at += width
        kind, second, third = columns
        if kind == 0:
            return Freed()
        if kind in (None, 1):
            return At(second or 0, third or 0)
        return At(third or 0, container=second or 0) if kind == 2 else None

    @property
    def end(self) -> int:
        return max((first + count for first, count, _ in self._ranges), default=0)


@dataclass
class Source:
    """The file's objects, newest revision first."""

    buffer: Buffer
    start: int = 0
    """Where the newest cross-reference section begins."""
    _sections: list[Table | Rows] = field(default_factory=list)
    _ahead: list[int] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    _known: dict[Ref, Value] = field(default_factory=dict)
    _containers: dict[int, tuple[bytes, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tail = self.buffer[max(0, len(self.buffer) - 2_048) :]
        starts = list(_START.finditer(tail))
        if not starts:
            raise Malformed("the file does not say where its cross-reference is")
        self.start = int(starts[-1][1])
        self._ahead = [self.start]

    @property
    def newest(self) -> Table | Rows:
        return next(self._all_sections())

    @property
    def trailer(self) -> Dictionary:
        return self.newest.trailer

    @property
    def version(self) -> str:
        header = _HEADER.search(self.buffer[:1_024])
        return header[1].decode() if header else ""

    @property
    def root(self) -> Ref:
        root = self.trailer.get(b"Root")
        if not isinstance(root, Ref):
            raise Malformed("the file has no catalog")
        return root

    @property
    def first_free(self) -> int:
        """A number above all in use, whatever `/Size` pretends."""
        return max(integer(self.trailer.get(b"Size")), *(section.end for section in self._all_sections()))

    def get(self, value: Value | None) -> Value:
        """The value itself, or what it refers to; a stream gives its dictionary."""
        for _ in range(10):
            if not isinstance(value, Ref):
                return NULL if value is None else value
            found = self.object(value)
            value = found.entries if isinstance(found, Stream) else found
        raise Malformed("references go in a circle")

    def dictionary(self, value: Value | None) -> Dictionary:
        found = self.get(value)
        if not isinstance(found, dict):
            raise Malformed("a dictionary is missing")
        return found

    def array(self, value: Value | None) -> list[Value]:
        """An array; nothing at all counts as an empty one."""
        found = self.get(value)
        if found == NULL:
            return []
        if not isinstance(found, list):
            raise Malformed("an array is missing")
        return found

    def object(self, ref: Ref) -> Value | Stream:
        """The object itself; never to be changed, since whoever asks again gets the same one."""
        known = self._known.get(ref)
        if known is not None:
            return known
        found = self._object(ref)
        if not isinstance(found, Stream):
            self._known[ref] = found
        return found

    def _object(self, ref: Ref) -> Value | Stream:
        place = self._find(ref.number)
        if not isinstance(place, At):
            return NULL
        if place.container:
            return self._inside(place) if ref.generation == 0 else NULL
        if place.generation != ref.generation:
            return NULL
        return self._read(place.offset, ref.number)

    def _find(self, wanted: int) -> At | Freed | None:
        freed = False
        for section in self._all_sections():
            place = section.find(wanted)
            if isinstance(place, At) or freed:
                return place
            # a hybrid file calls free what only its stream, the next section, knows
            freed = isinstance(place, Freed)
            if freed and b"XRefStm" not in section.trailer:
                return place
        return None

    def _all_sections(self) -> Iterator[Table | Rows]:
        done = 0
        while done < len(self._sections) or self._ahead:
            if done == len(self._sections):
                self._load(self._ahead.pop(0))
            yield self._sections[done]
            done += 1

    def _load(self, at: int) -> None:
        if at in self._seen or len(self._seen) >= _MOST_SECTIONS or not 0 <= at < len(self.buffer):
            raise Malformed("the chain of cross-reference sections is broken")
        self._seen.add(at)
        section = self._section(at)
        self._sections.append(section)
        older = section.trailer
        # a hybrid file's stream comes after its own table and before the older sections
        self._ahead = [
            *([integer(older[b"XRefStm"])] if b"XRefStm" in older and not section.compressed else []),
            *([integer(older[b"Prev"])] if b"Prev" in older else []),
            *self._ahead,
        ]

    def _section(self, at: int) -> Table | Rows:
        if _TABLE.match(self.buffer, at):
            return Table(self.buffer, at)
        found = self._read(at, None)
        if not isinstance(found, Stream) or found.entries.get(b"Type") != Name(b"XRef"):
            raise Malformed("there is no cross-reference where the file says")
        return Rows(found)

    def _read(self, at: int, wanted: int | None) -> Value | Stream:
        head = _OBJECT.match(self.buffer, at)
        if head is None or wanted not in (None, int(head[1])):
            raise Malformed(f"object {wanted} is not where the cross-reference says")
        value, end = parse(self.buffer, head.end())
        start = _STREAM.match(self.buffer, end) if isinstance(value, dict) else None
        if start is None or not isinstance(value, dict):
            return value
        length = integer(self.get(value.get(b"Length")))
        data = self.buffer[start.end() : start.end() + length]
        if length < 0 or not _END_OF_STREAM.match(self.buffer, start.end() + length):
            raise Malformed(f"object {wanted} is a stream of another length than it says")
        return Stream(value, data)

    def _inside(self, place: At) -> Value:
        content, offsets = self._container(place.container)
        if place.offset >= len(offsets):
            raise Malformed("an object stream is shorter than the cross-reference says")
        return parse(content, offsets[place.offset])[0]

    def _container(self, number: int) -> tuple[bytes, list[int]]:
        if number not in self._containers:
            place = self._find(number)
            if not isinstance(place, At) or place.container:
                raise Malformed("an object stream is missing")
            found = self._read(place.offset, number)
            if not isinstance(found, Stream):
                raise Malformed("an object stream is no stream")
            self._containers[number] = self._unpacked(found)
        return self._containers[number]

    def _unpacked(self, stream: Stream) -> tuple[bytes, list[int]]:
        content, first = decoded(stream), integer(self.get(stream.entries.get(b"First")))
        head = content[:first].split()
        return content, [first + int(offset) for offset in head[1::2]]


class OpenSource(Source):
    """A source over a file on disk; mapped, so that nothing is read before it is needed."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(self._map)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._map.close()


def decoded(stream: Stream) -> bytes:
    """The data of a stream that holds structure: plain or deflated, with or without a predictor."""
    filters, parameters = stream.entries.get(b"Filter"), stream.entries.get(b"DecodeParms")
    if isinstance(filters, list) and len(filters) == 1:
        filters = filters[0]
    if filters in (None, NULL, []):
        return stream.data
    if filters != Name(b"FlateDecode"):
        raise Malformed("structure is compressed in a way that structure may not be")
    if parameters in (None, NULL, []):
        return _inflated(stream.data)
    return _unpredicted(stream)


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(data, _MOST_DECODED)
    except zlib.error as damage:
        raise Malformed("a compressed stream is damaged") from damage
    if inflater.unconsumed_tail:
        raise Malformed("a compressed stream is a bomb")
    return content


def _unpredicted(stream: Stream) -> bytes:
    """qpdf undoes the predictor forty times faster than Python can."""
    _inflated(stream.data)
    with pikepdf.new() as scratch:
        copy = pikepdf.Stream(scratch, stream.data)
        copy["/Filter"] = pikepdf.Name.FlateDecode
        parameters = stream.entries[b"DecodeParms"]
        wanted = parameters[0] if isinstance(parameters, list) else parameters
        copy["/DecodeParms"] = pikepdf.Object.parse(written(wanted))
        try:
            return bytes(copy.read_bytes())
        except pikepdf.PdfError as damage:
            raise Malformed("a compressed stream is damaged") from damage
