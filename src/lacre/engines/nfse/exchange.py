"""One exchange with the national system: JSON over mutual TLS, documents packed as gzip in Base64."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Mapping
from io import BytesIO

from lacre.engines.nfse.places import Place
from lacre.fiscal.ports import Certificate, CertificateRefused, Unreachable
from lacre.kit.json import JsonObject
from lacre.webhooks.ports import Sender
from lacre.webhooks.request import Answer, NoAnswer, Outcome, Request

ISSUE_SECONDS, ASK_SECONDS, HINT_SECONDS = 60.0, 20.0, 5.0
"""For a document to be judged, for what is looked up, and for what one can do without."""
LARGEST_DOCUMENT = 4 << 20
"""Of a packed document, once it is unpacked: one with a thousand deductions has half a megabyte."""
LARGEST_ANSWER = 2 << 20
"""Of their JSON: what is cut off is never understood, and would be asked for again without end."""

# how OpenSSL names the alerts by which a server turns down a client's certificate (RFC 8446, 6.2)
_TURNED_DOWN = re.compile(
    r"alert (certificate|bad certificate|unsupported certificate|no certificate|unknown ca|access denied"
    r"|decrypt error|handshake failure)",
    re.IGNORECASE,
)


class Exchanges:
    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def ask(
        self, method: str, url: str, place: Place, certificate: Certificate, *, seconds: float = ASK_SECONDS
    ) -> Outcome:
        return self._send(method, url, place, certificate, b"", seconds)

    def post(self, url: str, content: JsonObject, place: Place, certificate: Certificate) -> Outcome:
        body = json.dumps(content, separators=(",", ":")).encode()
        return self._send("POST", url, place, certificate, body, ISSUE_SECONDS)

    def _send(
        self, method: str, url: str, place: Place, certificate: Certificate, body: bytes, seconds: float
    ) -> Outcome:
        kind = (("Content-Type", "application/json"),) if body else ()
        return self._sender.send(
            Request(
                method=method,
                url=url,
                headers=(("Accept", "application/json"), *kind),
                body=body,
                deadline_seconds=seconds,
                answer_cap=LARGEST_ANSWER,
                # whoever has another certificate gets another connection
                pool_key=certificate.fingerprint,
                ca_pem=place.ca_pem,
                client_pem=certificate.pem,
            )
        )


def turned_down(outcome: Outcome) -> CertificateRefused | None:
    """With TLS 1.3 the client has sent its request by the time that it hears so; nobody has read it."""
    match outcome:
        case Answer(status=401 | 403 as status):
            return CertificateRefused(reason=f"HTTP {status}: the certificate may not do this.")
        case Answer(status=496 | 495 as status):
            return CertificateRefused(reason=f"HTTP {status}: no certificate that they take.")
        case NoAnswer(detail=detail) if _TURNED_DOWN.search(detail):
            return CertificateRefused(reason=detail)
        case _:
            return None


def not_reached(outcome: Outcome) -> Unreachable | None:
    """What says for sure that nothing was done."""
    match outcome:
        case NoAnswer(sent=False):
            return Unreachable(reason=said(outcome))
        case Answer(status=429 as status) | Answer(status=404 | 405 | 501 as status):
            return Unreachable(reason=f"HTTP {status}", retry_after_seconds=_retry_after(outcome))
        case _:
            return None


def said(outcome: Outcome) -> str:
    """In a few words, for whoever reads why."""
    match outcome:
        case NoAnswer(reason=reason, detail=detail):
            return f"{reason}: {detail}"
        case Answer(status=status, truncated=truncated):
            return f"HTTP {status}{', cut off' if truncated else ''}"


def packed(xml: bytes) -> str:
    return base64.b64encode(gzip.compress(xml, mtime=0)).decode()


def unpacked(text: object) -> bytes | None:
    """None of what is neither, or grows past any document."""
    if not isinstance(text, str):
        return None
    try:
        with gzip.GzipFile(fileobj=BytesIO(base64.b64decode(text, validate=True))) as file:
            content = file.read(LARGEST_DOCUMENT + 1)
    except (binascii.Error, OSError, EOFError, zlib.error):
        return None
    return content if len(content) <= LARGEST_DOCUMENT else None


def read(answer: Answer) -> Mapping[str, object]:
    """Its JSON object by names in lower case: the system answers `codigo` here and `Codigo` there."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return lowered(found) if isinstance(found, dict) else {}


def lowered(found: Mapping[str, object]) -> dict[str, object]:
    return {name.lower(): value for name, value in found.items()}


def _retry_after(outcome: Outcome) -> float | None:
    headers = outcome.headers if isinstance(outcome, Answer) else ()
    told = next((value for name, value in headers if name.lower() == "retry-after"), "")
    return float(told) if re.fullmatch(r"[0-9]{1,6}", told) else None
