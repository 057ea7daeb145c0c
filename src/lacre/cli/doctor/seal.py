"""The check of the certificate that the platform seals with."""

from __future__ import annotations

from datetime import timedelta

from cryptography import x509

from lacre.cli.doctor.finding import Finding, fine, problem, warning
from lacre.engines import clock
from lacre.engines.pades import Identity, SealUnusable
from lacre.engines.pades.certificate import common_name, is_made, read_certificate
from lacre.engines.pades.trust import roots_in
from lacre.settings import Settings

SOON = timedelta(days=30)


def certificate(settings: Settings) -> Finding:
    if settings.seal_p12 is None and not is_made(settings.data_dir):
        return fine("an authority of its own, not ICP-Brasil: the first start makes it")
    try:
        password = settings.seal_p12_password.get_secret_value()
        identity = read_certificate(settings.data_dir, settings.seal_p12, password)
    except (SealUnusable, OSError, ValueError) as unusable:
        return problem(str(unusable), "Check LACRE_SEAL_P12, its permissions and LACRE_SEAL_P12_PASSWORD.")
    return (
        _in_time(identity)
        or _in_one_piece(identity)
        or _of_one_node(identity, settings)
        or fine(_said(identity))
    )


def trusted_roots(settings: Settings) -> Finding:
    folder = settings.trusted_roots
    if folder is None:
        return fine("none: only our own seals are trusted, and nobody can sign with a certificate of theirs")
    try:
        names = [common_name(x509.load_der_x509_certificate(der)) for der in roots_in(folder)]
    except (OSError, ValueError) as trouble:
        return problem(f"{folder}: {trouble}", "Leave only certificates there, as PEM or DER.")
    if not names:
        return problem(f"{folder} holds no certificate", "Put roots there as .pem, .crt, .cer or .der.")
    return fine(f"{len(names)}: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}")


def _in_time(identity: Identity) -> Finding | None:
    leaf, now = x509.load_der_x509_certificate(identity.chain[0]), clock.now()
    remedy = _REMEDY[identity.own]
    if now < leaf.not_valid_before_utc:
        return problem(f"{_said(identity)} is not valid yet", "Is this machine's clock right?")
    if now > identity.expires_at:
        return problem(f"{_said(identity)} has expired", remedy)
    if now > identity.expires_at - SOON:
        return warning(f"{_said(identity)}: {(identity.expires_at - now).days} days are left", remedy)
    return None


_REMEDY = {
    True: "Start Lacre anew: it renews a seal of its own authority in the last 60 days.",
    False: "Put its successor in place and start Lacre anew: see docs/operate, certificates.",
}


def _in_one_piece(identity: Identity) -> Finding | None:
    top = x509.load_der_x509_certificate(identity.chain[-1])
    if top.issuer == top.subject:
        return None
    return warning(
        f"{_said(identity)}; the P12 does not hold its issuers up to a root",
        "Export it again with the whole chain, or readers may not be able to build it.",
    )


def _of_one_node(identity: Identity, settings: Settings) -> Finding | None:
    if not identity.own or settings.embedded:
        return None
    return warning(
        f"{_said(identity)}; it lies in this node's data folder",
        "With more than one node, set LACRE_SEAL_P12 or copy seal/ to all of them: each would make its own.",
    )


def _said(identity: Identity) -> str:
    whose = "its own authority, not ICP-Brasil" if identity.own else _issuer(identity)
    return f"“{identity.common_name}”, issued by {whose}, until {identity.expires_at:%Y-%m-%d}"


def _issuer(identity: Identity) -> str:
    return x509.load_der_x509_certificate(identity.chain[0]).issuer.rfc4514_string()
