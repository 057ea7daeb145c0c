"""What a PDF says of who signed it and when, judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NO_PDF = "the file is no PDF"
ENCRYPTED = "the file is encrypted"
DAMAGED = "the PDF is damaged and cannot be read"


@dataclass(frozen=True, kw_only=True)
class Found:
    """Something that stands over the bytes of a PDF, judged."""

    field: str
    issuer: str = ""
    """Common name of who issued the certificate."""
    intact: bool
    trusted: bool
    covers_whole_file: bool
    changes_after: str
    """none · form_filling · annotations · not_allowed"""

    @property
    def valid(self) -> bool:
        return self.intact and self.changes_after != "not_allowed"


@dataclass(frozen=True, kw_only=True)
class SignatureFound(Found):
    """One signature of a PDF."""

    signer: str
    """Common name in the certificate."""
    stated_name: str
    """`/Name` in the signature: who Lacre says signed; means nothing unless the certificate is Lacre's."""
    reason: str
    signed_at: datetime | None
    timestamped: bool
    level: str
    trust_note: str
    """Why not trusted; or that the authority is Lacre's own and not ICP-Brasil."""
    certifies: bool
    ours: bool
    """Made with this installation's seal."""


@dataclass(frozen=True, kw_only=True)
class TimestampFound(Found):
    """A timestamp over the document as a whole, which is nobody's signature: it was so at that time."""

    authority: str
    """Common name in the certificate."""
    made_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a PDF's signatures say; `problem` when it could not be judged at all (never called valid)."""

    signatures: tuple[SignatureFound, ...]
    timestamps: tuple[TimestampFound, ...] = ()
    problem: str = ""
    unsigned: tuple[str, ...] = ()
    """Signature fields that wait for somebody."""

    @property
    def all_valid(self) -> bool:
        """Somebody signed, and all that stands in the file holds."""
        return bool(self.signatures) and not self.problem and not self.broken

    @property
    def broken(self) -> bool:
        """Whether something that was signed or stamped is not what it was."""
        return not all(one.valid for one in (*self.signatures, *self.timestamps))
