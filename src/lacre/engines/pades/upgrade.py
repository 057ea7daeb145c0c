"""What could not be had at sealing time, appended later: a timestamp over the whole document."""

from __future__ import annotations

from pathlib import Path

from lacre.engines.pades.cos import Dictionary, Name, integer
from lacre.engines.pades.form import FormBuilder, Unfit
from lacre.engines.pades.laying import Laid, lay_hole
from lacre.engines.pades.pages import PageTree
from lacre.engines.pades.revision import Revision
from lacre.engines.pades.source import OpenSource

_FIELD = "Timestamp"


def lay_document_timestamp(room: int, file: Path) -> Laid:
    """Appends a document timestamp whose token is still to be filled in."""
    with OpenSource(file) as source:
        if b"Encrypt" in source.trailer:
            raise Unfit("an encrypted file takes no timestamp")
        revision = Revision(source, max(integer(source.trailer.get(b"Size")), source.newest.end))
        builder = FormBuilder(revision, PageTree(source))
        name = builder.unused(_FIELD)
        field = builder.add_signature(name, None)
        builder.finish(certified=False)
        widget = revision.objects[field]
        if isinstance(widget, dict):
            revision.set(field, {**widget, b"V": revision.add_signature(_entries(), room)})
        return lay_hole(file, revision, name)


def _entries() -> Dictionary:
    return {
        b"Type": Name(b"DocTimeStamp"),
        b"Filter": Name(b"Adobe.PPKLite"),
        b"SubFilter": Name(b"ETSI.RFC3161"),
    }
