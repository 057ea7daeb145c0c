"""Who waits for whom: what takes long keeps only its own kind waiting."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from lacre.engines.sandboxes import ADMITTERS, Sandboxes

MEMORY_BYTES = 1 << 28


@pytest.mark.slow
def test_files_that_take_long_to_let_in_keep_no_seal_waiting(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with closing(Sandboxes("", eyes="tesseract")) as sandboxes, ThreadPoolExecutor(2 * ADMITTERS) as crowd:
        admit = partial(sandboxes.admitting.run, seconds=60, memory_bytes=MEMORY_BYTES)
        for _ in range(2 * ADMITTERS):
            # a child that opens it waits until somebody may write
            crowd.submit(admit, os.open, gate, os.O_RDONLY)
        try:
            sealed_by = sandboxes.sealing.run(os.getpid, seconds=60, memory_bytes=MEMORY_BYTES)
            assert isinstance(sealed_by, int)
        finally:
            with gate.open("r+b", buffering=0):
                crowd.shutdown()
