"""What is sent and what is heard, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

BODY_CAP = 64 * 1024
"""What is read of an answer's body; the rest is of no use to anybody and may be endless."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One exchange to make. Redirects are never followed: an answer is an answer."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    """Sent as they are, in this order; an empty value is sent as an empty header."""
    body: bytes = b""
    deadline_seconds: float
    """For the whole of it: name, connection, TLS, request, headers and body."""
    pool_key: str = ""
    """Connections are reused only among requests with the same key: the account's id."""
    ca_pem: bytes | None = field(default=None, repr=False)
    """Certificates that the receiver's may be signed by, instead of the system's."""
    client_pem: bytes | None = field(default=None, repr=False)
    """Our certificate and its key, where the receiver asks for one."""


@dataclass(frozen=True, kw_only=True)
class Timings:
    """Seconds each step took; 0 where it was not reached or not needed (a connection kept alive)."""

    dns: float = 0.0
    connect: float = 0.0
    tls: float = 0.0
    first_byte: float = 0.0
    """From the request being ready to be sent to the first byte of the answer."""
    total: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A status came in time. What comes after the status line may be broken or cut: then `truncated`."""

    status: int
    headers: tuple[tuple[str, str], ...]
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
]


@dataclass(frozen=True, kw_only=True)
class NoAnswer:
    """No status came: `reason` is a stable code, `detail` is for whoever runs the installation."""

    reason: Reason
    detail: str
    timings: Timings


Outcome: TypeAlias = Answer | NoAnswer
