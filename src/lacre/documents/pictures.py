"""Pictures that people hand in: checked, and made small and plain before anybody sees them."""

from __future__ import annotations

from typing import Protocol

MAX_MARK_BYTES = 8_000_000
MAX_PHOTO_BYTES = 12_000_000


class Pictures(Protocol):
    """PNG, JPEG and WebP are read; `None` for what is no picture, too large, or shows nothing."""

    def mark(self, content: bytes) -> bytes | None:
        """A signature or initials: PNG with a clear background, cut to its ink."""
        ...

    def photo(self, content: bytes) -> bytes | None:
        """JPEG of at most 1600 points a side, upright, without what cameras write into it (place, device)."""
        ...
