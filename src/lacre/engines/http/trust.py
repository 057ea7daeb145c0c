"""Whom TLS trusts: the system's authorities, or the ones that come with certifi."""

from __future__ import annotations

import os
import ssl
from functools import cache
from pathlib import Path

import certifi

# the libcurl inside pycurl's wheel only knows where one Linux family keeps them
_USUAL_PLACES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


@cache
def ca_file() -> str:
    """`SSL_CERT_FILE` goes first, then the system's: there a company adds its own authority."""
    asked = os.environ.get("SSL_CERT_FILE", "")
    places = (asked, ssl.get_default_verify_paths().openssl_cafile, *_USUAL_PLACES)
    return next((place for place in places if place and Path(place).is_file()), certifi.where())
