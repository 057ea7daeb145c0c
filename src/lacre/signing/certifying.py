"""An act by which a signer signs with a key of their own: made at once, since their key does not stay.

The files are brought up to the acts before; the signer's key signs copies of them; then the act is kept with
these, unless somebody else's act came in between: then all of it is done once more.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lacre.kit.ids import Digest, DocumentId
from lacre.signing import actions, errors
from lacre.signing.actions import Particulars
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Act
from lacre.signing.identifying import open_by_link
from lacre.signing.ports import Sealed, SealFailed, SignerKey
from lacre.signing.repositories import SigningWork
from lacre.signing.sealing import OpenWork, SealTools, act_to_seal, begin, next_step, record_pages, seal

TRIES = 4


class NotSigned(Exception):
    """A file could not be signed; the reason is for whoever runs the installation."""


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What the signer's signature stands on; while it is the same, their signature fits."""

    acts: int
    structure: int
    files: tuple[Digest | None, ...]

    @classmethod
    def of(cls, envelope: Envelope) -> _Ground:
        files = tuple(document.sealed for document in envelope.documents)
        return cls(acts=len(envelope.acts), structure=envelope.structure, files=files)


def sign(
    open_work: OpenWork,
    tools: SealTools,
    link: str,
    act: Act,
    key: SignerKey,
    *,
    particulars: Particulars,
    now: datetime,
) -> None:
    """Raises `TryAgain` when others kept coming in between, and `NotSigned`."""
    for _ in range(TRIES):
        with open_work() as work:
            envelope, _ = open_by_link(work, link)
        if envelope.acts:
            _bring_up(open_work, tools, envelope)
            with open_work() as work:
                envelope, _ = open_by_link(work, link)
        signed = replace(act, signed_files=_signed(envelope, act, particulars, tools, key))
        with open_work() as work:
            if _kept(work, link, signed, ground=_Ground.of(envelope), particulars=particulars, now=now):
                return
    raise errors.TryAgain


def _bring_up(open_work: OpenWork, tools: SealTools, envelope: Envelope) -> None:
    failed = seal(open_work, tools, envelope.id)
    if failed is not None:
        raise NotSigned(failed.reason)


def _kept(
    work: SigningWork,
    link: str,
    signed: Act,
    *,
    ground: _Ground,
    particulars: Particulars,
    now: datetime,
) -> bool:
    current, _ = open_by_link(work, link)
    if _Ground.of(current) != ground or next_step(current) is not None:
        return False
    actions.sign(work, link, signed, particulars=particulars, now=now)
    return True


def _signed(
    envelope: Envelope, act: Act, particulars: Particulars, tools: SealTools, key: SignerKey
) -> dict[DocumentId, Digest]:
    """Of an envelope as it will be; whatever is wrong with the act is said before the key is used."""
    before = len(envelope.acts)
    meant = copy.deepcopy(envelope)
    actions.try_out(meant, act, particulars)
    return {
        document.id: _signed_file(meant, document, act, tools, key, begins=before)
        for document in meant.documents
    }


def _signed_file(
    envelope: Envelope, document: Document, act: Act, tools: SealTools, key: SignerKey, *, begins: int
) -> Digest:
    record = record_pages(envelope, document, tools)
    with tools.files.scratch() as folder:
        working = folder / "working.pdf"
        _require(begin(envelope, document, record, tools, working, begins=begins))
        request = act_to_seal(envelope, document, act, record, tools)
        return _keep(tools, working, _require(tools.sealer.sign(working, request, key)))


def _keep(tools: SealTools, working: Path, sealed: Sealed) -> Digest:
    tools.files.keep(working)
    return sealed.digest


def _require(outcome: Sealed | SealFailed) -> Sealed:
    if isinstance(outcome, SealFailed):
        raise NotSigned(outcome.reason)
    return outcome
