"""Our seal on a file that is finished: one more signature, invisible, that moves nothing else in it."""

from __future__ import annotations

from pathlib import Path

from lacre.engines.pades.certificate import Identity
from lacre.engines.pades.cms import pen
from lacre.engines.pades.cos import integer
from lacre.engines.pades.form import FormBuilder, Unfit
from lacre.engines.pades.laying import Laid, lay_signature, signature_entries
from lacre.engines.pades.pages import PageTree
from lacre.engines.pades.revision import Revision
from lacre.engines.pades.source import OpenSource

_FIELD = "Seal"


def lay_countersignature(identity: Identity, spare: int, file: Path) -> Laid:
    """Appends a signature of ours to the file in place; `spare` bytes are kept free for a timestamp."""
    with OpenSource(file) as source:
        if b"Encrypt" in source.trailer:
            raise Unfit("an encrypted file takes no signature")
        revision = Revision(source, max(integer(source.trailer.get(b"Size")), source.newest.end))
        builder = FormBuilder(revision, PageTree(source))
        name = builder.unused(_FIELD)
        field = builder.add_signature(name, None)
        builder.finish(certified=False)
        widget = revision.objects[field]
        if isinstance(widget, dict):
            signature = revision.add_signature(signature_entries(), pen(identity).room + spare)
            revision.set(field, {**widget, b"V": signature})
        return lay_signature(file, revision, name, identity)
