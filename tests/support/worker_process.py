"""A worker in a process of its own, to be killed: `python -m tests.support.worker_process URL DATA_DIR`."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from lacre.webhooks.replaying import REPLAY
from lacre.worker import replays
from lacre.worker.jobs import Lane
from tests.support.working import Site

HANDLERS = {REPLAY: replays.replay}
LANES = (Lane(kinds=(REPLAY,), at_once=1),)


@contextmanager
def running_worker(url: str, data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """At work once this returns; told to stop at the end, unless it was killed."""
    command = [sys.executable, "-m", "tests.support.worker_process", url, str(data_dir)]
    root = Path(__file__).parent.parent.parent
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline() == b"working\n"
            yield process
        finally:
            process.stdin.close()


def main(url: str, data_dir: Path) -> None:
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    site = Site(url, data_dir, time_scale=20)
    with site.at_work(handlers=HANDLERS, lanes=LANES):
        sys.stdout.write("working\n")
        sys.stdout.flush()
        sys.stdin.read()
    site.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
