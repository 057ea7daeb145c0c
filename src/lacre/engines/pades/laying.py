"""The last steps that every signature shares: append, hash, sign, fill, and look again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lacre.engines.pades.certificate import Identity
from lacre.engines.pades.cms import SignedDigest, pen
from lacre.engines.pades.cos import (
    Dictionary,
    Name,
    Ref,
    Stream,
    Value,
    integer,
    string_bytes,
    text,
)
from lacre.engines.pades.form import find_fields
from lacre.engines.pades.revision import Hole, Revision, digest_of, fill, hash_around
from lacre.engines.pades.source import OpenSource, Source


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A revision that stands on disk and was looked at again."""

    digest: str
    size: int
    hole: Hole | None = None
    signed: SignedDigest | None = None
    """`None` with a hole: it waits for a document timestamp over `imprint`."""
    imprint: bytes = b""


class Unsound(Exception):
    """What was written does not read back as it was meant."""


def signature_entries(*, name: str = "", reason: str = "", location: str = "") -> Dictionary:
    """A signature dictionary without `/M`, which the ITI validator objects to."""
    said = {b"Name": name, b"Reason": reason, b"Location": location}
    return {
        b"Type": Name(b"Sig"),
        b"Filter": Name(b"Adobe.PPKLite"),
        b"SubFilter": Name(b"ETSI.CAdES.detached"),
        **{key: text(content) for key, content in said.items() if content},
    }


def lay_signature(path: Path, revision: Revision, field: str, identity: Identity) -> Laid:
    """Appends the revision and signs it; reads the file once."""
    written = pen(identity)
    with path.open("r+b") as file:
        hole = revision.append_to(file)
        if hole is None:
            raise Unsound("the revision has no signature")
        hashed = hash_around(file, hole)
        signed = written.sign(hashed.signed)
        der = written.cms(signed)
        fill(file, hole, der)
        digest = hashed.whole(file, hole)
    confirm(path, revision, hole, field, der)
    return Laid(digest=digest, size=hole.size, hole=hole, signed=signed)


def lay_hole(path: Path, revision: Revision, field: str) -> Laid:
    """Appends the revision with its signature left open."""
    with path.open("r+b") as file:
        hole = revision.append_to(file)
        if hole is None:
            raise Unsound("the revision has no signature")
        hashed = hash_around(file, hole)
    confirm(path, revision, hole, field, b"")
    return Laid(digest="", size=hole.size, hole=hole, imprint=hashed.signed)


def confirm(path: Path, revision: Revision, hole: Hole, field: str, der: bytes) -> None:
    """Opens the file afresh, as a reader would, and finds the signature and all that came with it."""
    with OpenSource(path) as again:
        found = find_fields(again, frozenset([field])).get(field)
        if found is None:
            raise Unsound("the signature field is not found")
        _confirm_signature(again, again.dictionary(found.entries.get(b"V")), hole, der)
        confirm_objects(again, revision.objects)


def _confirm_signature(source: Source, signature: Dictionary, hole: Hole, der: bytes) -> None:
    byte_range = tuple(integer(edge) for edge in source.array(signature.get(b"ByteRange")))
    if byte_range != hole.byte_range or hole.size != len(source.buffer):
        raise Unsound("the signature does not cover the whole file")
    if not string_bytes(signature.get(b"Contents")).startswith(der):
        raise Unsound("the signature is not where it should be")


def confirm_objects(source: Source, objects: dict[Ref, Value | Stream]) -> None:
    """Every object of the revision is read back as it was meant."""
    for ref, meant in objects.items():
        found = source.object(ref)
        if isinstance(meant, Stream):
            same = isinstance(found, Stream) and found.data == meant.data
        else:
            same = _same(found, meant)
        if not same:
            raise Unsound(f"object {ref.number} does not read back as written")


def _same(found: Value | Stream, meant: Value) -> bool:
    if isinstance(meant, dict) and isinstance(found, dict):
        # a signature dictionary has gained its byte range and contents
        return all(found.get(key) == value for key, value in meant.items())
    return found == meant


def with_timestamp(path: Path, hole: Hole, der: bytes) -> str:
    """Puts a longer CMS into the hole, and gives the file's new digest."""
    with path.open("r+b") as file:
        fill(file, hole, der)
    return digest_of(path)
