"""What fiscal needs from outside: a tax office to issue with, and a printer.

Nothing here raises for what the world does; every answer is a value. `match` them all.
The order in which to use it, so that no number is used and no note is issued twice:

1. `build` (also at the door: no certificate, no network, milliseconds). `Refused` never becomes a note.
2. `sign`, and commit the `Signed` **before** anything is sent: it is what is sent again after a crash.
3. `issue(signed)` outside any transaction.
4. After `Unknown`, and after a crash between 2 and recording 3: `look_up(signed)` before anything else.
   `NotIssued` → `issue` the **same** `Signed` again: its id makes a second note impossible, even if the
   first sending should still arrive. Never draw another number.
Cancelling has the same four steps: `sign_cancellation`, commit, `cancel`, `look_up_cancellation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, TypeAlias

from lacre.fiscal.note import Cancellation, Environment, Note

# ── the certificate ──────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """An A1 certificate. Keep `pem` encrypted; the file that it came in and its password need not be kept."""

    pem: bytes = field(repr=False)
    """The certificate, those that signed it if they came along, and the private key without a password."""
    tax_id: str
    """CNPJ or CPF inside (ICP-Brasil's 2.16.76.1.3.3 and 2.16.76.1.3.1), or empty."""
    name: str
    starts_at: datetime
    expires_at: datetime
    fingerprint: str
    """SHA-256 of the certificate, hex."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateUnusable:
    """Codes: not_pkcs12, wrong_password, no_key, not_rsa, expired, other_company, no_client_auth."""

    code: str
    reason: str


class CertificateReader(Protocol):
    def read(
        self, pkcs12: bytes, password: str, *, now: datetime, company: str = ""
    ) -> Certificate | CertificateUnusable:
        """`company` is a CNPJ or CPF whose root the certificate must carry; empty: not asked."""
        ...


# ── what is built, and why not ───────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Of one field of the note."""

    field: str
    """In our words, dotted: `customer.address.postal_code`; or the layout's path where only the XSD knows."""
    code: str
    """Stable: required, invalid, too_long, production_off, no_sandbox, schema …"""
    text: str
    """One English sentence: what to do. `{0}` stands for `fill`, here and in Portuguese."""
    remedy: str
    """The same in Portuguese."""
    fill: str = ""

    @property
    def told(self) -> str:
        return self.text.format(self.fill)

    @property
    def advice(self) -> str:
        """For those who read Portuguese."""
        return self.remedy.format(self.fill)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Never sent."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A DPS that is valid but for its signature."""

    environment: Environment
    id: str
    """45 characters: municipality, issuer, series, number. Two drafts with one id can never both be notes."""
    xml: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """What is sent, byte for byte, as often as need be: a DPS, or the request for an event."""

    environment: Environment
    id: str
    xml: bytes


# ── what came back ───────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """An alert or an error of the Sefin."""

    code: str
    """Theirs, `E0014`; empty when they sent none."""
    text: str
    """Theirs, Portuguese."""
    remedy: str = ""
    """What to do, Portuguese; empty where we know nothing better than `text`."""
    facts: tuple[str, ...] = ()
    """What stands in `text`, where it is ours: whoever says it in another language needs them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """Issued. `xml` is the NFS-e, signed by the Sefin, our DPS inside."""

    key: str
    """Fifty digits."""
    number: str
    """The note's own, as printed."""
    xml: bytes
    processed_at: datetime
    alerts: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """Judged and not issued; the same DPS will be rejected again. `exchange` is the body as it came."""

    errors: tuple[Finding, ...]
    exchange: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateRefused:
    """By the Sefin or in the handshake: nothing was issued, and nothing will be with this certificate."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """It was sent, or may have been, and no answer says what became of it: `look_up` first."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreachable:
    """Nothing was sent, or they said that nothing was done: safe to do again, later."""

    reason: str
    retry_after_seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotIssued:
    """They know no note of this DPS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancelled:
    """The event is registered. `xml` is the event, signed by the Sefin."""

    xml: bytes
    registered_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NotCancelled:
    """They know no such event of this note."""


Issuing: TypeAlias = Accepted | Rejected | CertificateRefused | Unknown | Unreachable
Found: TypeAlias = Accepted | NotIssued | Rejected | CertificateRefused | Unreachable
"""`Rejected`: the number is taken, by a note that is not this one."""
Cancelling: TypeAlias = Cancelled | Rejected | CertificateRefused | Unknown | Unreachable
FoundCancelled: TypeAlias = Cancelled | NotCancelled | CertificateRefused | Unreachable


class TaxOffice(Protocol):
    """The NFS-e nacional. Safe to call from many threads; no call takes longer than its deadline."""

    def build(self, note: Note) -> Draft | Refused:
        """Pure but for the schema that it reads; validated against the XSD."""
        ...

    def sign(self, draft: Draft, certificate: Certificate) -> Signed | Refused: ...

    def issue(self, signed: Signed, certificate: Certificate) -> Issuing:
        """One sending and no retry. That this DPS was issued before is `Accepted`, as `look_up` tells it."""
        ...

    def look_up(self, signed: Signed, certificate: Certificate) -> Found: ...

    def sign_cancellation(self, asked: Cancellation, certificate: Certificate) -> Signed | Refused: ...

    def cancel(self, signed: Signed, certificate: Certificate) -> Cancelling:
        """That it was cancelled by this very request before is `Cancelled`."""
        ...

    def look_up_cancellation(self, signed: Signed, certificate: Certificate) -> FoundCancelled: ...

    def replacement_of(self, key: str, environment: Environment, certificate: Certificate) -> FoundCancelled:
        """The event that it registered by itself as it accepted a note in the place of this one."""
        ...


# ── a municipality ───────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How a municipality takes part (convênio)."""

    city_code: str
    takes_part: bool
    national_issuer: bool
    """Its taxpayers issue with the national Sefin; else with the municipality's own system."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceRate:
    """ISS of one service there."""

    rate: Decimal
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotKnown:
    """They have no such parameter."""


class Municipalities(Protocol):
    """Looked up with any certificate and remembered for hours; an old answer is given when none is had."""

    def agreement(
        self, city_code: str, environment: Environment, certificate: Certificate
    ) -> Agreement | NotKnown | CertificateRefused | Unreachable: ...

    def rates(
        self,
        city_code: str,
        national_code: str,
        competence_on: date,
        environment: Environment,
        certificate: Certificate,
    ) -> Sequence[ServiceRate] | NotKnown | CertificateRefused | Unreachable: ...


# ── paper ────────────────────────────────────────────────────────────────────


class NotePrinter(Protocol):
    def print(self, nfse: bytes, *, cancelled: bool = False, replaced_by: str = "") -> bytes:
        """The DANFSe as PDF, from the NFS-e's XML; `replaced_by` is the key of the note in its place."""
        ...

    def preview(self, draft: Draft, *, issuer_name: str = "") -> bytes:
        """The same layout of what is not issued yet, marked as worth nothing."""
        ...
