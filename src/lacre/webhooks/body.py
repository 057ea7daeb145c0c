"""Bodies too large to be held: literal bytes, and kept files whose Base64 is read whenever it is needed.

A dialect sets `InBase64(digest)` where a file's text is to stand, writes the whole with `json_pieces`, and
gives `BodyParts` as the request's `parts`, with who signs it. The worker then reads it twice, never more than
a chunk at a time: once for its length, its digest and its signatures (`BodyParts.read`), once while it is
sent. A retry words and reads it anew. Nothing stays open between two chunks, so there is nothing to close,
however the exchange ends.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias, Union

from lacre.documents.files import Files
from lacre.kit.ids import Digest
from lacre.kit.json import Json

HEAD = 64 * 1024
"""What is kept of a body's beginning, to be looked at."""
RAW = 48 * 1024
"""Read at once: a multiple of three, so that the Base64 of each chunk joins the next."""

Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class InBase64:
    """A kept file."""

    digest: Digest


Piece: TypeAlias = bytes | InBase64
JsonWithFiles: TypeAlias = Union[  # noqa: UP007 - it names itself
    Json, InBase64, Mapping[str, "JsonWithFiles"], Sequence["JsonWithFiles"]
]


class Signing(Protocol):
    """Signatures under way: the body's bytes go by once, one chunk after the other."""

    def update(self, chunk: bytes, /) -> None: ...

    def headers(self) -> Headers: ...


class Signer(Protocol):
    """Vouches for a body whose bytes are yet to be read."""

    def begin(self) -> Signing: ...


@dataclass(frozen=True, kw_only=True)
class BodyParts:
    pieces: tuple[Piece, ...]
    signer: Signer | None = field(default=None, repr=False)
    files: Files | None = field(default=None, repr=False)
    """Where they are read from; what follows is known from then on."""
    length: int = 0
    digest: str = ""
    head: bytes = field(default=b"", repr=False)

    @property
    def known(self) -> bool:
        """Whether it was read."""
        return self.files is not None

    def read(self, files: Files) -> tuple[BodyParts, Headers]:
        """A whole pass over its bytes, and the headers that sign them; raises `LookupError` and `OSError`."""
        length, digest, head = 0, hashlib.sha256(), b""
        signing = self.signer.begin() if self.signer else None
        for chunk in _chunks(self.pieces, files):
            digest.update(chunk)
            if signing:
                signing.update(chunk)
            if len(head) < HEAD:
                head += chunk[: HEAD - len(head)]
            length += len(chunk)
        known = replace(self, files=files, length=length, digest=digest.hexdigest(), head=head)
        return known, signing.headers() if signing else ()

    def chunks(self) -> Iterator[bytes]:
        """From the beginning, each time; of one that was read. Raises as `read` does."""
        return _chunks(self.pieces, self.files) if self.files else iter(())


def json_pieces(said: JsonWithFiles) -> tuple[Piece, ...]:
    """Compact JSON, in as few pieces as its files leave."""
    joined: list[Piece] = []
    text = bytearray()
    for piece in _written(said):
        if isinstance(piece, bytes):
            text += piece
        else:
            joined += (bytes(text), piece)
            text.clear()
    return (*joined, bytes(text))


def _written(said: JsonWithFiles) -> Iterator[Piece]:
    match said:
        case InBase64():
            yield from (b'"', said, b'"')
        case Mapping():
            for place, (name, value) in enumerate(said.items()):
                yield (b"," if place else b"{") + _text(name) + b":"
                yield from _written(value)
            yield b"}" if said else b"{}"
        case list() | tuple():
            for place, value in enumerate(said):
                yield b"," if place else b"["
                yield from _written(value)
            yield b"]" if said else b"[]"
        case _:
            yield _text(said)


def _text(said: object) -> bytes:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def _chunks(pieces: Sequence[Piece], files: Files) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, InBase64):
            yield from _encoded(piece.digest, files)
        elif piece:
            yield piece


def _encoded(digest: Digest, files: Files) -> Iterator[bytes]:
    at = 0
    while raw := files.read_at(digest, at, RAW):
        yield b64encode(raw)
        at += len(raw)
