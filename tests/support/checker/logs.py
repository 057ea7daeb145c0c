"""The invariant of logs."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import quote

from tests.support.checker.history import History


def leaked(history: History) -> Iterator[str]:
    """Also in the usual disguises."""
    for secret in history.secrets:
        coded = base64.b64encode(secret.encode()).decode().rstrip("=")
        for form in {secret, quote(secret, safe=""), coded}:
            if form in history.log:
                yield f"the log holds a secret: {_around(history.log, form)}"


def _around(log: str, found: str) -> str:
    return next(line for line in log.splitlines() if found in line)
