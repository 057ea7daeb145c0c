"""RFC 3161 timestamps, asked for through whatever transport is plugged in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Protocol

from asn1crypto import cms, tsp, x509
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

_QUERY, _GRANTED = "application/timestamp-query", ("granted", "granted_with_mods")


class TimestampTransport(Protocol):
    """The way out to the timestamp server."""

    def post(self, url: str, body: bytes, content_type: str) -> bytes | None:
        """The answer's body; `None` for any failure."""
        ...


def timestamp(transport: TimestampTransport, url: str, content: bytes) -> bytes | None:
    """A token over the content (DER), checked; `None` when the server failed or answered nonsense."""
    return timestamp_digest(transport, url, hashlib.sha256(content).digest())


def timestamp_digest(transport: TimestampTransport, url: str, digest: bytes) -> bytes | None:
    nonce = secrets.randbits(63)
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    answer = transport.post(url, request.dump(), _QUERY)
    return None if answer is None else _token(answer, digest, nonce)


def stated_time(token: bytes) -> datetime:
    """When a token says that it was made."""
    info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
    stated: datetime = info["gen_time"].native
    return stated


def _token(answer: bytes, digest: bytes, nonce: int) -> bytes | None:
    """The token in the answer, if it is a sound one for our request."""
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in _GRANTED:
            return None
        token = response["time_stamp_token"]
        return bytes(token.dump()) if _sound(token, digest, nonce) else None
    except Exception:  # noqa: BLE001 - a stranger's bytes: whatever they break, there is no token
        return None


def _sound(token: cms.ContentInfo, digest: bytes, nonce: int) -> bool:
    signed = token["content"]
    info = signed["encap_content_info"]["content"].parsed
    imprint = info["message_imprint"]
    if imprint["hashed_message"].native != digest or info["nonce"].native != nonce:
        return False
    (signer,) = signed["signer_infos"]
    content = bytes(signed["encap_content_info"]["content"])
    certificate = _signer_certificate(signed, signer)
    algorithm = signer["digest_algorithm"]["algorithm"].native
    intact, valid = validate_sig_integrity(
        signer, certificate, "tst_info", hashlib.new(algorithm, content).digest()
    )
    return bool(intact and valid)


def _signer_certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    wanted = signer["sid"].chosen["serial_number"].native
    return next(choice.chosen for choice in signed["certificates"] if choice.chosen.serial_number == wanted)
