"""What goes wrong on purpose: told beforehand, or by the note itself.

A note whose description holds `[sefin E0310]` is always rejected with that code; `[sefin silent_after 70]`,
`[sefin slow 3]`, `[sefin status 503]` and the like befall its first sending only, so that the next succeeds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from threading import Lock


class Kind(StrEnum):
    SLOW = "slow"
    """Does it after so many seconds."""
    SILENT_BEFORE = "silent_before"
    """Reads the request, does nothing, and hangs up after so many seconds."""
    SILENT_AFTER = "silent_after"
    """Does it, answers nothing, and hangs up after so many seconds."""
    STATUS = "status"
    """Does nothing and answers with this status."""
    STATUS_AFTER = "status_after"
    """Does it and answers with this status, as gateways do."""
    GARBAGE = "garbage"
    """Does it and answers 201 with something that is no JSON."""
    REJECT = "reject"
    """Answers as if this rule were broken."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: Kind
    on: str = "issue"
    """issue, cancel, look_up or any."""
    times: int = 1
    value: float = 0
    """Seconds, or a status."""
    code: str = ""
    """Of the rule."""


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def plan(self, fault: Fault) -> None:
        with self._lock:
            self.waiting.append(fault)

    def forget(self) -> None:
        with self._lock:
            self.waiting.clear()

    def met(self, doing: str, *, about: str = "", text: str = "") -> Fault | None:
        """What befalls this request, if anything does."""
        with self._lock:
            return self._planned(doing) or self._told(about, text)

    def _planned(self, doing: str) -> Fault | None:
        for place, fault in enumerate(self.waiting):
            if fault.on in (doing, "any"):
                left = fault.times - 1
                self.waiting[place : place + 1] = [replace(fault, times=left)] if left > 0 else []
                return fault
        return None

    def _told(self, about: str, text: str) -> Fault | None:
        found = _TOLD.search(text)
        if found is None:
            return None
        word, value = found[1], found[2]
        if re.fullmatch(r"E[0-9]{4}", word):
            return Fault(kind=Kind.REJECT, code=word)
        if word not in _KINDS or about in self._met:
            return None
        self._met.add(about)
        return Fault(kind=Kind(word), value=float(value or 0))


_TOLD = re.compile(r"\[sefin (\w+)(?: ([0-9]+(?:\.[0-9]+)?))?\]")
_KINDS = frozenset(Kind)
