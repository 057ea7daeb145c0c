"""Whether a signer may sign with the certificate that they brought."""

from __future__ import annotations

from datetime import datetime

from lacre.kit.refusal import Refusal
from lacre.kit.tax_ids import clean_tax_id
from lacre.signing import errors
from lacre.signing.evidence import Certificate
from lacre.signing.signer import Signer

NOT_OPENED: dict[str, type[Refusal]] = {
    "password": errors.CertificatePasswordWrong,
    "unreadable": errors.CertificateUnreadable,
    "unfit": errors.CertificateUnfit,
}
"""Why a file could not be opened, and the refusal that says so."""


def check(certificate: Certificate, signer: Signer, *, now: datetime) -> None:
    """Raises the refusal of the first thing that is wrong with it, or that it is not theirs."""
    if now < certificate.begins_at:
        raise errors.CertificateNotYetValid
    if now > certificate.ends_at:
        raise errors.CertificateExpired
    if certificate.revoked:
        raise errors.CertificateRevoked
    if not certificate.trusted:
        raise errors.CertificateNotTrusted
    if not certificate.holder_tax_id:
        raise errors.CertificateNameless
    if signer.tax_id and clean_tax_id(signer.tax_id) != certificate.holder_tax_id:
        raise errors.CertificateOfAnother
