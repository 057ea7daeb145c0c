"""The invariants of what is signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2

from lacre.kit.ids import Digest
from lacre.signing import events
from lacre.signing.audit import first_break
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.snapshot import thaw
from tests.support.checker.history import History


def sealed_wrongly(history: History) -> Iterator[str]:
    for envelope in history.kept.envelopes:
        told = [row for row in history.kept.events.values() if _completes(row, envelope)]
        if envelope.status is EnvelopeStatus.COMPLETED:
            if len(told) != 1:
                yield f"envelope {envelope.id} was completed {len(told)} times"
            yield from _unsealed(envelope, history.files)
            yield from _resealed(envelope, told)
        elif told:
            yield f"envelope {envelope.id} is {envelope.status}, and was called completed"


def broken(history: History) -> Iterator[str]:
    for envelope_id, chain in history.kept.audit.items():
        position = first_break([entry for entry, _ in chain], [kept for _, kept in chain])
        if position is not None:
            yield f"the audit log of envelope {envelope_id} is broken at {position}"
    for envelope in history.kept.envelopes:
        if envelope.id not in history.kept.audit:
            yield f"envelope {envelope.id} has no audit log"


def _completes(row: Any, envelope: Envelope) -> bool:  # noqa: ANN401 - a row
    return bool(row.type == events.ENVELOPE_COMPLETED and row.subject_id == envelope.id)


def _unsealed(envelope: Envelope, files: Path | None) -> Iterator[str]:
    finals = [document.sealed for document in envelope.documents]
    if None in finals or not envelope.record:
        yield f"envelope {envelope.id} is completed, and something of it is not sealed"
    elif files is not None:
        for digest in (*finals, envelope.record):
            if digest and not _whole(files, digest):
                yield f"envelope {envelope.id}: file {digest} is not what its name says"
        said = _text(_path(files, envelope.record))
        for final in finals:
            if final and final not in said:
                yield f"envelope {envelope.id}: its record does not name {final}"


def _resealed(envelope: Envelope, told: list[Any]) -> Iterator[str]:
    """What was told with the completion is what is kept."""
    now = [document.sealed for document in envelope.documents]
    for row in told:
        then = [document.sealed for document in thaw(row.facts["envelope"]).documents]
        if then != now:
            yield f"envelope {envelope.id} was sealed again after it was completed"


def _whole(files: Path, digest: Digest) -> bool:
    path = _path(files, digest)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _path(files: Path, digest: Digest) -> Path:
    return files / digest[:2] / digest[2:4] / digest


def _text(pdf: Path) -> str:
    """Without spaces: a digest is set on several lines."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(pages).split())
