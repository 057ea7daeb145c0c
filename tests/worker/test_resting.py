"""A dead host costs a handful of attempts and nobody else's time; when it is back, everything arrives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lacre.accounts.account import User
from lacre.engines.mail.stationery import JinjaStationery
from lacre.kit.ids import AccountId, UserId, new_uuid
from lacre.signing.repositories import KeptMail
from lacre.webhooks import events
from lacre.webhooks.delivery import Delivery, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, Standing
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.telling import WARN
from lacre.worker.jobs import Lane
from lacre.worker.warning import warn
from tests.support.receiver import Receiver, hang, status
from tests.support.webhooks import an_event
from tests.support.working import Site, eventually

WAITING, AT_ONCE = 2_000, 8
HANDFUL = 30
"""Eight at once, some more until the fifth failure is written, then a probe after 0.25 s, 0.5 s, 1 s …"""
MAILS = Lane(kinds=(WARN,), at_once=1)


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens, and nobody else will."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"


def test_a_host_that_refuses_connections_costs_a_handful_of_attempts(
    site: Site, receiver: Receiver, nobody: str
) -> None:
    attempts = attempts_while_another_is_served(site, receiver, nobody, served=500)

    assert attempts < HANDFUL


def test_a_host_that_hangs_costs_a_handful_of_attempts(site: Site, receiver: Receiver) -> None:
    site.plain.promised = replace(site.plain.promised, deadline_seconds=0.2)
    with Receiver() as dead:
        dead.answers(hang())
        attempts = attempts_while_another_is_served(site, receiver, dead.url, served=100)

    assert attempts < HANDFUL


def test_everything_arrives_when_the_host_is_back(site: Site, receiver: Receiver) -> None:
    account = site.account()
    endpoint = site.subscribe(account, receiver.url)
    back = threading.Event()
    receiver.chooses(lambda _: status(200 if back.is_set() else 503))
    owe(site, endpoint, 50)

    with site.at_work(per_endpoint=4):
        eventually(lambda: standing(site, endpoint) is Standing.RESTING)
        back.set()
        eventually(lambda: site.statuses(account) == {DeliveryStatus.DELIVERED})

    assert standing(site, endpoint) is Standing.WELL


def test_days_without_a_success_pause_it_and_say_so_once(
    database_url: str, site: Site, receiver: Receiver, nobody: str
) -> None:
    # five days in a second: a rest is over at once, and every wait between two attempts
    fast = Site(database_url, site.settings.data_dir, time_scale=432_000)
    mails = replace(fast.services, stationery=JinjaStationery(), mailer=None, public_url="https://lacre.test")
    fast.services = mails
    account = fast.account()
    user(fast, account)
    dead = fast.subscribe(account, nobody, types=("test.happened",))
    fast.subscribe(account, receiver.url, types=tuple(events.ALL))
    fast.announce(account, 50)

    with fast.at_work(handlers={WARN: warn}, lanes=[MAILS], per_endpoint=2):
        eventually(lambda: standing(fast, dead) is Standing.DISABLED)
        eventually(lambda: {one.kind for one in warnings(fast, dead)} >= {"endpoint_paused"})
        heard = receiver.wait_for(2)

    kept = warnings(fast, dead)
    assert [one.json["type"] for one in heard] == [events.ENDPOINT_FAILING, events.ENDPOINT_PAUSED]
    assert [one.kind for one in kept] == ["endpoint_failing", "endpoint_paused"]
    assert {(one.to, one.outcome) for one in kept} == {("ana@example.test", "kept")}
    assert DeliveryStatus.WAITING in {one.status for one in deliveries(fast, dead)}
    fast.close()


def attempts_while_another_is_served(site: Site, receiver: Receiver, dead_url: str, *, served: int) -> int:
    account, other = site.account(), site.account()
    dead = site.subscribe(account, dead_url)
    up = site.subscribe(other, receiver.url)
    owe(site, dead, WAITING)

    with site.at_work(per_endpoint=AT_ONCE):
        eventually(lambda: standing(site, dead) is Standing.RESTING)
        owe(site, up, served)
        receiver.wait_for(served, seconds=90)

    return sum(one.attempts for one in deliveries(site, dead))


def owe(site: Site, to: Endpoint, count: int) -> None:
    """As many deliveries of one event."""
    happened = an_event(account_id=to.account_id, at=site.services.clock())
    with site.store.open_work() as work:
        event_id, _ = work.events.add(happened)
        work.deliveries.add_for_all(event_id, [to] * count, happened, position=0)


def standing(site: Site, endpoint: Endpoint) -> Standing:
    with site.store.open_work() as work:
        return work.endpoints.get(endpoint.account_id, endpoint.id).standing


def deliveries(site: Site, endpoint: Endpoint) -> list[Delivery]:
    which = DeliveryFilter(endpoint_id=endpoint.id)
    with site.store.open_work() as work:
        found = work.deliveries.search(endpoint.account_id, which, limit=WAITING)
    return [one.delivery for one in found]


def warnings(site: Site, endpoint: Endpoint) -> list[KeptMail]:
    with site.store.open_work() as work:
        return list(work.mails.of_endpoint(endpoint.account_id, endpoint.id))


def user(site: Site, account_id: AccountId) -> None:
    ana = User(
        id=UserId(new_uuid()),
        account_id=account_id,
        email="ana@example.test",
        name="Ana",
        password=None,
        created_at=site.services.clock(),
    )
    with site.store.open_work() as work:
        work.accounts.add_user(ana)
