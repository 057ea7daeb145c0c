"""One LibreOffice that stays: started with its bridge, asked for documents one by one, killed whole."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from lacre.engines.office.installed import Office
from lacre.engines.office.profile import write_profile

START_SECONDS = 60.0
"""It takes two on a quiet machine."""
IDLE_SECONDS = 600
"""Then it ends by itself: a house that makes no documents keeps no 150 MB for them."""
ADDRESS_SPACE = 3 << 30
PREFIX = "lacre-office-"
SOCKETS = Path("/tmp")  # noqa: S108 - where LibreOffice puts them, whatever it is told
BRIDGE = Path(__file__).with_name("bridge.py")


class OfficeDied(Exception):
    """It ended, or was killed, before it answered."""


class TooSlow(Exception):
    """It did not answer in time, and was killed."""


class RunningOffice:
    """Used by one thread at a time."""

    def __init__(self, office: Office) -> None:
        _sweep()
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        home = Path(self._folder.name)
        write_profile(home / "profile")
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = _start(office, home, theirs.fileno())
        self._heard = b""
        self._sockets: list[Path] = []
        self.documents = 0
        self.resident_bytes = 0
        self.ready = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def group(self) -> int:
        """The process group of the bridge and of LibreOffice."""
        return self._process.pid

    def convert(self, source: Path, target: Path, *, seconds: float) -> str:
        """What was wrong with the document, or nothing. Raises `OfficeDied` or `TooSlow`; it is dead then."""
        try:
            self._await_start()
            answer = self._ask({"source": str(source), "target": str(target)}, seconds)
        except (OfficeDied, TooSlow):
            self.end()
            raise
        self.documents += 1
        self.resident_bytes = int(answer["rss"])
        return str(answer["problem"])

    def end(self) -> None:
        """Kills the whole group; may be called twice."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        if self._process.stdin:
            self._process.stdin.close()
        for left_behind in self._sockets:
            left_behind.unlink(missing_ok=True)
        self._folder.cleanup()

    def _await_start(self) -> None:
        if not self.ready:
            begun = self._hear(time.monotonic() + START_SECONDS)
            self._sockets = [Path(name) for name in begun["sockets"]]
            self.ready = True

    def _ask(self, what: dict[str, str], seconds: float) -> dict[str, Any]:
        try:
            self._channel.sendall(json.dumps(what).encode() + b"\n")
        except OSError as broken:
            raise OfficeDied from broken
        return self._hear(time.monotonic() + seconds)

    def _hear(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._heard:
            self._heard += self._more(deadline - time.monotonic())
        line, _, self._heard = self._heard.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _more(self, seconds: float) -> bytes:
        if seconds <= 0:
            raise TooSlow
        self._channel.settimeout(seconds)
        try:
            more = self._channel.recv(65536)
        except TimeoutError as late:
            raise TooSlow from late
        except OSError as broken:
            raise OfficeDied from broken
        if not more:
            raise OfficeDied
        return more


def _start(office: Office, home: Path, channel: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own script, by a Python that we looked for
        [
            str(office.python),
            "-I",
            str(BRIDGE),
            str(channel),
            str(office.program),
            str(home / "profile"),
            str(ADDRESS_SPACE),
            str(IDLE_SECONDS),
        ],
        env=_environment(home),
        cwd=home,
        stdin=subprocess.PIPE,  # never written to: its end tells the bridge that we are gone
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(channel,),
        start_new_session=True,
    )


def _sweep() -> None:
    """What was left by those whose server was killed: sockets that nobody listens to, and their folders."""
    for left in SOCKETS.glob(f"OSL_PIPE_{os.getuid()}_*"):
        if not _answers(left):
            left.unlink(missing_ok=True)
            name = left.name.split("_", 3)[3]
            if name.startswith(PREFIX):
                shutil.rmtree(Path(tempfile.gettempdir()) / name, ignore_errors=True)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return False
        except OSError:
            # another user's, or gone meanwhile
            return True
    return True


def _environment(home: Path) -> dict[str, str]:
    """Not ours, which holds secrets. Temporary files lie in a folder that is only ours."""
    private = str(home)
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": private,
        "TMPDIR": private,
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
