"""Several LibreOffices that stay, shared by all threads; each is ended when it has done enough or grown."""

from __future__ import annotations

import queue
from enum import StrEnum
from pathlib import Path

from lacre.engines.office.installed import find_office
from lacre.engines.office.process import OfficeDied, RunningOffice, TooSlow

SECONDS = 30.0
"""For one document; four pages take a tenth of a second."""
WAIT_SECONDS = 60.0
DOCUMENTS = 200
LARGEST_BYTES = 700 << 20


class Trouble(StrEnum):
    """Why there is no PDF."""

    SLOW = "slow"
    BUSY = "busy"
    BROKEN = "broken"


class OfficePool:
    """None is started before it is needed; one that dies takes nobody along."""

    def __init__(
        self, size: int, *, program: str = "soffice", seconds: float = SECONDS, documents: int = DOCUMENTS
    ) -> None:
        """`seconds` for one document, and how many `documents` one does before it is ended."""
        self._size, self._program, self._seconds, self._documents = size, program, seconds, documents
        self._closed = False
        # last in, first out: a quiet house keeps one warm, and lets the others end by themselves
        self._idle: queue.LifoQueue[RunningOffice | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)

    def convert(self, source: Path, target: Path) -> Trouble | None:
        """Makes `target` of the DOCX `source`; raises `OfficeMissing`. Tries twice if one dies."""
        try:
            office = self._idle.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            return Trouble.BUSY
        try:
            for _ in range(2):
                office = self._usable(office)
                try:
                    return _told(office.convert(source, target, seconds=self._seconds), target)
                except OfficeDied:
                    continue
            return Trouble.BROKEN
        except TooSlow:
            return Trouble.SLOW
        finally:
            self._give_back(office)

    def close(self) -> None:
        """Ends all of them, after the documents that are under way."""
        self._closed = True
        for _ in range(self._size):
            office = self._idle.get()
            if office is not None:
                office.end()
        for _ in range(self._size):
            self._idle.put(None)

    def _usable(self, office: RunningOffice | None) -> RunningOffice:
        if self._closed:
            raise RuntimeError("the pool is closed")
        if office is not None and office.alive:
            return office
        if office is not None:
            office.end()
        return RunningOffice(find_office(self._program))

    def _give_back(self, office: RunningOffice | None) -> None:
        if office is not None and self._worn(office):
            office.end()
            office = None
        self._idle.put(office)

    def _worn(self, office: RunningOffice) -> bool:
        """It leaks some megabytes a document."""
        return office.documents >= self._documents or office.resident_bytes > LARGEST_BYTES


def _told(problem: str, target: Path) -> Trouble | None:
    return Trouble.BROKEN if problem or not target.exists() else None
