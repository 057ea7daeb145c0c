"""Commands run inside this process must leave it as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def same_umask_after() -> Iterator[None]:
    """`lacre` narrows it for good, as a process of its own may."""
    before = os.umask(0o077)
    os.umask(before)
    yield
    os.umask(before)
