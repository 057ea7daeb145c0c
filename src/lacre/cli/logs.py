"""Structured logs on standard error: one line each, JSON for machines or text for people."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Mapping
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET_WORDS = ("secret", "token", "password", "authorization", "api_key", "cookie", "code_typed")


def set_up_logs(form: str) -> None:
    """`form` is `json` or `text`."""
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask_secrets,
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Lenient(sys.stderr))),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    # libraries that warn about odd PDFs would fill the log with what is not ours to mend
    for noisy in ("pyhanko", "pyhanko_certvalidator", "pikepdf", "fontTools", "python_multipart"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)


class Lenient:
    """A stream that may find no room: what cannot be said must not stop what is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last net: whatever carries a secret's name loses its value."""
    return {name: _masked(name, value) for name, value in event.items()}


def _masked(name: str, value: object) -> object:
    if any(word in name.lower() for word in SECRET_WORDS):
        return "***"
    if isinstance(value, Mapping):
        return {inner: _masked(inner, kept) for inner, kept in value.items()}
    return value
