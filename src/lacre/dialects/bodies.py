"""JSON bodies whose long texts go to disk while they arrive, so that no file is in memory whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from starlette.exceptions import HTTPException

LONG = 64 * 1024
"""Shorter texts stay in the JSON."""
LARGEST = 8 * 1024 * 1024
"""Of the JSON without its long texts: it is in memory whole, and many times that once it is read."""
TOO_LARGE = "The JSON is larger than this server takes, even without its files."
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_WHOLE = re.compile(rb"[^\\]*(?:(?:\\u.{4}|\\[^u])[^\\]*)*", re.DOTALL)
"""Up to an escape whose other half is still to come."""
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_INSIDE = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
"""A string's inside up to its closing quote, or up to where the piece ends."""


@dataclass
class Spool:
    """Takes a body piece by piece. In the JSON that is left, each long text's place is taken by a short one.

    `keys` are the properties whose texts may be that long; `tag` is a secret of this request's, so that
    nobody can name a file that is not theirs. Files hold texts as JSON writes them, escapes and all.
    """

    make_folder: Callable[[], Path]
    """Asked for one when the first long text comes, and not before."""
    keys: Collection[bytes]
    tag: str
    texts: dict[str, Path] = field(default_factory=dict)
    _json: bytearray = field(default_factory=bytearray)
    _text: bytearray = field(default_factory=bytearray)
    _inside: bool = False
    _rest: bytes = b""
    """A backslash at a piece's end, whose other half is still to come."""
    _last: bytes = b""
    """The string before this one: its key, if this one is a value."""
    _file: BinaryIO | None = None

    def feed(self, piece: bytes) -> None:
        data, at = self._rest + piece, 0
        self._rest = b""
        while at < len(data):
            at = self._read_string(data, at) if self._inside else self._read_between(data, at)
            if len(self._json) + len(self._text) > LARGEST:
                raise HTTPException(413, TOO_LARGE)

    def finish(self) -> bytes:
        """What is left of the JSON; a string that never ended makes it malformed, as it should."""
        return bytes(self._json + (b'"' + self._text if self._inside else b""))

    def close(self) -> None:
        """Also when the body broke off."""
        if self._file is not None:
            self._file.close()

    def _read_between(self, data: bytes, at: int) -> int:
        quote = data.find(b'"', at)
        end = quote if quote >= 0 else len(data)
        self._json += data[at:end]
        self._inside = quote >= 0
        return end + 1

    def _read_string(self, data: bytes, at: int) -> int:
        found = _INSIDE.match(data, at)
        end = found.end() if found else at
        self._take(data[at:end])
        if end < len(data) and data[end] == ord('"'):
            self._end_string()
        else:
            self._rest = data[end:]
        return end + 1

    def _take(self, part: bytes) -> None:
        if self._file is not None:
            self._file.write(part)
            return
        self._text += part
        if len(self._text) > LONG and self._last in self.keys:
            self._begin_file()

    def _begin_file(self) -> None:
        name = f"{self.tag}:{len(self.texts)}"
        path = self.make_folder() / name.replace(":", "-")
        self.texts[name] = path
        self._file = path.open("wb")
        self._file.write(self._text)
        self._text[:] = name.encode()

    def _end_string(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self._json += b'"' + self._text + b'"'
        self._last = bytes(self._text[:LONG])
        self._text.clear()
        self._inside = False


def unescaped(file: Path, chunk: int) -> Iterator[bytes]:
    """A spooled text as it was meant, in pieces; what is not ASCII in it becomes a question mark."""
    rest = b""
    with file.open("rb") as reading:
        while piece := reading.read(chunk):
            data = rest + piece
            whole = _WHOLE.match(data)
            cut = whole.end() if whole else len(data)
            rest = data[cut:]
            yield _plain(data[:cut])


def _plain(text: bytes) -> bytes:
    if b"\\\\" not in text:
        # the escape that PHP makes of every slash, quickly
        text = text.replace(b"\\/", b"/")
    return _ESCAPE.sub(_meaning, text) if b"\\" in text else text


def _meaning(escape: re.Match[bytes]) -> bytes:
    code, letter = escape.groups()
    if code is not None:
        return chr(int(code, 16)).encode("ascii", "replace")
    return _LETTERS.get(letter, letter)
