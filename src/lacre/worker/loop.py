"""The worker: delivers, does jobs, shows that it lives; finishes what is in hand when it is told to stop."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import count
from os import getpid
from random import SystemRandom
from time import monotonic, sleep

import structlog

from lacre.kit.ids import DeliveryId
from lacre.kit.jobs import Job, Presence
from lacre.kit.outage import is_outage
from lacre.services import Services
from lacre.webhooks.ports import Dispatcher
from lacre.worker.clerk import Aside, AtOnce
from lacre.worker.crash import Crash, Result
from lacre.worker.crew import Crew
from lacre.worker.deliver import Deliverer, Limits, Sending
from lacre.worker.handlers import HANDLERS, standing
from lacre.worker.jobs import LANES, Handler, Lane
from lacre.worker.lease import LEASE_SECONDS, Lease
from lacre.worker.streams import Streams

log = structlog.get_logger("lacre.worker")

POLL_SECONDS = 0.25
"""The net below wake-ups: other processes commit work too."""
LOOK_SECONDS = 1.0
"""How long the work of a worker that died waits for others to see it."""
LOOKS_A_BEAT = 5
LOOKS_A_ROUND = 30
"""Between searches for deliveries that ought to go and do not."""
PAUSE_SECONDS = 1.0
"""After something raised: the database may be away."""
GRACE_SECONDS = 25.0
"""Longer than the usual deadline of an exchange. What takes longer is left to other workers, and perhaps sent
twice: whoever stops us kills us soon after, and a deadline may be four times as long."""
SETTLING = timedelta(minutes=1)
"""After a start there is more urgent work than keeping house."""
_ROLL = SystemRandom().random


def guard(do: Callable[[], Result], /) -> Result | Crash:
    """A bug in one piece of work must not stop the others."""
    try:
        return do()
    except Exception as problem:
        if is_outage(problem):
            log.warning("outage", problem=str(problem))
        else:
            log.exception("crash")
        return Crash(problem=f"{type(problem).__name__}: {problem}"[:500])


class Worker:
    """One process may run one, beside a server or alone."""

    def __init__(
        self,
        services: Services,
        dispatcher: Dispatcher[Sending],
        *,
        handlers: Mapping[str, Handler] = HANDLERS,
        lanes: Sequence[Lane] = LANES,
        limits: Limits | None = None,
        roll: Callable[[], float] = _ROLL,
        grace_seconds: float = GRACE_SECONDS,
        lease_seconds: float = LEASE_SECONDS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._services, self._dispatcher = services, dispatcher
        self._grace_seconds, self._lease_seconds = grace_seconds, lease_seconds
        self._poll_seconds = poll_seconds
        self._handlers, self._lanes = handlers, lanes
        self._limits, self._roll = limits, roll
        self._news, self._due = threading.Event(), threading.Event()
        self._running = False

    def wake(self) -> None:
        """Something was committed in this process: there may be work. From any thread, at any time."""
        if self._running:
            self._news.set()
            self._due.set()
            self._dispatcher.wake()

    def run(self, stop: threading.Event) -> None:
        """Until `stop`; then what is in hand is finished first."""
        while not stop.is_set():
            if isinstance(guard(partial(self._shift, stop)), Crash):
                sleep(PAUSE_SECONDS)

    def _shift(self, stop: threading.Event) -> None:
        worker_id = self._services.tokens.uuid()
        name = f"{platform.node()} {getpid()}"
        with self._services.presence(worker_id, name) as presence:
            log.info("worker_began", worker=worker_id)
            lease = Lease(self._lease_seconds)
            hands = [
                threading.Thread(target=work, args=(worker_id, lease, stop), name=f"lacre-{work.__name__}")
                for work in (self._deliver, self._do_jobs)
            ]
            for hand in hands:
                hand.start()
            self._running = True
            guard(self._ask_for_standing_jobs)
            self._beat_while(hands, presence, lease, stop)
            self._running = False
        log.info("worker_ended", worker=worker_id)

    def _ask_for_standing_jobs(self) -> None:
        """Those that wait already are the same, and not asked for twice."""
        due_at = self._services.clock() + SETTLING
        with self._services.open_work() as work:
            for kind in standing(self._services):
                if kind in self._handlers:
                    work.jobs.add(Job(kind=kind, key=kind, due_at=due_at))

    # ── three threads ────────────────────────────────────────────────────────

    def _beat_while(
        self, hands: Sequence[threading.Thread], presence: Presence, lease: Lease, stop: threading.Event
    ) -> None:
        """Beats on while the others finish, so that nobody takes their work from them."""
        trouble = False
        for look in count():
            if trouble or look % LOOKS_A_BEAT == 0 or not lease.holds():
                trouble = isinstance(guard(partial(lease.renew, presence.beat)), Crash)
            if not trouble:
                trouble = isinstance(guard(partial(self._free_work_of_the_dead, presence)), Crash)
            if not trouble and look % LOOKS_A_ROUND == 0:
                guard(self._free_stranded)
            if stop.wait(LOOK_SECONDS) and _all_over(hands):
                break

    def _free_work_of_the_dead(self, presence: Presence) -> None:
        # a database that was away has forgotten our life line, and would name us too
        presence.keep()
        with self._services.open_work() as work:
            gone = work.workers.gone(at=monotonic())
        if gone:
            log.warning("workers_gone", workers=list(gone))
            self._services.measures.gone(len(gone))
            self.wake()
        if presence.worker_id in gone:
            presence.beat()

    def _free_stranded(self) -> None:
        with self._services.open_work() as work:
            stranded = work.deliveries.promote_stranded()
        if stranded:
            log.warning("lanes_stranded", lanes=stranded)
            self.wake()

    def _deliver(self, worker_id: str, lease: Lease, stop: threading.Event) -> None:
        most = self._services.settings.large_bodies_at_once
        deliverer = Deliverer(
            self._services,
            Streams(self._dispatcher, most, partial(self._still_held, worker_id)),
            worker_id,
            guard=guard,
            roll=self._roll,
            limits=self._limits,
            may_claim=lease.holds,
            clerk=AtOnce() if self._services.settings.embedded else Aside(self._dispatcher.wake),
            news=self._due,
        )
        while not stop.is_set():
            self._turn(deliverer)
        until = monotonic() + self._grace_seconds
        while not deliverer.idle and monotonic() < until:
            self._turn(deliverer, claim=False)
        guard(deliverer.give_back)

    def _turn(self, deliverer: Deliverer, *, claim: bool = True) -> None:
        if isinstance(guard(partial(deliverer.turn, self._poll_seconds, claim=claim)), Crash):
            deliverer.recover()
            sleep(PAUSE_SECONDS)

    def _still_held(self, worker_id: str, deliveries: Sequence[DeliveryId]) -> Collection[DeliveryId]:
        with self._services.open_work() as work:
            return work.deliveries.still_held(worker_id, deliveries)

    def _do_jobs(self, worker_id: str, lease: Lease, stop: threading.Event) -> None:
        crew = Crew(
            self._services,
            worker_id,
            guard=guard,
            handlers=self._handlers,
            lanes=self._lanes,
            news=self._news,
        )
        while not stop.is_set():
            self._news.wait(self._poll_seconds)
            self._news.clear()
            if lease.holds() and isinstance(guard(crew.turn), Crash):
                sleep(PAUSE_SECONDS)
        crew.close()


def _all_over(hands: Sequence[threading.Thread]) -> bool:
    for hand in hands:
        hand.join(LOOK_SECONDS)
    return not any(hand.is_alive() for hand in hands)
