"""How values become column values."""

from __future__ import annotations

import unicodedata
from typing import TypeAlias

import msgspec

from lacre.kit.json import compact

Bodies: TypeAlias = tuple[bytes | None, bytes | None]
_BODIES = msgspec.msgpack.Decoder(Bodies)


def to_json(value: object) -> str:
    return compact(value).decode()


def packed(bodies: Bodies) -> bytes:
    """What was asked and what was answered, as one."""
    return msgspec.msgpack.encode(bodies)


def unpacked(content: bytes) -> Bodies:
    bodies: Bodies = _BODIES.decode(content)
    return bodies


def plain(text: str) -> str:
    """PostgreSQL's text holds no NUL; nothing that a person writes does either."""
    return text.replace("\0", "")


def folded(text: str) -> str:
    """Without case and accents: `"Inácio"` is found by `"INACIO"`."""
    apart = unicodedata.normalize("NFKD", plain(text))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
