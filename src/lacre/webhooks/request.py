"""What is sent and what is heard, as data."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from lacre.webhooks.body import BodyParts

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""In the order in which they are said."""
BODY_CAP = 64 * 1024
"""What is read of an answer's body; the rest is of no use to anybody and may be endless."""


class Request(Struct, frozen=True, kw_only=True, gc=False):
    """One exchange to make. Redirects are never followed: an answer is an answer."""

    method: str
    url: str
    headers: Headers
    """Sent as they are, in this order; an empty value is sent as an empty header."""
    body: bytes = b""
    parts: BodyParts | None = None
    """A body too large to be held, instead; read before it is sent, to sign it and to know its length."""
    deadline_seconds: float
    """For the whole of it: name, connection, TLS, request, headers and body."""
    pool_key: str = ""
    """Connections are reused only among requests with the same key: the account's id."""
    ca_pem: bytes | None = None
    """Certificates that the receiver's may be signed by, instead of the system's."""
    client_pem: bytes | None = None
    """Our certificate and its key, where the receiver asks for one."""
    answer_cap: int = BODY_CAP
    """Of an answer's body that is read, in bytes: more only from whom we know, and need all of it."""

    def __repr__(self) -> str:
        """Without headers and certificates: they may be secret, and a trace may be logged."""
        return f"Request({self.method}, {len(self.body)} bytes)"


class Timings(Struct, frozen=True, kw_only=True, gc=False):
    """Seconds each step took; 0 where it was not reached or not needed (a connection kept alive)."""

    dns: float = 0.0
    connect: float = 0.0
    tls: float = 0.0
    first_byte: float = 0.0
    """From the request being ready to be sent to the first byte of the answer."""
    total: float = 0.0


class Answer(Struct, frozen=True, kw_only=True, gc=False):
    """A status came in time. What comes after the status line may be broken or cut: then `truncated`."""

    status: int
    headers: Headers
    body: bytes
    truncated: bool
    address: str
    """The IP that was spoken to."""
    timings: Timings


Reason: TypeAlias = Literal[
    "url_invalid",
    "headers_invalid",
    "dns_failed",
    "address_forbidden",
    "connect_failed",
    "tls_failed",
    "deadline",
    "reset",
    "protocol_error",
    "too_large",
    "file_unreadable",
]


class NoAnswer(Struct, frozen=True, kw_only=True, gc=False):
    """No status came: `reason` is a stable code, `detail` is for whoever runs the installation."""

    reason: Reason
    detail: str
    timings: Timings
    sent: bool = False
    """The request had gone out, or had begun to."""


Outcome: TypeAlias = Answer | NoAnswer
