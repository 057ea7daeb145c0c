"""Workers to be killed, each in a process of its own that is there at once: they are forked off one that
has everything imported, and nothing open.

    with nursery(log) as begin:
        worker = begin(url, data_dir)
        worker.stop() … worker.go_on() … worker.kill()
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lacre.cli.logs import set_up_logs
from lacre.webhooks.replaying import REPLAY
from lacre.worker import replays
from lacre.worker.jobs import Lane
from lacre.worker.lease import LEASE_SECONDS
from tests.support.plain import Steady
from tests.support.working import Site

TIME_SCALE = 20
HANDLERS = {REPLAY: replays.replay}
LANES = (Lane(kinds=(REPLAY,), at_once=1),)
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Child:
    pid: int
    _ask: Callable[[str], str]

    def stop(self) -> None:
        """Returns once every thread of it stands still."""
        self._ask(f"stop {self.pid}")

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Returns once it is gone, if it was not already."""
        self._ask(f"kill {self.pid}")


class Begin(Protocol):
    def __call__(self, url: str, data_dir: Path, *, lease_seconds: float = LEASE_SECONDS) -> Child: ...


@contextmanager
def nursery(log: Path) -> Iterator[Begin]:
    """Whoever is still at work at the end is killed."""
    command = [sys.executable, "-m", "tests.support.nursery"]
    pipe = subprocess.PIPE
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, cwd=ROOT, text=True) as mother,
    ):
        assert mother.stdin
        assert mother.stdout
        asking, answering = mother.stdin, mother.stdout

        def ask(what: str) -> str:
            asking.write(f"{what}\n")
            asking.flush()
            return answering.readline().strip()

        def begin(url: str, data_dir: Path, *, lease_seconds: float = LEASE_SECONDS) -> Child:
            return Child(int(ask(f"begin {url} {data_dir} {lease_seconds}")), ask)

        yield begin
        asking.close()


# ── the mother ───────────────────────────────────────────────────────────────


def main() -> None:
    """One command a line, one answer each."""
    children: set[int] = set()
    for line in sys.stdin:
        verb, *said = line.split()
        if verb == "begin":
            pid = _fork(said[0], Path(said[1]), float(said[2]))
            children.add(pid)
        else:
            pid = int(said[0])
            if pid in children:
                _signal(pid, verb)
            children -= {pid} if verb == "kill" else set()
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid in children:
        _signal(pid, "kill")


def _fork(url: str, data_dir: Path, lease_seconds: float) -> int:
    pid = os.fork()
    if pid == 0:
        # neither its commands nor its answers are the child's
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        _work(url, data_dir, lease_seconds)
    return pid


def _signal(pid: int, verb: str) -> None:
    os.kill(pid, signal.SIGSTOP if verb == "stop" else signal.SIGKILL)
    os.waitpid(pid, os.WUNTRACED)


def _work(url: str, data_dir: Path, lease_seconds: float) -> None:
    set_up_logs("json")
    site = Site(url, data_dir, plain=Steady(), time_scale=TIME_SCALE)
    with site.at_work(handlers=HANDLERS, lanes=LANES, lease_seconds=lease_seconds):
        signal.pause()


if __name__ == "__main__":
    main()
