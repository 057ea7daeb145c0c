"""The verifier: any file, judged in a bounded child; whatever goes wrong in it becomes the answer."""

from __future__ import annotations

from pathlib import Path

from pyhanko.pdf_utils.misc import PdfError

from lacre.engines.pades.sealer import SealConfig, memory_for
from lacre.engines.pades.trust import Trust
from lacre.engines.pades.verify import judge
from lacre.engines.running import Run, run_here
from lacre.signing.verification import DAMAGED, NO_PDF, Verification

_SECONDS = 60.0
_HEADER_WITHIN = 1024
"""Where readers look for it."""


def verify_file(trust: Trust, file: Path) -> Verification:
    """What runs in the child."""
    try:
        return judge(trust, file)
    except MemoryError:
        raise
    except Exception as surprise:  # noqa: BLE001 - libraries leak every kind over broken files
        return Verification(signatures=(), problem=_told(surprise, file))


def _told(surprise: Exception, file: Path) -> str:
    with file.open("rb") as opened:
        if b"%PDF-" not in opened.read(_HEADER_WITHIN):
            return NO_PDF
    # what readers themselves say of a file is a sentence; anything else says more by its kind
    said = str(surprise) if isinstance(surprise, PdfError) else f"{type(surprise).__name__}: {surprise}"
    return f"{DAMAGED} ({said})"[:500]


class PyhankoVerifier:
    """`Verifier` by pyHanko, with stricter rules for what may change after a signature."""

    def __init__(self, config: SealConfig, run: Run = run_here) -> None:
        identity = config.identity
        self._trust = Trust(identity.chain, identity.own, config.roots)
        self._run = run

    def verify(self, file: Path) -> Verification:
        outcome = self._run(verify_file, self._trust, file, seconds=_SECONDS, memory_bytes=memory_for(file))
        if isinstance(outcome, Verification):
            return outcome
        return Verification(signatures=(), problem=f"could not be judged: {outcome}")
