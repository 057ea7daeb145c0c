"""Fields found in a child process: a customer's patterns may take for ever, and are none of our code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from lacre.engines.sandbox import Killed, Sandbox
from lacre.kit.json import Json
from lacre.processing.asking import Heard, heard
from lacre.processing.document_type import DocumentType, Field
from lacre.processing.extracting import extract
from lacre.processing.extraction import Value
from lacre.processing.page import Page
from lacre.processing.ports import NotExtracted

SECONDS = 20.0
MEMORY_BYTES = 512 << 20


class SandboxedExtractor:
    """Implements `lacre.processing.ports.Extractor`."""

    def __init__(self, sandbox: Sandbox, *, seconds: float = SECONDS) -> None:
        self._sandbox, self._seconds = sandbox, seconds

    def extract(self, of: DocumentType, pages: Sequence[Page], *, on: date) -> Sequence[Value] | NotExtracted:
        if not of.fields:
            return ()
        found = self._sandbox.run(
            extract_on, of, tuple(pages), on, seconds=self._seconds, memory_bytes=MEMORY_BYTES
        )
        return NotExtracted(reason=found.reason) if isinstance(found, Killed) else found

    def hear(
        self, fields: Sequence[Field], said: Mapping[str, Json], pages: Sequence[Page]
    ) -> Heard | NotExtracted:
        found = self._sandbox.run(
            heard, tuple(fields), said, tuple(pages), seconds=self._seconds, memory_bytes=MEMORY_BYTES
        )
        return NotExtracted(reason=found.reason) if isinstance(found, Killed) else found


def extract_on(of: DocumentType, pages: tuple[Page, ...], on: date) -> tuple[Value, ...]:
    """In a child process."""
    return extract(of, pages, on=on)
