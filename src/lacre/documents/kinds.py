"""What a file is, by how it begins: names and types that come with it are often wrong."""

from __future__ import annotations

BEGINNING = 4
"""So many bytes tell."""
_ZIP, _OLD_CONTAINER = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_text_document(beginning: bytes) -> bool:
    """A DOCX; or one that has a password or is of before 2007, which is to be told so."""
    return beginning[:BEGINNING] in (_ZIP, _OLD_CONTAINER)
