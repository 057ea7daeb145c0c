"""Retries, deadline and success of a webhook, chosen in a form and shown on its page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from lacre.kit.refusal import Refusal
from lacre.web.console import notes
from lacre.web.console.door import Visit
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.promise import Preset, Promise, Terms, check_terms, waits_of

FIELDS = ("retry", "attempts", "pause", "waits", "deadline", "success")
PAUSE, WAITS = "pause", "waits"
"""Beside the presets' names: the same pause each time, and waits of our own."""

_WAITS = re.compile(r"\d{1,7}[smhd](?: \d{1,7}[smhd])*")
_NUMBER = re.compile(r"\d{1,7}")
_UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


class NotANumber(Refusal):
    __doc__ = notes.NOT_A_NUMBER


class WaitsNotRead(Refusal):
    __doc__ = notes.WAITS_NOT_READ


@dataclass(frozen=True, kw_only=True)
class Course:
    """A promise in a few numbers."""

    attempts: int
    span: timedelta
    deadline_seconds: int
    only_200: bool

    @classmethod
    def of(cls, promise: Promise) -> Course:
        return cls(
            attempts=len(promise.waits) + 1,
            span=sum(promise.waits, timedelta()),
            deadline_seconds=round(promise.deadline_seconds),
            only_200=promise.only_200,
        )


def typed(visit: Visit) -> dict[str, str]:
    return {name: visit.typed(name) for name in FIELDS}


def read(said: Mapping[str, str]) -> Terms | None:
    """Refuses what cannot be promised, so that the form can say so at its field."""
    terms = Terms(
        retry=_retry(said),
        deadline_seconds=_number(said["deadline"]) if said["deadline"] else None,
        only_200={"200": True, "2xx": False}.get(said["success"]),
    )
    check_terms(terms)
    return None if terms == Terms() else terms


def as_typed(terms: Terms | None) -> dict[str, str]:
    """What the form would have said."""
    terms = terms or Terms()
    own = terms.retry if isinstance(terms.retry, tuple) else ()
    success = {True: "200", False: "2xx", None: ""}[terms.only_200]
    return {
        "retry": WAITS if own else str(terms.retry or ""),
        "waits": " ".join(_short(one) for one in own),
        "deadline": str(terms.deadline_seconds or ""),
        "success": success,
    }


def course_of(visit: Visit, endpoint: Endpoint) -> Course | None:
    wording = visit.services.wordings.get(endpoint.dialect)
    return Course.of(wording.promise(endpoint)) if wording else None


def _retry(said: Mapping[str, str]) -> Preset | tuple[int, ...] | None:
    chosen = said["retry"]
    if chosen == PAUSE:
        # held down: a long list is refused like any other, but not made first
        return (_number(said["pause"]) * 60,) * min(_number(said["attempts"]) - 1, 1000)
    if chosen == WAITS:
        return _seconds(said["waits"])
    return Preset(chosen) if chosen in set(Preset) else None


def _seconds(text: str) -> tuple[int, ...]:
    lower = " ".join(text.lower().split())
    if not _WAITS.fullmatch(lower):
        raise WaitsNotRead
    return tuple(round(one.total_seconds()) for one in waits_of(lower))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotANumber
    return int(text)


def _short(seconds: int) -> str:
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"
