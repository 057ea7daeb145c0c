"""One line of log an attempt, thousands a second: said past the logging library, in its form."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import BinaryIO

import msgspec
import structlog

from lacre.kit.times import rfc3339
from lacre.webhooks.ports import AttemptLine

_EVENT = "attempt"


class JsonAttemptLog:
    """The same JSON as every other line, written and flushed once for all of them."""

    def __init__(self, stream: BinaryIO, clock: Callable[[], datetime]) -> None:
        self._stream, self._clock = stream, clock
        self._encode = msgspec.json.Encoder().encode

    def __call__(self, lines: Sequence[AttemptLine], /) -> None:
        said_at = rfc3339(self._clock())
        end = f',"event":"{_EVENT}","level":"info","timestamp":"{said_at}"}}\n'.encode()
        # a log that finds no room must not stop what it tells of
        with contextlib.suppress(OSError):
            self._stream.write(b"".join([self._encode(line)[:-1] + end for line in lines]))
            self._stream.flush()


class TextAttemptLog:
    """For people to read."""

    def __init__(self) -> None:
        self._log = structlog.get_logger("lacre.delivery")

    def __call__(self, lines: Sequence[AttemptLine], /) -> None:
        for line in lines:
            self._log.info(_EVENT, **msgspec.structs.asdict(line))
