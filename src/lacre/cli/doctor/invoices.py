"""Checks of where service invoices go."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from lacre.cli.doctor.finding import Finding, fine, problem
from lacre.settings import Settings

SECONDS = 10.0


def tax_office(settings: Settings) -> Finding:
    """Whether the sandbox's listens; the government's is not asked, since only a certificate may."""
    places = ["test", *(["production"] if settings.nfse_production else [])]
    if not settings.nfse_sandbox_url:
        return fine(f"notes of {' and '.join(places)}; there is no sandbox")
    url = urlsplit(settings.nfse_sandbox_url)
    try:
        socket.create_connection((url.hostname or "", url.port or 443), SECONDS).close()
    except OSError as trouble:
        return problem(f"the sandbox's Sefin does not listen: {trouble}", _REMEDY)
    return fine(f"notes of sandbox, {' and '.join(places)}; the sandbox's Sefin listens")


_REMEDY = "Run `lacre sefin run`, and set what it prints; meanwhile companies in the sandbox wait."
