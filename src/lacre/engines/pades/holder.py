"""A signer's own certificate: a PKCS #12 file opened in memory, and what it says of its holder."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import pkcs12 as opening
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from lacre.engines.icp_brasil import COMPANY, CPF, LARGEST, PERSON, is_p12, other_names
from lacre.engines.pades.certificate import common_name, in_order
from lacre.engines.pades.cms import PrivateKey, loaded, sign_with
from lacre.engines.pades.responder import said_of
from lacre.engines.pades.revocation import Ways, completed, get_list, list_urls
from lacre.engines.pades.trust import roots_in
from lacre.engines.running import Run, run_here
from lacre.kit.ids import Digest
from lacre.kit.tax_ids import is_cnpj, is_cpf
from lacre.signing.evidence import Certificate
from lacre.signing.ports import NotOpened, OpenedKey

_SEALS = tuple(f"2.16.76.1.2.{kind}." for kind in (201, 202, 203, 204))
"""Policies SE-S, SE-H, AE-S and AE-H."""
_RSA, _CURVES = range(2048, 8193), range(256, 522)
"""Sizes of keys, in bits."""


class HeldKey:
    """A private key in memory; gone with the request."""

    def __init__(self, key: PrivateKey, chain: tuple[bytes, ...]) -> None:
        self._chain, self.sign = chain, partial(sign_with, key)

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self._chain

    def __repr__(self) -> str:
        return "HeldKey()"


class P12Certificates:
    """`Certificates` from files. `roots` are those that ICP-Brasil's certificates must lead to.

    `run` opens them elsewhere: a file says itself how often its password is hashed, and may mean hours.
    """

    def __init__(self, roots: Path | None, ways: Ways, run: Run = run_here) -> None:
        self._folder, self._ways, self._run = roots, ways, run

    def open(self, p12: bytes, password: str) -> OpenedKey | NotOpened:
        if not 0 < len(p12) <= LARGEST:
            return NotOpened(code=UNREADABLE)
        found = self._run(read_p12, p12, password, seconds=_SECONDS, memory_bytes=_MEMORY)
        if isinstance(found, str) or not isinstance(found, tuple):
            return NotOpened(code=found if isinstance(found, str) else UNREADABLE)
        return self._judged(*found)

    def _judged(self, key: bytes, chain: tuple[bytes, ...]) -> OpenedKey:
        whole = completed(chain, self._roots) or chain
        trusted = _is_trusted(whole, self._roots)
        revoked = _is_revoked(whole, self._ways) if trusted else None
        certificate = _said(x509.load_der_x509_certificate(chain[0]), trusted=trusted, revoked=revoked)
        return OpenedKey(key=HeldKey(loaded(key), whole), certificate=certificate)

    @cached_property
    def _roots(self) -> list[bytes]:
        return roots_in(self._folder)


UNREADABLE, PASSWORD, UNFIT = "unreadable", "password", "unfit"
_SECONDS, _MEMORY = 15.0, 256 << 20


def read_p12(p12: bytes, password: str) -> tuple[bytes, tuple[bytes, ...]] | str:
    """The key (PKCS #8, DER) and its chain; or why not. What runs in the child."""
    if not is_p12(p12):
        return UNREADABLE
    try:
        key, leaf, others = opening.load_key_and_certificates(p12, password.encode() or None)
    except ValueError:
        # of a file that is one, only its password can be wrong; the library says no more
        return PASSWORD
    except Exception:  # noqa: BLE001 - a stranger's bytes: whatever they break, there is no key in them
        return UNREADABLE
    if leaf is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        return UNREADABLE
    if leaf.public_key() != key.public_key():
        return UNREADABLE
    if not _is_fit(leaf):
        return UNFIT
    kept = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return kept, tuple(_der(one) for one in in_order(leaf, list(others)))


def _is_fit(leaf: x509.Certificate) -> bool:
    public = leaf.public_key()
    sizes = _RSA if isinstance(public, rsa.RSAPublicKey) else _CURVES
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or public.key_size not in sizes:
        return False
    if _is_of_a_machine(leaf):
        return False
    try:
        usage: x509.KeyUsage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _is_of_a_machine(leaf: x509.Certificate) -> bool:
    """A company's electronic seal, or an application's: no will is expressed by one (Res. CG 211/2024)."""
    try:
        policies = leaf.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return False
    return any(f"{one.policy_identifier.dotted_string}.".startswith(_SEALS) for one in policies)


def _said(leaf: x509.Certificate, *, trusted: bool, revoked: bool | None) -> Certificate:
    names = other_names(leaf)
    cpf, cnpj = names.get(PERSON, "")[CPF], names.get(COMPANY, "")[:14]
    return Certificate(
        subject=common_name(leaf)[:200],
        issuer=_issuer_name(leaf)[:200],
        serial=f"{leaf.serial_number:x}",
        digest=Digest(hashlib.sha256(_der(leaf)).hexdigest()),
        begins_at=leaf.not_valid_before_utc,
        ends_at=leaf.not_valid_after_utc,
        tax_id=cpf if is_cpf(cpf) else "",
        company_tax_id=cnpj if is_cnpj(cnpj) else "",
        trusted=trusted,
        revoked=revoked,
    )


def _issuer_name(leaf: x509.Certificate) -> str:
    names = leaf.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else leaf.issuer.rfc4514_string()


def _is_trusted(chain: Sequence[bytes], roots: Sequence[bytes]) -> bool:
    """On a day when the certificate itself was valid: whether that is today is said apart."""
    if not roots:
        return False
    try:
        leaf, *others = [asn1_x509.Certificate.load(der) for der in chain]
        context = ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(der) for der in roots],
            allow_fetching=False,
            moment=_within(leaf),
            revocation_mode="soft-fail",
        )
        asyncio.run(CertificateValidator(leaf, others, context).async_validate_path())
    except (PathError, ValidationError, ValueError, TypeError):
        return False
    return True


def _within(leaf: asn1_x509.Certificate) -> datetime:
    now = datetime.now(UTC)  # noqa: TID251 - certificates live by the real clock
    begins: datetime = leaf.not_valid_before
    ends: datetime = leaf.not_valid_after
    return min(max(now, begins + timedelta(seconds=1)), ends - timedelta(seconds=1))


def _is_revoked(chain: Sequence[bytes], ways: Ways) -> bool | None:
    """`True` if any of the chain is; `None` if nobody could say so of the signer's own."""
    certificates = [x509.load_der_x509_certificate(der) for der in chain]
    said = [_revoked(one, issuer, ways) for one, issuer in pairwise(certificates)]
    if any(said):
        return True
    return said[0] if said else None


def _revoked(certificate: x509.Certificate, issuer: x509.Certificate, ways: Ways) -> bool | None:
    """The responder is asked first: it knows since when the list was made."""
    answered = said_of(certificate, issuer, ways)
    if answered is not None:
        return answered
    for url in list_urls(certificate):
        content = get_list(url, ways) if url.startswith(("http://", "https://")) else b""
        found = _read_list(content, issuer) if content else None
        if found is not None:
            return found.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
    return None


def _read_list(content: bytes, issuer: x509.Certificate) -> x509.CertificateRevocationList | None:
    """A list that its authority signed; an old one still says who was revoked by then."""
    try:
        found = x509.load_der_x509_crl(content)
        return found if found.is_signature_valid(issuer.public_key()) else None  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return None


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
