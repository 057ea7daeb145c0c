"""Simulated receivers, each with a way of its own, and the network between."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from heapq import heappop, heappush
from itertools import count
from math import ceil
from random import Random
from typing import TypeAlias
from urllib.parse import urlsplit

from lacre.webhooks.request import Answer, NoAnswer, Outcome, Reason, Request, Timings
from lacre.worker.sending import Asking, Sending
from tests.support.checker import Hearing
from tests.support.simulation.ground import Clock
from tests.support.webhooks import NOON

DEADLINE = 20.0
TOKEN_LIFE = 3600
LOOK_SECONDS = 0.25


@dataclass(frozen=True, kw_only=True)
class Reply:
    """`said` is what the receiver answered, also when it came too late to be heard."""

    seconds: float
    outcome: Outcome
    said: int | None


Way: TypeAlias = Callable[[datetime, Random], Reply]


def answer(status: int, seconds: float, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
    """Heard by us only within the deadline."""
    timings = Timings(first_byte=seconds, total=min(seconds, DEADLINE))
    if seconds > DEADLINE:
        late = NoAnswer(reason="deadline", detail="no answer in time", timings=timings)
        return Reply(seconds=DEADLINE, outcome=late, said=status)
    heard = Answer(
        status=status,
        headers=tuple((headers or {}).items()),
        body=body,
        truncated=False,
        address="192.0.2.1",
        timings=timings,
    )
    return Reply(seconds=seconds, outcome=heard, said=status)


def silence(reason: Reason, seconds: float) -> Reply:
    outcome = NoAnswer(reason=reason, detail="nothing came", timings=Timings(total=seconds))
    return Reply(seconds=seconds, outcome=outcome, said=None)


# ── ways ─────────────────────────────────────────────────────────────────────


def well(_at: datetime, chance: Random) -> Reply:
    return answer(chance.choice([200, 201, 202, 204]), chance.uniform(0.005, 0.2))


def slow(_at: datetime, chance: Random) -> Reply:
    """Sometimes too slow: it took what we believe it did not."""
    return answer(200, chance.uniform(1, DEADLINE + 2))


def hanging(_at: datetime, _chance: Random) -> Reply:
    return silence("deadline", DEADLINE)


def failing(_at: datetime, chance: Random) -> Reply:
    return answer(chance.choice([400, 401, 404, 500, 502, 503, 301, 307]), chance.uniform(0.01, 2))


def busy(at: datetime, chance: Random) -> Reply:
    """Asks for patience, in all the ways that there are."""
    asked = ["5", "120", "3600", "86400", "9" * 40, "-7", "soon", "", "1e3"]
    asked += [format_datetime(at + timedelta(hours=1), usegmt=True), format_datetime(NOON, usegmt=True)]
    if chance.random() < 0.3:
        return well(at, chance)
    return answer(chance.choice([429, 503]), 0.05, {"Retry-After": chance.choice(asked)})


def flapping(at: datetime, chance: Random) -> Reply:
    return chance.choice([well, well, slow, failing, broken])(at, chance)


def broken(_at: datetime, chance: Random) -> Reply:
    reasons: list[Reason] = ["connect_failed", "tls_failed", "reset", "protocol_error", "dns_failed"]
    return silence(chance.choice(reasons), chance.uniform(0.01, 5))


def down(since: timedelta, until: timedelta) -> Way:
    def way(at: datetime, chance: Random) -> Reply:
        return broken(at, chance) if since <= at - NOON < until else well(at, chance)

    return way


def gone(since: timedelta) -> Way:
    """For ever, it says; once."""
    said: list[datetime] = []

    def way(at: datetime, chance: Random) -> Reply:
        if at - NOON < since or said:
            return well(at, chance)
        said.append(at)
        return answer(410, 0.02)

    return way


def ways(chance: Random) -> list[Way]:
    """Those of one life: each kind there is may be among them."""
    hours = sorted(chance.uniform(0, 40) for _ in range(2))
    lasting = down(timedelta(hours=hours[0]), timedelta(hours=hours[1]))
    passing = gone(timedelta(hours=hours[0] / 10))
    kinds = [slow, hanging, failing, busy, flapping, lasting, passing, broken]
    return chance.sample(kinds, 2)


# ── the network ──────────────────────────────────────────────────────────────


@dataclass
class World:
    """Who answers behind which name; `healed`, everybody is well."""

    clock: Clock
    chance: Random
    ways: dict[str, Way] = field(default_factory=dict)
    """By the endpoint's id, which is the first part of its name."""
    heard: list[Hearing] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    healed: bool = False
    tokens: dict[str, str] = field(default_factory=dict)
    """The token that each endpoint's receiver takes, if it wants one."""

    def tell(self, *what: object) -> None:
        self.trace.append(" ".join(map(str, [self.clock.now.isoformat(), *what])))

    def receive(self, request: Request, tag: Sending) -> Reply:
        whose = (urlsplit(request.url).hostname or "").partition(".")[0]
        if isinstance(tag, Asking):
            return self._give_token(whose)
        reply = self._judge(request, whose)
        said = json.loads(request.body)
        self.heard.append(
            Hearing(
                endpoint_id=tag.held.endpoint.id,
                event_id=tag.held.kept.id,
                body=request.body,
                at=self.clock.now,
                status=reply.said,
            )
        )
        self.tell("heard", whose, said.get("number", said["type"]), reply.said, round(reply.seconds, 6))
        return reply

    def _judge(self, request: Request, whose: str) -> Reply:
        wanted = self.tokens.get(whose)
        if wanted is not None and ("Authorization", f"Bearer {wanted}") not in request.headers:
            return answer(401, 0.01)
        return (well if self.healed else self.ways[whose])(self.clock.now, self.chance)

    def _give_token(self, whose: str) -> Reply:
        """A new one each time; the one before it is no longer taken."""
        self.tell("asked for a token", whose)
        if not self.healed and self.chance.random() < 0.2:
            return self.chance.choice([broken, failing, hanging])(self.clock.now, self.chance)
        self.tokens[whose] = f"canary-{self.chance.getrandbits(64):x}"
        said = {"access_token": self.tokens[whose], "expires_in": TOKEN_LIFE}
        return answer(200, 0.3, body=json.dumps(said).encode())


class Ether:
    """A dispatcher: one worker's exchanges, over in the order in which their times come."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._under_way: list[tuple[datetime, int, Sending, Outcome]] = []
        self._numbers = count()

    @property
    def in_flight(self) -> int:
        return len(self._under_way)

    @property
    def next_at(self) -> datetime | None:
        return self._under_way[0][0] if self._under_way else None

    def start(self, request: Request, token: Sending) -> None:
        reply = self._world.receive(request, token)
        heappush(self._under_way, (self._over_at(reply.seconds), next(self._numbers), token, reply.outcome))

    def poll(self, timeout_seconds: float) -> list[tuple[Sending, Outcome]]:
        del timeout_seconds
        over = []
        while self._under_way and self._under_way[0][0] <= self._world.clock.now:
            _, _, tag, outcome = heappop(self._under_way)
            over.append((tag, outcome))
        return over

    def wake(self) -> None: ...

    def _over_at(self, seconds: float) -> datetime:
        """Heard of at the next look: so many are at once, as they are in a busy worker."""
        return self._world.clock.now + timedelta(seconds=ceil(seconds / LOOK_SECONDS) * LOOK_SECONDS)
