"""Whom a verification trusts: our own authority, named as such, and roots from a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeGuard

from asn1crypto import pem, x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy

OWN_AUTHORITY = "issued by this installation's own authority, not by ICP-Brasil"
OWN_BUT_ENDED = "issued by this installation's own authority, whose certificate has ended since"
KNOWN_ROOT = "issued under a root that this installation trusts"
UNKNOWN_ROOT = "issued under a root that this installation does not know"
NOT_VALID = "the signature itself does not hold"
_STRONG = DisallowWeakAlgorithmsPolicy()  # type: ignore[no-untyped-call]
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
            algorithm_usage_policy=_STRONG,
        )

    def accepts(self, found: EmbeddedPdfSignature) -> bool:
        """Whether its algorithms still mean something: pyHanko only lets a weak one cost the trust."""
        policy, signer = _STRONG, found.signer_info
        digest = policy.digest_algorithm_allowed(signer["digest_algorithm"], None)
        made = policy.signature_algorithm_allowed(
            signer["signature_algorithm"], None, found.signer_cert.public_key
        )
        return bool(digest) and bool(made)

    def is_ours(self, status: PdfSignatureStatus | None) -> bool:
        """Made with the present seal, or with one that our own authority issued, however long ago."""
        if not _holds(status):
            return False
        return status.signing_cert.dump() == self.chain[0] or self._is_under_own(status)

    def note(self, status: PdfSignatureStatus | None) -> str:
        if not _holds(status):
            return NOT_VALID
        if self._is_under_own(status):
            return OWN_AUTHORITY if status.trusted else OWN_BUT_ENDED
        return KNOWN_ROOT if status.trusted else UNKNOWN_ROOT

    def name_of(self, found: EmbeddedPdfSignature) -> str:
        return _common_name(lambda: found.signer_cert.subject)

    def issuer_of(self, found: EmbeddedPdfSignature) -> str:
        return _common_name(lambda: found.signer_cert.issuer)

    def _is_under_own(self, status: PdfSignatureStatus) -> bool:
        if not self.own_authority:
            return False
        leaf = load_der_x509_certificate(status.signing_cert.dump())
        try:
            leaf.verify_directly_issued_by(load_der_x509_certificate(self.chain[-1]))
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True

    @property
    def _own_root(self) -> list[x509.Certificate]:
        return [x509.Certificate.load(self.chain[-1])] if self.own_authority else []

    @cached_property
    def _known_roots(self) -> list[x509.Certificate]:
        return [x509.Certificate.load(der) for der in roots_in(self.roots)]


def _common_name(read: Callable[[], x509.Name]) -> str:
    try:
        name = read()
        return str(name.native.get("common_name") or name.human_friendly)
    except Exception:  # noqa: BLE001 - a stranger's certificate: no name can be read from it
        return ""


def _holds(status: PdfSignatureStatus | None) -> TypeGuard[PdfSignatureStatus]:
    return status is not None and bool(status.intact and status.valid)


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
