"""A kind of document that a company issues: its series, its numbers, its certificate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lacre.fiscal.company import ACTIVE
from lacre.fiscal.errors import SeriesInvalid
from lacre.fiscal.ports import Certificate
from lacre.kit.ids import AccountId, CompanyId, SchemaId
from lacre.kit.json import Json

NFSE: Final = "nfse"
_SERIES = re.compile(r"0*[1-9][0-9]{0,4}")
LAST_OWN_SERIES = 49_999
"""Those above are for other ways of issuing than a taxpayer's own software."""


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """What may be shown of a certificate."""

    tax_id: str
    name: str
    fingerprint: str
    starts_at: datetime
    expires_at: datetime


@dataclass(kw_only=True)
class Schema:
    id: SchemaId
    account_id: AccountId
    company_id: CompanyId
    name: str
    code: str
    kind: str = NFSE
    status: str = ACTIVE
    serie: str = "1"
    """As it is shown; what is sent is `series`."""
    series: str = "1"
    """Digits."""
    sequence: int = 1
    """The number of the note that was issued last; before the first, the one that it will have."""
    certificate: CertificateFacts | None = None
    """None: none yet. The certificate itself is kept encrypted, beside this."""
    parameters: Mapping[str, Json] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None


def facts_of(certificate: Certificate) -> CertificateFacts:
    return CertificateFacts(
        tax_id=certificate.tax_id,
        name=certificate.name,
        fingerprint=certificate.fingerprint,
        starts_at=certificate.starts_at,
        expires_at=certificate.expires_at,
    )


def certificate_of(facts: CertificateFacts, pem: bytes) -> Certificate:
    """The inverse, with what was kept apart."""
    return Certificate(
        pem=pem,
        tax_id=facts.tax_id,
        name=facts.name,
        fingerprint=facts.fingerprint,
        starts_at=facts.starts_at,
        expires_at=facts.expires_at,
    )


def series_of(said: str) -> str:
    """Of a series as it is sent: digits, without zeros in front."""
    if not _SERIES.fullmatch(said) or int(said) > LAST_OWN_SERIES:
        raise SeriesInvalid("serie", LAST_OWN_SERIES)
    return str(int(said))
