"""A1 certificates as requests bring them."""

from __future__ import annotations

import binascii
from base64 import b64decode
from pathlib import Path

from lacre.dialects.native.call import Call
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.wire.books import SaidCertificate
from lacre.fiscal.company import Company
from lacre.fiscal.ports import Certificate, CertificateUnusable

LARGEST = 100_000
"""Bytes of a file; some hold a whole chain."""
POINTER = "#/certificate"


def brought(call: Call, said: SaidCertificate, company: Company) -> Certificate | CertificateUnusable:
    """Opened, which takes a process and a moment: never within a transaction."""
    content = _from_form(call, said.upload) if said.upload is not None else _decoded(call, said.base64 or "")
    if len(content) > LARGEST:
        raise _unusable("A certificate's file has less than 100 kB.", "upload" if said.upload else "base64")
    reader = call.services.fiscal.certificates
    return reader.read(content, said.password, now=call.now, company=company.registry_code)


def _from_form(call: Call, part: str) -> bytes:
    upload = call.files.get(part)
    if upload is None:
        detail = f"The request has no file part called {part!r}."
        raise Declined("upload_missing", detail, pointer=f"{POINTER}/upload")
    upload.file.seek(0)
    return upload.file.read(LARGEST + 1)


def _decoded(call: Call, said: str) -> bytes:
    """A long text waits on disk."""
    text = _beginning(call.texts[said]) if said in call.texts else said
    try:
        return b64decode("".join(text.rpartition("base64,")[2].split()), validate=True)
    except (binascii.Error, ValueError):
        raise _unusable("This is not Base64.", "base64") from None


def _beginning(file: Path) -> str:
    """As much as is too much already."""
    with file.open(encoding="ascii", errors="replace") as text:
        return text.read(2 * LARGEST)


def _unusable(detail: str, name: str) -> Declined:
    return Declined("certificate_not_usable", detail, pointer=f"{POINTER}/{name}")
