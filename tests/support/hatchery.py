"""`python -m lacre …` without its imports: each process is forked off one that has them, and nothing open.

    process = hatch("lacre", ["serve"], folder=…, environment=…, log=…)
    process.stdout.readline() … process.wait(10)

As `subprocess.Popen` in what tests ask of it. What an operator's interpreter does before `lacre` runs is the
same each time, and takes two seconds of a core; a few tests let it.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).parents[2]
LONGEST = 1 << 16


class Hatched:
    """A grandchild of ours: its mother reaps it when we ask."""

    def __init__(self, mother: Mother, pid: int, stdout: BinaryIO) -> None:
        self.pid, self.stdout = pid, stdout
        self._mother, self._code = mother, None

    def poll(self) -> int | None:
        if self._code is None:
            self._code = self._mother.ask({"poll": self.pid})["code"]
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            _await_end(self.pid, timeout)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def hatch(
    module: str, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path
) -> Hatched:
    """Runs the module as `python -m` does; its standard error goes to the log."""
    return _mother().bear(module, arguments, folder=folder, environment=environment, log=log)


class Mother:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.support.hatchery", str(theirs.fileno())]
        path = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
        # numpy, which fpdf takes along where it is installed, would start a thread of its own
        alone = {"OPENBLAS_NUM_THREADS": "1"}
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, **alone}
        fds = (theirs.fileno(),)
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=fds, stdin=subprocess.DEVNULL
        )
        theirs.close()

    def bear(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
    ) -> Hatched:
        reading, writing = os.pipe()
        asked = {"module": module, "arguments": list(arguments), "folder": str(folder)}
        with log.open("wb") as errors:
            fds = [writing, errors.fileno()]
            born = self.ask({**asked, "environment": dict(environment)}, fds)
        os.close(writing)
        return Hatched(self, born["pid"], os.fdopen(reading, "rb"))

    def ask(self, what: Mapping[str, Any], fds: Sequence[int] = ()) -> Any:  # noqa: ANN401 - JSON
        with self._lock:
            socket.send_fds(self._line, [json.dumps(what).encode()], list(fds))
            return json.loads(self._line.recv(LONGEST))

    def close(self) -> None:
        self._line.close()
        self._process.wait()


@cache
def _mother() -> Mother:
    mother = Mother()
    atexit.register(mother.close)
    return mother


def _await_end(pid: int, seconds: float | None) -> None:
    ended = os.pidfd_open(pid)
    try:
        waiting = select.poll()
        waiting.register(ended, select.POLLIN)
        if not waiting.poll(None if seconds is None else seconds * 1000):
            raise subprocess.TimeoutExpired(str(pid), seconds or 0)
    finally:
        os.close(ended)


# ── the mother ───────────────────────────────────────────────────────────────


def main(line: socket.socket) -> None:
    """One question at a time. Comes back in a child too, which goes on to be what was asked for."""
    import tests.support.crashing  # noqa: F401 - what children are to be

    assert len(list(Path("/proc/self/task").iterdir())) == 1, "only who is alone may fork"
    # what a child never touches is never copied for it
    gc.collect()
    gc.freeze()
    while True:
        said, fds, _, _ = socket.recv_fds(line, LONGEST, 2)
        if not said:
            return
        asked = json.loads(said)
        if "poll" in asked:
            pid, status = os.waitpid(asked["poll"], os.WNOHANG)
            answer = {"code": os.waitstatus_to_exitcode(status) if pid else None}
        else:
            child = os.fork()
            if child == 0:
                line.close()
                _become(asked, fds)
                return
            answer = {"pid": child}
        for one in fds:
            os.close(one)
        line.send(json.dumps(answer).encode())


def _become(asked: Mapping[str, Any], fds: Sequence[int]) -> None:
    for place, one in enumerate(fds, 1):
        os.dup2(one, place)
        os.close(one)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = [asked["module"], *asked["arguments"]]
    code = _run(asked["module"])
    sys.stdout.flush()
    sys.stderr.flush()
    if threading.active_count() == 1:
        os._exit(code)  # to take everything apart first takes longer than most commands
    sys.exit(code)


def _run(module: str) -> int:
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
