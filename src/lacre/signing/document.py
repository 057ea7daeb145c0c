"""A document of an envelope: as it came, and how far its sealed file has got."""

from __future__ import annotations

from dataclasses import dataclass

from lacre.kit.ids import Digest, DocumentId
from lacre.signing.layout import PageSize


@dataclass(kw_only=True)
class Document:
    id: DocumentId
    name: str
    original: Digest
    size: int
    pages: tuple[PageSize, ...]
    came_signed: int = 0
    """How many signatures it carried when it came; then no page and no other field may be added to it."""
    sealed: Digest | None = None
    sealed_size: int = 0
    voided: Digest | None = None
    """A copy that says on every page that it was refused."""
    sealed_acts: int = 0
    """The sealed file holds this many of the envelope's acts, in their order."""
    sealed_structure: int = -1
    """The envelope's `structure` when the sealed file was begun."""
    level: str = ""
    wanted_level: str = ""
