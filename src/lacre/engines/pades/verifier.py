"""The verifier: any file, judged in a bounded child; whatever goes wrong in it becomes the answer."""

from __future__ import annotations

from pathlib import Path

from lacre.engines.pades.sealer import SealConfig, memory_for
from lacre.engines.pades.trust import Trust
from lacre.engines.pades.verify import judge
from lacre.engines.running import Run, run_here
from lacre.signing.verification import Verification

_SECONDS = 60.0


def verify_file(trust: Trust, file: Path) -> Verification:
    """What runs in the child."""
    try:
        return judge(trust, file)
    except MemoryError:
        raise
    except Exception as surprise:  # noqa: BLE001 - libraries leak every kind over broken files
        return Verification(
            signatures=(), problem=f"cannot be read: {type(surprise).__name__}: {surprise}"[:500]
        )


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
