"""A full disk for one process: no file of its own may grow beyond a limit, until there is room again."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def cramped(pid: int, most_bytes: int) -> Iterator[None]:
    if not hasattr(resource, "prlimit"):
        pytest.skip("another process's limits can be set on Linux only")
    _limit(pid, most_bytes)
    try:
        yield
    finally:
        _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, most_bytes: int) -> None:
    for each in (pid, *_children(pid)):
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(each, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


def _children(pid: int) -> list[int]:
    """As far as its threads have not ended meanwhile."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found
