"""One incremental revision: objects added or replaced, written after the end of a file left as it is."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lacre.engines.pades.cos import (
    Dictionary,
    Name,
    Raw,
    Ref,
    Stream,
    Value,
    integer,
    number,
    numbers,
    string_bytes,
    written,
)
from lacre.engines.pades.source import Source

_CHUNK = 1 << 20
# wide enough for files of a terabyte
_RANGE_WIDTH = 64


@dataclass(frozen=True)
class Hole:
    """The hexadecimal digits left open for a signature: everything but `start:end` is signed."""

    start: int
    """Where the `<` stands."""
    end: int
    """Just after the `>`."""
    size: int
    """The whole file's length."""

    @property
    def room(self) -> int:
        """Bytes of DER that fit."""
        return (self.end - self.start - 2) // 2

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        return 0, self.start, self.end, self.size - self.end


@dataclass
class Revision:
    """Collects changes to `source`, then writes them in one piece."""

    source: Source
    next_number: int
    objects: dict[Ref, Value | Stream] = field(default_factory=dict)
    _hole: tuple[Ref, int] | None = None

    def allot(self) -> Ref:
        """A number for an object that will be set later."""
        ref = Ref(self.next_number, 0)
        self.next_number += 1
        return ref

    def add(self, value: Value | Stream) -> Ref:
        ref = self.allot()
        self.objects[ref] = value
        return ref

    def set(self, ref: Ref, value: Value | Stream) -> None:
        self.objects[ref] = value

    def add_signature(self, entries: Dictionary, room: int) -> Ref:
        """A signature dictionary with room for that many bytes of DER."""
        ref = self.add(entries)
        self._hole = ref, room
        return ref

    def append_to(self, file: BinaryIO) -> Hole | None:
        """Writes the revision at the end of the file; `source` is out of date afterwards."""
        end = file.seek(0, os.SEEK_END)
        lead = b"" if self.source.buffer[end - 1 : end] in (b"\n", b"\r") else b"\n"
        body, hole = self._body(end, lead)
        file.write(body)
        file.flush()
        return hole

    def _body(self, end: int, lead: bytes) -> tuple[bytearray, Hole | None]:
        body, offsets, gap = bytearray(lead), {}, None
        for ref, value in self.objects.items():
            offsets[ref] = end + len(body)
            if self._hole and ref == self._hole[0] and isinstance(value, dict):
                gap = _write_signature(body, ref, value, self._hole[1])
            else:
                _write_object(body, ref, value)
        self._write_section(body, offsets, end)
        hole = Hole(end + gap[0], end + gap[1], end + len(body)) if gap else None
        if hole and gap:
            _fill_range(body, gap[2], hole)
        return body, hole

    def _write_section(self, body: bytearray, offsets: dict[Ref, int], end: int) -> None:
        start = end + len(body)
        trailer = self._trailer(hashlib.sha256(body).digest()[:16])
        if self.source.newest.compressed:
            self._write_rows(body, trailer, offsets, start)
        else:
            _write_table(body, trailer, offsets)
        body += b"startxref\n%d\n%%%%EOF\n" % start

    def _trailer(self, unique: bytes) -> Dictionary:
        old = self.source.trailer
        kept: Dictionary = {key: old[key] for key in (b"Root", b"Info") if key in old}
        changed = Raw(b"<" + unique.hex().encode() + b">")
        first = self.source.array(old.get(b"ID"))[:1]
        kept[b"ID"] = [_as_string(first[0]) if first else changed, changed]
        kept[b"Size"] = number(self.next_number)
        kept[b"Prev"] = number(self.source.start)
        return kept

    def _write_rows(self, body: bytearray, trailer: Dictionary, offsets: dict[Ref, int], start: int) -> None:
        own = Ref(self.next_number, 0)
        offsets = {**offsets, own: start}
        runs = _runs(offsets)
        rows = b"".join(
            b"\x01" + offsets[ref].to_bytes(5, "big") + ref.generation.to_bytes(2, "big")
            for run in runs
            for ref in run
        )
        index: list[Value] = [number(edge) for run in runs for edge in (run[0].number, len(run))]
        entries: Dictionary = {
            b"Type": Name(b"XRef"),
            **trailer,
            b"Size": number(self.next_number + 1),
            b"W": numbers(1, 5, 2),
            b"Index": index,
        }
        _write_object(body, own, Stream(entries, rows))


