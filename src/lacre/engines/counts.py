"""What a process has counted so far: added to what others counted, and told from one process to another."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from msgspec import Struct
from msgspec.json import decode, encode

BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 60_000, 300_000, 3_600_000)
"""In milliseconds; from a good answer of a near receiver to a queue that is an hour behind."""
MANY = 20_000
"""Different values, before they are put into buckets although nobody asked."""

Attempted: TypeAlias = tuple[bool, bool, int | None, str]
"""Whether it was taken, whether it was given up, the answer's status, why there was none."""
Key = TypeVar("Key")


class Spread:
    """Milliseconds, each by how often it came; in buckets once there are too many different ones."""

    def __init__(self, buckets: Iterable[int] = (0,) * (len(BOUNDS) + 1), total: int = 0) -> None:
        self._raw: Counter[int] = Counter()
        self._buckets, self._sum = list(buckets), total

    def add(self, milliseconds: Iterable[int]) -> None:
        self._raw.update(milliseconds)
        if len(self._raw) > MANY:
            self._sort()

    def join(self, other: Spread) -> None:
        self._sort()
        self._buckets = [mine + one for mine, one in zip(self._buckets, other.buckets, strict=True)]
        self._sum += other.sum

    @property
    def buckets(self) -> list[int]:
        """One for each bound, and one for what is past them all."""
        self._sort()
        return self._buckets

    @property
    def sum(self) -> int:
        self._sort()
        return self._sum

    def cumulated(self) -> Iterator[tuple[str, float]]:
        """As Prometheus has them: how many up to each bound, in seconds."""
        total = 0
        for bound, count in zip((*BOUNDS, None), self.buckets, strict=True):
            total += count
            yield "+Inf" if bound is None else str(bound / 1000), total

    def _sort(self) -> None:
        for one, count in self._raw.items():
            self._buckets[bisect_left(BOUNDS, one)] += count
            self._sum += one * count
        self._raw.clear()


@dataclass(kw_only=True)
class Counts:
    """Not for many threads: whoever holds it has a lock."""

    attempts: Counter[Attempted] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    jobs: Counter[tuple[str, str]] = field(default_factory=Counter)
    job_milliseconds: Counter[str] = field(default_factory=Counter)
    requests: Counter[int] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    workers_gone: int = 0
    attempt: Spread = field(default_factory=Spread)
    first_attempt: Spread = field(default_factory=Spread)
    request: Spread = field(default_factory=Spread)

    def join(self, other: Counts) -> None:
        self.attempts.update(other.attempts)
        self.events.update(other.events)
        self.jobs.update(other.jobs)
        self.job_milliseconds.update(other.job_milliseconds)
        self.requests.update(other.requests)
        self.lost.update(other.lost)
        self.workers_gone += other.workers_gone
        self.attempt.join(other.attempt)
        self.first_attempt.join(other.first_attempt)
        self.request.join(other.request)

    def told(self) -> bytes:
        """On one line."""
        spreads = [_Spread(one.buckets, one.sum) for one in (self.attempt, self.first_attempt, self.request)]
        return encode(
            _Told(
                attempts=[*self.attempts.items()],
                events=self.events,
                jobs=[*self.jobs.items()],
                job_milliseconds=self.job_milliseconds,
                requests=self.requests,
                lost=self.lost,
                workers_gone=self.workers_gone,
                spreads=spreads,
            )
        )

    @classmethod
    def heard(cls, told: bytes) -> Counts:
        """Raises `ValueError` for anything that was not told so."""
        said = decode(told, type=_Told)
        attempt, first, request = (Spread(one.buckets, one.sum) for one in said.spreads)
        return cls(
            attempts=Counter(dict(said.attempts)),
            events=Counter(said.events),
            jobs=Counter(dict(said.jobs)),
            job_milliseconds=Counter(said.job_milliseconds),
            requests=Counter(said.requests),
            lost=Counter(said.lost),
            workers_gone=said.workers_gone,
            attempt=attempt,
            first_attempt=first,
            request=request,
        )


class _Spread(Struct, array_like=True):
    buckets: list[int]
    sum: int


class _Told(Struct, kw_only=True):
    """Keys of more than one part are pairs: JSON has none."""

    attempts: list[tuple[Attempted, int]]
    events: dict[str, int]
    jobs: list[tuple[tuple[str, str], int]]
    job_milliseconds: dict[str, int]
    requests: dict[int, int]
    lost: dict[str, int]
    workers_gone: int
    spreads: list[_Spread]
