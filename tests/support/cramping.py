"""A full disk for one process: no file of its own may grow beyond a limit, until there is room again."""

from __future__ import annotations

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
        resource.prlimit(each, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]