def _write_object(body: bytearray, ref: Ref, value: Value | Stream) -> None:
    body += b"%d %d obj\n" % ref
    if isinstance(value, Stream):
        entries = {**value.entries, b"Length": number(len(value.data))}
        body += written(entries) + b"\nstream\n" + value.data + b"\nendstream"
    else:
        body += written(value)
    body += b"\nendobj\n"


def _write_signature(body: bytearray, ref: Ref, entries: Dictionary, room: int) -> tuple[int, int, int]:
    """Where the hole begins and ends and where the byte range stands, from the start of the body."""
    body += b"%d %d obj\n" % ref + written(entries)[:-2] + b" /ByteRange "
    range_at = len(body)
    body += b" " * _RANGE_WIDTH + b"/Contents "
    start = len(body)
    body += b"<" + b"0" * (2 * room) + b">"
    end = len(body)
    body += b">>\nendobj\n"
    return start, end, range_at


def _fill_range(body: bytearray, at: int, hole: Hole) -> None:
    body[at : at + _RANGE_WIDTH] = (b"[%d %d %d %d]" % hole.byte_range).ljust(_RANGE_WIDTH)


def _write_table(body: bytearray, trailer: Dictionary, offsets: dict[Ref, int]) -> None:
    body += b"xref\n"
    for run in _runs(offsets):
        body += b"%d %d\n" % (run[0].number, len(run))
        for ref in run:
            body += b"%010d %05d n\r\n" % (offsets[ref], ref.generation)
    body += b"trailer\n" + written(trailer) + b"\n"


def _runs(offsets: dict[Ref, int]) -> list[list[Ref]]:
    """The references in order, broken where a number is missing."""
    runs: list[list[Ref]] = []
    for ref in sorted(offsets):
        if runs and runs[-1][-1].number + 1 == ref.number:
            runs[-1].append(ref)
        else:
            runs.append([ref])
    return runs


def _as_string(value: Value) -> Value:
    return Raw(b"<" + string_bytes(value).hex().encode() + b">")


# ── hashing and filling ──────────────────────────────────────────────────────


@dataclass(frozen=True)
class Hashed:
    """A digest over all but the hole, and the state from which the whole file's digest is one step."""

    signed: bytes
    before_hole: hashlib._Hash

    def whole(self, file: BinaryIO, hole: Hole) -> str:
        """The digest of every byte; reads only what follows the hole's start."""
        state = self.before_hole.copy()
        file.seek(hole.start)
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            state.update(chunk)
        return state.hexdigest()


def hash_around(file: BinaryIO, hole: Hole) -> Hashed:
    """One pass over the file, in pieces: memory does not grow with it."""
    file.seek(0)
    state = hashlib.sha256()
    _update(state, file, hole.start)
    before = state.copy()
    file.seek(hole.end)
    _update(state, file, hole.size - hole.end)
    return Hashed(state.digest(), before)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _update(state: hashlib._Hash, file: BinaryIO, length: int) -> None:
    room = memoryview(bytearray(min(_CHUNK, max(length, 1))))
    while length > 0:
        read = file.readinto(room[: min(length, _CHUNK)])  # type: ignore[attr-defined]
        if not read:
            raise EOFError("the file is shorter than it was")
        state.update(room[:read])
        length -= read


def fill(file: BinaryIO, hole: Hole, der: bytes) -> None:
    """Puts the signature into its hole and reads it back."""
    if len(der) > hole.room:
        raise ValueError(f"a signature of {len(der)} bytes does not fit into {hole.room}")
    digits = der.hex().encode()
    file.seek(hole.start + 1)
    file.write(digits)
    file.flush()
    file.seek(hole.start + 1)
    if file.read(len(digits)) != digits:
        raise OSError("the disk did not keep what was written")


def size_entry(trailer: Dictionary) -> int:
    return integer(trailer.get(b"Size"))
