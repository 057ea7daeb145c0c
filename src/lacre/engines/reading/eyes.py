"""Who reads a picture of an upright page: models or Tesseract, by the operator's choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from lacre.engines.reading.upright import Gray


@dataclass(frozen=True, slots=True)
class Seen:
    """A word, in pixels of the picture."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float
    """0 to 1."""


class Eyes(Protocol):
    def see(self, picture: Gray, languages: Sequence[str]) -> list[Seen]: ...


@cache
def eyes_called(name: str) -> Eyes:
    """Kept by the child process, since loading models takes a second."""
    if name == "tesseract":
        from lacre.engines.reading.tesseract import Tesseract  # noqa: PLC0415 - the other is not loaded

        return Tesseract()
    from lacre.engines.reading.rapid.eyes import RapidEyes  # noqa: PLC0415

    return RapidEyes()
