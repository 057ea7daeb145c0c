"""A copy of a PDF that says on every page that it is void: marks stay to be seen, signatures end."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from lacre.engines.sandbox import Killed, Sandbox, Why
from lacre.signing.ports import SealFailed

SECONDS = 60.0
MEMORY_BYTES = 1 << 30
_SIGNED_PARTS = ("/AcroForm", "/Perms", "/DSS")


class PikepdfVoider:
    """Implements `lacre.signing.printing.Voider`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def void(self, file: Path, out: Path, *, mark: bytes) -> SealFailed | None:
        done = self._sandbox.run(write_void, file, out, mark, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        if isinstance(done, Killed):
            return SealFailed(reason=done.reason, retry=done.why is not Why.RAISED)
        return None


def write_void(file: Path, out: Path, mark: bytes) -> bool:
    """In a child process. What was filled in becomes part of the pages, for a form would say it is signed."""
    stamp = out.with_name("mark.pdf")
    stamp.write_bytes(mark)
    with pikepdf.open(file) as document, pikepdf.open(stamp) as marks:
        document.flatten_annotations("all")
        for name in _SIGNED_PARTS:
            if name in document.Root:
                del document.Root[name]
        for page in document.pages:
            _drop_fields(page)
            page.add_overlay(marks.pages[0], pikepdf.Rectangle(*page.cropbox))
        document.save(out)
    return True


def _drop_fields(page: pikepdf.Page) -> None:
    """Those that nobody filled in are not part of the page, and have no form any more."""
    kept = [one for one in page.get("/Annots", []) if one.get("/Subtype") != "/Widget"]
    page.obj["/Annots"] = pikepdf.Array(kept)
