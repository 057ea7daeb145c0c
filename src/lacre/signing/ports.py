"""What signing needs from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from lacre.kit.ids import Digest
from lacre.signing.layout import PageSize, Place, Structure

# ── intake: the front door for PDFs ──────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A PDF that can be signed. `file` is the one to keep: the upload itself, or its repaired copy."""

    file: Path
    digest: Digest
    size: int
    pages: tuple[PageSize, ...]
    repaired: bool = False
    signatures: int = 0
    """How many signatures it came with; more than none forbids every change but new signature fields."""


@dataclass(frozen=True, kw_only=True)
class Unusable:
    """Why a PDF cannot be signed: a stable code, and one English sentence that says what to do.

    Codes: not_a_pdf, password, no_pages, active_content, certified_final, too_large, broken, changed_by_repair,
    too_slow.
    """

    code: str
    reason: str


class Intake(Protocol):
    """Judges strangers' PDFs in a child process with time and memory limits; never raises for what a file holds."""

    def admit(self, upload: Path) -> Accepted | Unusable: ...

    def find_text(self, file: Path, needles: Sequence[str]) -> Mapping[str, tuple[Place, ...]]:
        """Every occurrence of each text, in reading order; a needle never seen maps to an empty tuple."""
        ...


class Pages(Protocol):
    """Pictures of pages, made in a child process and kept by (digest, page, width)."""

    def picture(self, file: Path, digest: Digest, *, page: int, width: int) -> bytes:
        """WebP of at most `width` pixels across; raises `LookupError` past the last page."""
        ...

    def sizes(self, file: Path) -> tuple[PageSize, ...]: ...


# ── sealing ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Appearances:
    """What filled fields look like: page `pages[name]` of this PDF becomes the appearance of that form field."""

    pdf: bytes
    pages: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class ActToSeal:
    """One signer's act on one file: fields to fill, then the signature field to sign."""

    seal_name: str
    appearances: Appearances
    values: Mapping[str, str]
    """Plain text of filled fields by form field name (`/V` of text fields, `"Yes"` for a ticked box)."""
    signer_name: str
    reason: str
    location: str = ""


class SealLevel:
    """PAdES levels that a sealed act can reach."""

    B_B, B_T, B_LT = "B-B", "B-T", "B-LT"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """`level` reached; `wanted` higher than it means the timestamp server failed, and an upgrade is owed."""

    level: str
    wanted: str
    digest: Digest
    size: int


@dataclass(frozen=True, kw_only=True)
class SealFailed:
    """`retry` says whether trying again later can help (a child killed, a full disk) or not (a broken file)."""

    reason: str
    retry: bool


class Sealer(Protocol):
    """Writes fields and signatures into PDFs; every call works on local files, in a bounded child process."""

    def prepare(self, original: Path, out: Path, structure: Structure) -> Sealed | SealFailed:
        """Copies `original` to `out`, adds the form fields and record pages, and certifies it (DocMDP P=2).

        A file that came with signatures only gains the signature fields, incrementally, and is not certified.
        """
        ...

    def seal(self, file: Path, act: ActToSeal) -> Sealed | SealFailed:
        """Appends the act to `file` in place. Failure may leave the file half written: work on a copy."""
        ...

    def upgrade(self, file: Path) -> Sealed | SealFailed:
        """Appends the timestamp and revocation data that could not be had at sealing time."""
        ...


@dataclass(frozen=True, kw_only=True)
class SignatureFound:
    """One signature of a PDF, judged."""

    field: str
    signer: str
    """Common name in the certificate."""
    stated_name: str
    """`/Name` in the signature: who Lacre says signed. Only to be trusted when the certificate is Lacre's own."""
    reason: str
    signed_at: datetime | None
    timestamped: bool
    level: str
    intact: bool
    trusted: bool
    trust_note: str
    """Why not trusted; or that the authority is Lacre's own and not ICP-Brasil."""
    covers_whole_file: bool
    certifies: bool
    changes_after: str
    """none · form_filling · annotations · not_allowed"""
    ours: bool
    """Made with this installation's seal."""

    @property
    def valid(self) -> bool:
        return self.intact and self.changes_after != "not_allowed"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a PDF's signatures say; `problem` when it could not be judged at all (never called valid)."""

    signatures: tuple[SignatureFound, ...]
    problem: str = ""

    @property
    def all_valid(self) -> bool:
        return bool(self.signatures) and not self.problem and all(found.valid for found in self.signatures)


class Verifier(Protocol):
    def verify(self, file: Path) -> Verification:
        """Judges any file; whatever goes wrong in it becomes `problem`."""
        ...


class Files(Protocol):
    """Bytes by digest; written and fsynced before the row that names them."""

    def keep(self, source: Path) -> Digest: ...

    def keep_bytes(self, content: bytes) -> Digest: ...

    def read(self, digest: Digest) -> bytes:
        """Whole, so for small things only; raises `LookupError`."""
        ...

    def stream(self, digest: Digest, *, start: int = 0, end: int | None = None) -> Iterator[bytes]: ...

    def size(self, digest: Digest) -> int: ...

    def local(self, digest: Digest) -> AbstractContextManager[Path]:
        """A readable local path for as long as the context is open; never write to it."""
        ...

    def scratch(self) -> AbstractContextManager[Path]:
        """An empty folder on the same disk, gone when the context ends."""
        ...
