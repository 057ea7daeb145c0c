"""PAdES: signatures laid into PDFs, and judged."""

from lacre.engines.pades.certificate import Identity, SealUnusable, load_or_create_certificate
from lacre.engines.pades.holder import P12Certificates
from lacre.engines.pades.revocation import Ways
from lacre.engines.pades.sealer import PyhankoSealer, SealConfig
from lacre.engines.pades.timestamp import TimestampTransport
from lacre.engines.pades.verifier import PyhankoVerifier
from lacre.engines.running import Run, run_here

__all__ = [
    "Identity",
    "P12Certificates",
    "PyhankoSealer",
    "PyhankoVerifier",
    "Run",
    "SealConfig",
    "SealUnusable",
    "TimestampTransport",
    "Ways",
    "load_or_create_certificate",
    "run_here",
]
