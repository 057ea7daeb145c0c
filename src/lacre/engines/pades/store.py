"""The document security store: what proves the signatures, carried in the file itself."""

from __future__ import annotations

import zlib
from pathlib import Path

from lacre.engines.pades.cos import Dictionary, Name, Ref, Stream, Value, integer
from lacre.engines.pades.laying import Laid, confirm_objects
from lacre.engines.pades.revision import Revision, digest_of
from lacre.engines.pades.revocation import Proofs
from lacre.engines.pades.source import OpenSource


def lay_store(proofs: Proofs, file: Path) -> Laid:
    """Appends the proofs; what an earlier store held stays in it."""
    with OpenSource(file) as source:
        revision = Revision(source, max(integer(source.trailer.get(b"Size")), source.newest.end))
        catalog = source.dictionary(source.root)
        held = source.get(catalog.get(b"DSS"))
        store: Dictionary = dict(held) if isinstance(held, dict) else {b"Type": Name(b"DSS")}
        for key, contents in _shelves(proofs).items():
            added: list[Value] = [_shelve(revision, content) for content in contents]
            if added:
                store[key] = [*source.array(store.get(key)), *added]
        _put(revision, catalog, store)
        with file.open("r+b") as opened:
            revision.append_to(opened)
    with OpenSource(file) as again:
        confirm_objects(again, revision.objects)
    return Laid(digest=digest_of(file), size=file.stat().st_size)


def _shelves(proofs: Proofs) -> dict[bytes, tuple[bytes, ...]]:
    return {b"Certs": proofs.certificates, b"CRLs": proofs.lists, b"OCSPs": proofs.answers}


def _shelve(revision: Revision, content: bytes) -> Ref:
    entries: Dictionary = {b"Filter": Name(b"FlateDecode")}
    return revision.add(Stream(entries, zlib.compress(content)))


def _put(revision: Revision, catalog: Dictionary, store: Dictionary) -> None:
    held = catalog.get(b"DSS")
    if isinstance(held, Ref):
        revision.set(held, store)
    else:
        revision.set(revision.source.root, {**catalog, b"DSS": revision.add(store)})
