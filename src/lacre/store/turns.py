"""What a process remembers from one transaction to the next, so that everybody comes round."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Turns:
    last: dict[int, str] = field(default_factory=dict)
    """The endpoint that a claim looked at last, of new deliveries (0) and of retries (1)."""
    claims: int = 0
    full: set[str] = field(default_factory=set)
    """Accounts that had as much in hand as they may when a claim looked: they take nobody's turn."""
    missed: bool = False
    """The last claim left something due to another worker, which claimed at the same moment."""
    shared: int = 0
    """Claims to come that leave half of the endpoints to the worker that was met."""
    lane: str = ""
    """The lane that was looked at last."""
