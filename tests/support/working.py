"""A real worker on a real store, speaking the plain dialect to real receivers on loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from lacre.accounts.account import Account
from lacre.engines import clock
from lacre.engines.attempt_log import TextAttemptLog
from lacre.engines.http import HttpEngine
from lacre.engines.links import SignedLinks
from lacre.engines.tokens import SystemTokens
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, EndpointId, EventId, new_uuid
from lacre.kit.jobs import Job
from lacre.services import Services
from lacre.settings import Settings
from lacre.store.opening import Store
from lacre.webhooks import actions
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.ports import AttemptLog
from lacre.worker.deliver import Limits, Sending
from lacre.worker.jobs import Handler, Lane
from lacre.worker.lease import LEASE_SECONDS
from lacre.worker.loop import GRACE_SECONDS, POLL_SECONDS, Worker
from tests.support.plain import Plain
from tests.support.services import services_with

LOOPBACK = [ip_network("127.0.0.0/8")]


class Site:
    """One process's view of an installation: its store, its services, and a worker if asked."""

    def __init__(
        self,
        url: str,
        data_dir: Path,
        *,
        plain: Plain | None = None,
        attempt_log: AttemptLog | None = None,
        **settings: Any,  # noqa: ANN401
    ) -> None:
        self.plain = plain or Plain()
        self.settings = Settings(data_dir=data_dir, database_url=url, **settings)
        self.store = Store.open(
            url,
            data_dir=data_dir,
            make_links=lambda keys: SignedLinks("http://lacre.test", keys),
            listens=self.plain.listens,
            clock=clock.now,
            time_scale=self.settings.time_scale,
        )
        self.services: Services = services_with(
            settings=self.settings,
            clock=clock.now,
            open_work=self.store.open_work,
            presence=self.store.presence,
            files=self.store.files,
            invoice_files=self.store.invoice_files,
            links=self.store.links,
            tokens=SystemTokens(b"k" * 32),
            wordings={"plain": self.plain},
            attempt_log=attempt_log or TextAttemptLog(),
        )

    def close(self) -> None:
        self.store.close()

    @contextmanager
    def at_work(
        self,
        *,
        handlers: Mapping[str, Handler] | None = None,
        lanes: Sequence[Lane] = (),
        grace_seconds: float = GRACE_SECONDS,
        lease_seconds: float = LEASE_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        **limits: int,
    ) -> Iterator[Worker]:
        """A worker in threads of this process, told to stop at the end."""
        stop = threading.Event()
        with ExitStack() as ending:
            http: HttpEngine[Sending] = HttpEngine(LOOPBACK)
            ending.callback(http.close)
            worker = Worker(
                self.services,
                http,
                handlers=handlers or {},
                lanes=lanes,
                limits=Limits(**limits),
                grace_seconds=grace_seconds,
                lease_seconds=lease_seconds,
                poll_seconds=poll_seconds,
            )
            self.store.on_work(worker.wake)
            thread = threading.Thread(target=worker.run, args=(stop,))
            thread.start()
            ending.callback(thread.join)
            # at once, instead of when it next looks up
            ending.callback(worker.wake)
            ending.callback(stop.set)
            yield worker

    # ── what a test does to it ───────────────────────────────────────────────

    def account(self) -> AccountId:
        account = Account(id=AccountId(new_uuid()), name=new_uuid(), created_at=clock.now())
        with self.store.open_work() as work:
            work.accounts.add(account)
        return account.id

    def subscribe(
        self,
        account_id: AccountId,
        url: str,
        *,
        types: tuple[str, ...] = (),
        **changes: Any,  # noqa: ANN401
    ) -> Endpoint:
        endpoint = Endpoint(
            id=EndpointId(new_uuid()),
            account_id=account_id,
            number=0,
            dialect="plain",
            url=url,
            types=types,
            created_at=clock.now(),
            **changes,
        )
        with self.store.open_work() as work:
            actions.subscribe(work, endpoint)
        return endpoint

    def announce(
        self, account_id: AccountId, count: int = 1, *, subject_id: str = "s", filling: str = "", **facts: str
    ) -> list[EventId]:
        with self.store.open_work() as work:
            return [
                work.announce(
                    Event(
                        type="test.happened",
                        account_id=account_id,
                        subject_id=subject_id,
                        at=clock.now(),
                        facts={"number": number, "filling": filling, **facts},
                    )
                )
                for number in range(count)
            ]

    def ask_for(
        self,
        kind: str,
        key: str = "key",
        *,
        due_at: datetime | None = None,
        account_id: AccountId | None = None,
    ) -> None:
        with self.store.open_work() as work:
            work.jobs.add(Job(kind=kind, key=key, due_at=due_at or clock.now(), account_id=account_id))

    def deliveries(self, account_id: AccountId) -> list[Delivery]:
        """Oldest first."""
        with self.store.open_work() as work:
            found = work.deliveries.search(account_id, DeliveryFilter(), limit=100_000)
        return [one.delivery for one in found][::-1]

    def statuses(self, account_id: AccountId) -> set[DeliveryStatus]:
        return {one.status for one in self.deliveries(account_id)}


def eventually(true: Callable[[], bool], *, seconds: float = 45.0) -> None:
    """Asks again and again, and fails when it does not come true in time."""
    until = monotonic() + seconds
    while not true():
        assert monotonic() < until, f"did not come true in {seconds} s"
        sleep(0.02)
