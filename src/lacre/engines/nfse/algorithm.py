"""How documents are signed.

The contributors' manual (6.1.4) describes RSA-SHA1 over inclusive C14N 1.0; the Sefin itself signs with
RSA-SHA256 over exclusive C14N, and is reported to have answered E0714 to SHA-1 in 2026. So it is a setting.
"""

from __future__ import annotations

from enum import StrEnum


class Algorithm(StrEnum):
    SHA256 = "sha256"
    """RSA-SHA256, SHA-256, exclusive C14N: as the Sefin's own."""
    SHA1 = "sha1"
    """RSA-SHA1, SHA-1, inclusive C14N 1.0: as the manual's text."""
