"""Identifiers: 122 random bits in the shape of a version 4 UUID, shown with a prefix by our own API."""

from __future__ import annotations

import re
import uuid  # noqa: TID251 - the one place that may
from os import register_at_fork, urandom
from threading import Lock
from typing import NewType

AccountId = NewType("AccountId", str)
UserId = NewType("UserId", str)
GroupId = NewType("GroupId", str)
EnvelopeId = NewType("EnvelopeId", str)
DocumentId = NewType("DocumentId", str)
SignerId = NewType("SignerId", str)
TemplateId = NewType("TemplateId", str)
FieldId = NewType("FieldId", str)
PhotoId = NewType("PhotoId", str)
AttachmentId = NewType("AttachmentId", str)
ActId = NewType("ActId", str)
EventId = NewType("EventId", str)
EndpointId = NewType("EndpointId", str)
DeliveryId = NewType("DeliveryId", str)
AttemptId = NewType("AttemptId", str)
JobId = NewType("JobId", str)
ReplayId = NewType("ReplayId", str)
FolderId = NewType("FolderId", str)
ExtractionId = NewType("ExtractionId", str)
CompanyId = NewType("CompanyId", str)
CustomerId = NewType("CustomerId", str)
SchemaId = NewType("SchemaId", str)
ItemId = NewType("ItemId", str)
InvoiceId = NewType("InvoiceId", str)
OperationId = NewType("OperationId", str)
TransactionId = NewType("TransactionId", str)
AssetId = NewType("AssetId", str)
Digest = NewType("Digest", str)
"""SHA-256 of a file's bytes, 64 lowercase hex digits; the file's name everywhere."""


def new_uuid() -> str:
    """A fresh version 4 UUID; its 122 random bits come from the operating system."""
    return str(uuid.uuid4())


def named_uuid(owner: str, name: str) -> str:
    """A version 5 UUID: the same for ever of the same name within the same owner, a UUID too. No secret."""
    return str(uuid.uuid5(uuid.UUID(owner), name))


def timed_uuid(at: int) -> str:
    """A version 7 UUID of an instant in microseconds: later ones sort later, so that rows added one after the
    other lie beside each other in an index. The rest is random, but in clear order: no secret.

    RFC 9562, with the microseconds within the millisecond in the field that may hold them (6.2, method 3).
    """
    milliseconds, rest = divmod(at, 1000)
    head = milliseconds << 80 | 7 << 76 | (rest * 4096 // 1000) << 64 | 2 << 62
    text = f"{head | _randomness.above(head):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class _Randomness:
    """The lower 62 bits, from the operating system, which is asked seldom.

    Of one instant each is above the one before: who was made first in this process sorts first.
    """

    def __init__(self) -> None:
        self._ready: list[bytes] = []
        self._lock = Lock()
        self._head = self._last = 0
        register_at_fork(after_in_child=self._ready.clear)

    def above(self, head: int) -> int:
        drawn = int.from_bytes(self._draw(), "big")
        with self._lock:
            again, self._head = head == self._head, head
            # half of the room for the first, and steps of at most 2³²: five hundred million fit above it
            self._last = self._last + 1 + (drawn >> 32) if again else drawn >> 3
            return self._last

    def _draw(self) -> bytes:
        try:
            return self._ready.pop()  # atomic: no two threads get the same
        except IndexError:
            drawn = urandom(8 * 256)
            self._ready += [drawn[at : at + 8] for at in range(8, len(drawn), 8)]
            return drawn[:8]


_randomness = _Randomness()


def with_prefix(prefix: str, identifier: str) -> str:
    """`("env", "0d3f5a3e-…")` → `"env_0d3f5a3e…"`, the form our own API shows."""
    return f"{prefix}_{identifier.replace('-', '')}"


def without_prefix(prefix: str, shown: str) -> str | None:
    """The UUID behind a shown id; `None` when it is not one of this prefix."""
    head, _, tail = shown.partition("_")
    return as_uuid(tail) if head == prefix and len(tail) == 32 else None


_UUID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}", re.IGNORECASE)


def as_uuid(text: str) -> str | None:
    """The canonical form of a UUID, however its letters are and with or without hyphens; else `None`."""
    return str(uuid.UUID(text)) if _UUID.fullmatch(text) else None
