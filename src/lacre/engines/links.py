"""Links as proofs: nothing is kept of them, an HMAC says that they are ours."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32decode, b32encode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qs, urlencode

from lacre.documents.links import FILE_LINK_LIFE, FileLink, Variant
from lacre.kit.ids import DocumentId, EnvelopeId, SignerId, TemplateId
from lacre.kit.times import scaled

SIGNER_PURPOSE, FILE_PURPOSE, RETURN_PURPOSE = "signer link", "file link", "return path"
_PROOF_BYTES = 10
"""Of addresses that mails come back to, which may be no longer than 64 letters before the @."""
_TAG = re.compile("[a-z2-7]{42}")
_FIRST = 1


class LinkKeys(Protocol):
    """Keys by purpose and number; the highest number signs."""

    @property
    def current(self) -> int: ...

    def derive(self, purpose: str, number: int) -> bytes:
        """Raises `KeyError` for a number that there is not."""
        ...


class SignedLinks:
    def __init__(self, public_url: str, keys: LinkKeys, *, time_scale: float = 1.0) -> None:
        self._public_url = public_url.rstrip("/")
        self._keys = keys
        self._time_scale = time_scale

    def signer_token(self, signer_id: SignerId, generation: int) -> str:
        # the first key for ever: these links live for months, and a generation can be ended by itself
        key = self._keys.derive(SIGNER_PURPOSE, _FIRST)
        return _as_uuid(hmac.digest(key, f"{signer_id}|{generation}".encode(), hashlib.sha256))

    def signing_url(self, token: str, *, one_click: bool = False) -> str:
        return f"{self._public_url}/verificar/{'oneclick/' if one_click else ''}{token}"

    def file_url(
        self, document_id: DocumentId, variant: Variant, *, now: datetime, life: timedelta = FILE_LINK_LIFE
    ) -> str:
        expires = _milliseconds(now + scaled(life, self._time_scale))
        number = self._keys.current
        query = {
            "variant": variant.value,
            "expires": expires,
            "key": number,
            "signature": self._signature(document_id, variant.value, expires, number),
        }
        return f"{self._public_url}/files/{document_id}?{urlencode(query)}"

    def open_file(self, document_id: str, query: str, *, now: datetime) -> FileLink | None:
        said = _said(query)
        if said is None:
            return None
        variant, expires, number, signature = said
        try:
            true = self._signature(document_id, variant, expires, number)
        except KeyError:
            return None
        if not hmac.compare_digest(true.encode(), signature.encode()) or _milliseconds(now) >= expires:
            return None
        return FileLink(document_id=DocumentId(document_id), variant=Variant(variant))

    def return_tag(self, signer_id: SignerId, address: str) -> str:
        # the first key for ever: a mail may come back after days
        key = self._keys.derive(RETURN_PURPOSE, _FIRST)
        proof = hmac.digest(key, f"{signer_id}|{address.strip().lower()}".encode(), hashlib.sha256)
        named = bytes.fromhex(signer_id.replace("-", ""))
        return b32encode(named + proof[:_PROOF_BYTES]).decode().rstrip("=").lower()

    def returned(self, tag: str) -> SignerId | None:
        if not _TAG.fullmatch(tag):
            return None
        said = b32decode(tag.upper() + "=" * (-len(tag) % 8))
        return SignerId(_hyphened(said[:16].hex()))

    def form_url(self, template_id: TemplateId) -> str:
        return f"{self._public_url}/verificar/doc/{template_id}"

    def verify_url(self, envelope_id: EnvelopeId) -> str:
        return f"{self._public_url}/verify/{envelope_id}"

    def _signature(self, document_id: str, variant: str, expires: int, number: int) -> str:
        said = f"{document_id}|{variant}|{expires}|{number}".encode()
        proof = hmac.digest(self._keys.derive(FILE_PURPOSE, number), said, hashlib.sha256)
        return urlsafe_b64encode(proof).rstrip(b"=").decode()


def _said(query: str) -> tuple[str, int, int, str] | None:
    """Variant, expiry, key number and signature; one spelling only."""
    try:
        found = parse_qs(query, strict_parsing=True, max_num_fields=4)
        values = [_only(found[name]) for name in ("variant", "expires", "key", "signature")]
        variant, expires, number, signature = values
        return variant, _digits(expires), _digits(number), signature
    except (KeyError, ValueError):
        return None


def _only(values: list[str]) -> str:
    (value,) = values
    return value


def _digits(text: str) -> int:
    if not re.fullmatch("[0-9]{1,15}", text):
        raise ValueError(text)
    return int(text)


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _as_uuid(proof: bytes) -> str:
    """122 bits in the shape of a version 4 UUID."""
    shaped = bytearray(proof[:16])
    shaped[6] = shaped[6] & 0x0F | 0x40
    shaped[8] = shaped[8] & 0x3F | 0x80
    return _hyphened(shaped.hex())


def _hyphened(text: str) -> str:
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
