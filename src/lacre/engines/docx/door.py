"""The front door for Word documents, as the rest of the house knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lacre.engines.docx import words
from lacre.engines.docx.filling import fill, survey
from lacre.engines.office.installed import OfficeMissing
from lacre.engines.office.pool import OfficePool, Trouble
from lacre.engines.sandbox import Killed, Sandbox, Why
from lacre.signing.ports import Unusable

SECONDS = 20.0
MEMORY_BYTES = 1 << 30


class WordDocuments:
    """Implements `lacre.signing.ports.TextDocuments`: opened in a sandbox, made PDF by LibreOffice."""

    def __init__(self, sandbox: Sandbox, offices: OfficePool, *, max_bytes: int) -> None:
        self._sandbox, self._offices, self._max_bytes = sandbox, offices, max_bytes

    def variables(self, file: Path) -> tuple[str, ...] | Unusable:
        if refused := self._too_large(file):
            return refused
        found = self._sandbox.run(survey, file, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        return _KILLED[found.why] if isinstance(found, Killed) else found

    def to_pdf(self, file: Path, answers: Mapping[str, str] | None, out: Path) -> Path | Unusable:
        if refused := self._too_large(file):
            return refused
        filled = out.with_suffix(".filled.docx")
        given = None if answers is None else dict(answers)
        problem = self._sandbox.run(fill, file, given, filled, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        if problem is not None:
            filled.unlink(missing_ok=True)
            return _KILLED[problem.why] if isinstance(problem, Killed) else problem
        return self._printed(filled, out)

    def _printed(self, filled: Path, out: Path) -> Path | Unusable:
        try:
            trouble = self._offices.convert(filled, out)
        except OfficeMissing as missing:
            return Unusable(code="no_office", reason=str(missing))
        finally:
            filled.unlink(missing_ok=True)
        return out if trouble is None else _TROUBLES[trouble]

    def _too_large(self, file: Path) -> Unusable | None:
        size = file.stat().st_size
        if size <= self._max_bytes:
            return None
        said = f"This DOCX has {size / 1e6:.1f} MB; at most {self._max_bytes / 1e6:.1f} MB are taken."
        return Unusable(code="too_large", reason=said)


_TROUBLES = {
    Trouble.SLOW: Unusable(code="too_slow", reason=words.SLOW),
    Trouble.BUSY: Unusable(code="busy", reason=words.BUSY),
    Trouble.BROKEN: Unusable(code="docx_broken", reason=words.UNREADABLE),
}
_KILLED = {
    Why.TIME: Unusable(code="too_slow", reason=words.SLOW),
    Why.MEMORY: Unusable(code="too_large", reason=words.BOMB),
    Why.DIED: Unusable(code="docx_broken", reason=words.BROKEN),
    Why.RAISED: Unusable(code="docx_broken", reason=words.BROKEN),
}
