"""The front door for PDFs, as the rest of the house knows it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from lacre.engines.intake.examination import Bench, Sound, examine
from lacre.engines.intake.text import find
from lacre.engines.intake.trial import Trial, try_fields
from lacre.engines.sandbox import Killed, Sandbox, Why
from lacre.kit.ids import Digest, new_uuid
from lacre.signing.layout import Place
from lacre.signing.ports import Accepted, Unusable

SECONDS = 28.0  # nobody waits over 30 s for a refusal, hashing and copying included
MEMORY_BYTES = 768 << 20
LEFTOVER_SECONDS = 3600
COPIES = 4
"""Of an upload that may lie in the scratch folder at once, with some room beside them."""


class PdfIntake:
    """Implements `lacre.signing.ports.Intake`."""

    def __init__(
        self,
        sandbox: Sandbox,
        max_bytes: int,
        scratch: Path,
        *,
        attempt: Trial = try_fields,
        seconds: float = SECONDS,
    ) -> None:
        """Repaired copies are left in `scratch` for the caller to keep elsewhere, which is swept hourly.

        `attempt` runs in the child, so it must be a module's function or a partial of one.
        """
        self._sandbox = sandbox
        self._max_bytes = max_bytes
        self._scratch = scratch
        self._attempt = attempt
        self._seconds = seconds

    def admit(self, upload: Path) -> Accepted | Unusable:
        size = upload.stat().st_size
        if size > self._max_bytes:
            return Unusable(code="too_large", reason=_too_large(size, self._max_bytes))
        self._sweep()
        name = new_uuid()
        bench = Bench(self._attempt, self._scratch / f"{name}.trial.pdf", self._scratch / f"{name}.pdf")
        try:
            verdict = self._sandbox.run(
                examine, upload, bench, seconds=self._seconds, memory_bytes=MEMORY_BYTES
            )
        finally:
            bench.trial.unlink(missing_ok=True)
        return self._judged(verdict, upload, bench.repaired)

    def find_text(self, file: Path, needles: Sequence[str]) -> Mapping[str, tuple[Place, ...]]:
        found = self._sandbox.run(
            find, file, tuple(dict.fromkeys(needles)), seconds=self._seconds, memory_bytes=MEMORY_BYTES
        )
        return dict.fromkeys(needles, ()) if isinstance(found, Killed) else found

    def _judged(
        self, verdict: Sound | Unusable | Killed, upload: Path, repaired: Path
    ) -> Accepted | Unusable:
        if isinstance(verdict, Sound):
            return _accepted(verdict, repaired if verdict.repaired else upload)
        repaired.unlink(missing_ok=True)
        unusable = verdict if isinstance(verdict, Unusable) else _KILLED[verdict.why]
        if unusable.code == "broken":
            self._require_room(upload.stat().st_size)
        return unusable

    def _require_room(self, size: int) -> None:
        """A full disk breaks copies in as many ways as there are libraries: the file is not to blame."""
        if shutil.disk_usage(self._scratch).free < COPIES * size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._scratch))

    def _sweep(self) -> None:
        """What calls left behind that were killed half-way."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        oldest = time.time() - LEFTOVER_SECONDS  # noqa: TID251 - compared with file times only
        for leftover in self._scratch.glob("*.pdf"):
            # another call may be done with it meanwhile
            with contextlib.suppress(FileNotFoundError):
                if leftover.stat().st_mtime < oldest:
                    leftover.unlink()


def _accepted(sound: Sound, file: Path) -> Accepted:
    with file.open("rb") as stream:
        digest = Digest(hashlib.file_digest(stream, "sha256").hexdigest())
    return Accepted(
        file=file,
        digest=digest,
        size=file.stat().st_size,
        pages=sound.pages,
        repaired=sound.repaired,
        signatures=sound.signatures,
    )


def _too_large(size: int, most: int) -> str:
    return f"This PDF has {size / 1e6:.1f} MB; at most {most / 1e6:.1f} MB can be signed."


_KILLED = {
    Why.TIME: Unusable(
        code="too_slow",
        reason=f"This PDF could not be checked within {SECONDS:.0f} seconds. Make it simpler or split it.",
    ),
    Why.MEMORY: Unusable(
        code="too_large", reason="This PDF unpacks to more than can be handled. Make it simpler or split it."
    ),
    Why.DIED: Unusable(
        code="broken", reason="This PDF is damaged in a way that no reader can be trusted with."
    ),
    Why.RAISED: Unusable(code="broken", reason="This PDF is damaged in a way that could not be repaired."),
}
