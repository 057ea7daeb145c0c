"""Whom a verification trusts: our own authority, named as such, and roots from a folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy

OWN_AUTHORITY = "issued by this installation's own authority, not by ICP-Brasil"
KNOWN_ROOT = "issued under a root that this installation trusts"
UNKNOWN_ROOT = "issued under a root that this installation does not know"
NOT_VALID = "the signature itself does not hold"
_SUFFIXES = (".pem", ".crt", ".cer", ".der")


@dataclass(frozen=True)
class Trust:
    """`chain` is the seal's, without its key, which a verification never needs."""

    chain: tuple[bytes, ...]
    own_authority: bool
    roots: Path | None = None

    @property
    def key_usage(self) -> KeyUsageConstraints:
        """Whatever usage the certificate states: signing is what it did."""
        return KeyUsageConstraints(key_usage=set())

    def context(self) -> ValidationContext:
        """Nothing is fetched: the file must carry all that speaks for it."""
        return ValidationContext(
            trust_roots=[*self._known_roots, *self._own_root],
            allow_fetching=False,
            algorithm_usage_policy=DisallowWeakAlgorithmsPolicy(),  # type: ignore[no-untyped-call]
        )

    def is_ours(self, status: PdfSignatureStatus | None) -> bool:
        """Made with the present seal, or with an earlier one of our own authority."""
        if status is None or not (status.intact and status.valid):
            return False
        return status.signing_cert.dump() == self.chain[0] or (
            bool(status.trusted) and self._is_under_own(status)
        )

    def note(self, status: PdfSignatureStatus | None) -> str:
        if status is None or not (status.intact and status.valid):
            return NOT_VALID
        if not status.trusted:
            return UNKNOWN_ROOT
        return OWN_AUTHORITY if self._is_under_own(status) else KNOWN_ROOT

    def name_of(self, found: EmbeddedPdfSignature) -> str:
        try:
            subject = found.signer_cert.subject
            return str(subject.native.get("common_name") or subject.human_friendly)
        except Exception:  # noqa: BLE001 - a stranger's certificate: no name can be read from it
            return ""

    def _is_under_own(self, status: PdfSignatureStatus) -> bool:
        path = status.validation_path
        return bool(
            self.own_authority
            and path is not None
            and path.first is not None
            and path.first.dump() == self.chain[-1]
        )

    @property
    def _own_root(self) -> list[x509.Certificate]:
        return [x509.Certificate.load(self.chain[-1])] if self.own_authority else []

    @cached_property
    def _known_roots(self) -> list[x509.Certificate]:
        return [x509.Certificate.load(der) for der in roots_in(self.roots)]


def roots_in(folder: Path | None) -> list[bytes]:
    """The certificates in a folder's PEM and DER files, as DER."""
    if folder is None or not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    return [der for path in files for der in _certificates(path.read_bytes())]


def _certificates(content: bytes) -> list[bytes]:
    if not pem.detect(content):
        return [content]
    return [der for _, _, der in pem.unarmor(content, multiple=True)]
