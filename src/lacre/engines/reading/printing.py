"""Documents of text, made PDF by LibreOffice once and kept for as long as they are read."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from lacre.engines.docx.filling import fill
from lacre.engines.office.installed import OfficeMissing
from lacre.engines.office.pool import OfficePool, Trouble
from lacre.engines.reading.kinds import kind_of
from lacre.engines.sandbox import Killed, Sandbox, Why
from lacre.processing.ports import Failure, FileKind, Unreadable

SECONDS = 20.0
MEMORY_BYTES = 1 << 30
KEPT = 8

Answer = TypeVar("Answer")


class PrintedDocuments:
    def __init__(self, sandbox: Sandbox, offices: OfficePool) -> None:
        self._sandbox, self._offices = sandbox, offices
        self._folder = Path(tempfile.mkdtemp(prefix="lacre-reading-"))
        self._kept: OrderedDict[str, Path] = OrderedDict()
        self._turn = threading.Lock()

    def on(self, file: Path, does: Callable[[Path], Answer | Failure]) -> Answer | Failure:
        """Does it with the file itself, or with the PDF that was made of it."""
        with self.held(file) as pdf:
            return pdf if isinstance(pdf, Failure) else does(pdf)

    @contextmanager
    def held(self, file: Path) -> Iterator[Path | Failure]:
        """A link of its own: what is printed meanwhile may push the PDF out of what is kept."""
        if kind_of(file) is not FileKind.DOCX:
            yield file
            return
        printed = self._printed(file)
        if isinstance(printed, Failure):
            yield printed
            return
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            mine = Path(folder) / "printed.pdf"
            mine.hardlink_to(printed)
            yield mine

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _printed(self, file: Path) -> Path | Failure:
        name = hashlib.blake2b(file.read_bytes(), digest_size=20).hexdigest()
        with self._turn:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
            made = self._print(file, name)
            if isinstance(made, Path):
                self._keep(name, made)
            return made

    def _keep(self, name: str, made: Path) -> None:
        self._kept[name] = made
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)[1].unlink(missing_ok=True)

    def _print(self, file: Path, name: str) -> Path | Failure:
        """Its package is opened and written anew in a child first: LibreOffice sees no bomb and no link."""
        safe, made = self._folder / f"{name}.docx", self._folder / f"{name}.pdf"
        try:
            problem = self._sandbox.run(fill, file, None, safe, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
            if isinstance(problem, Killed):
                return Failure(_KILLED.get(problem.why, Unreadable.BROKEN), problem.reason)
            if problem is not None:
                return Failure(_REFUSED.get(problem.code, Unreadable.BROKEN), problem.reason)
            trouble = self._offices.convert(safe, made)
        except OfficeMissing as missing:
            return Failure(Unreadable.NO_OFFICE, str(missing))
        finally:
            safe.unlink(missing_ok=True)
        return made if trouble is None else Failure(_TROUBLES[trouble])


_KILLED = {Why.TIME: Unreadable.TOO_SLOW, Why.MEMORY: Unreadable.TOO_LARGE}
_TROUBLES = {
    Trouble.SLOW: Unreadable.TOO_SLOW,
    Trouble.BUSY: Unreadable.TOO_SLOW,
    Trouble.BROKEN: Unreadable.BROKEN,
}
_REFUSED = {
    "too_large": Unreadable.TOO_LARGE,
    "docx_password": Unreadable.PASSWORD,
    "not_a_docx": Unreadable.UNKNOWN_KIND,
}
