"""`lacre demo`, which a newcomer runs first: every step holds, and nothing of it stays behind."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.support.customer import ask

pytestmark = pytest.mark.slow
ENDS_WITHIN_SECONDS = 300


def test_every_step_holds(tmp_path: Path) -> None:
    demo = started(tmp_path)

    said, _ = demo.communicate(timeout=ENDS_WITHIN_SECONDS)

    assert demo.returncode == 0, said
    assert "every step held" in said
    assert (tmp_path / "sealed.pdf").read_bytes().startswith(b"%PDF-")


def test_its_server_ends_with_it(tmp_path: Path) -> None:
    demo = started(tmp_path)
    assert demo.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", demo.stdout.readline())
    assert found is not None
    assert ask("GET", f"{found[0]}/healthz").status_code == 200

    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=ENDS_WITHIN_SECONDS)

    with pytest.raises(httpx2.ConnectError):
        ask("GET", f"{found[0]}/healthz")


def started(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-m", "lacre", "demo", "--out", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
