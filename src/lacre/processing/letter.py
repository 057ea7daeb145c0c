"""What a reader of pictures says of one sign."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """One sign as it was read."""

    text: str
    others: str = ""
    """What else it may be, likeliest first."""
