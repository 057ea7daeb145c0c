"""A worker sends files inside a body, without holding them."""

from __future__ import annotations

import base64
import hashlib
import tracemalloc

from lacre.webhooks.authorization import Fetched
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Secrets
from tests.support.receiver import Answer, Line, Receiver, hang, in_turn, raw, status
from tests.support.working import Site, eventually
from tests.worker.test_delivering import attempts

DELIVERED = {DeliveryStatus.DELIVERED}
MB = 1_000_000
OK = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def test_a_file_arrives_as_base64_and_what_was_sent_is_known(site: Site, receiver: Receiver) -> None:
    content = bytes(range(256)) * 4000
    account = site.account()
    site.subscribe(account, receiver.url)
    site.announce(account, file=site.store.files.keep_bytes(content))

    with site.at_work():
        (heard,) = receiver.wait_for(1)
        eventually(lambda: site.statuses(account) == DELIVERED)

    (attempt,) = attempts(site, account)
    assert base64.b64decode(heard.json["file"], validate=True) == content
    assert attempt.request_digest == hashlib.sha256(heard.body).hexdigest()
    assert attempt.request_body == heard.body[: 64 * 1024]


def test_a_retry_reads_it_anew(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    receiver.answers(status(503), status(200))
    site.announce(account, file=site.store.files.keep_bytes(b"contract" * 20_000))

    with site.at_work():
        first, second = receiver.wait_for(2)
        eventually(lambda: site.statuses(account) == DELIVERED)

    assert (first.json | {"attempt": 2}) == second.json


def test_a_file_that_is_gone_costs_an_attempt_and_is_said(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    site.announce(account, file="0" * 64)
    site.announce(account)

    with site.at_work():
        receiver.wait_for(1)
        eventually(lambda: site.deliveries(account)[0].attempts == 1)

    with site.store.open_work() as work:
        attempt, *_ = work.deliveries.attempts(account, site.deliveries(account)[0].id)
    assert (attempt.reason, len(receiver.heard)) == ("file_unreadable", 1)


def test_a_token_is_fetched_for_it_too(site: Site, receiver: Receiver) -> None:
    account = site.account()
    receiver.chooses(lambda heard: status(200, b'{"access_token":"t"}' if heard.target == "/token" else b""))
    fetched = Fetched(url=f"{receiver.url}token")
    site.subscribe(account, receiver.url, secrets=Secrets(authorization=fetched))
    site.announce(account, file=site.store.files.keep_bytes(b"contract"))

    with site.at_work():
        _, heard = receiver.wait_for(2)

    assert (heard.header("Authorization"), heard.json["file"]) == ("Bearer t", "Y29udHJhY3Q=")


def test_large_ones_are_never_in_memory(site: Site) -> None:
    size = 16 * MB
    account = site.account()
    file = site.store.files.keep_bytes(b"x" * size)
    with Receiver(on_connect=in_turn(swallow(size * 4 // 3), OK)) as receiver:
        site.subscribe(account, receiver.url)
        site.announce(account, 4, file=file)
        tracemalloc.start()
        with site.at_work():
            eventually(lambda: site.statuses(account) == DELIVERED)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 6 * MB


def test_those_that_hang_hold_up_nothing_small(site: Site, receiver: Receiver) -> None:
    # an endpoint has half of what may be under way
    account, most = site.account(), site.settings.large_bodies_at_once // 2
    file = site.store.files.keep_bytes(b"contract")
    with Receiver() as hanging:
        hanging.answers(hang())
        site.subscribe(account, hanging.url)
        site.announce(account, most + 4, file=file)
        with site.at_work(grace_seconds=0.1):
            hanging.wait_for(most)
            site.subscribe(account, receiver.url, types=("test.happened",))
            site.announce(account)
            (heard,) = receiver.wait_for(1)

        assert "file" not in heard.json
        assert len([one for one in hanging.heard if "file" in one.json]) == most


def test_a_worker_that_stops_leaves_it_to_others(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    receiver.answers(hang())
    site.announce(account, file=site.store.files.keep_bytes(b"contract"))

    with site.at_work(grace_seconds=0.1):
        receiver.wait_for(1)

    assert site.statuses(account) == {DeliveryStatus.WAITING}


def swallow(size: int) -> Answer:
    """At least so much, and nothing of it kept."""

    def answer(line: Line) -> None:
        left = size
        while left > 0:
            left -= len(line.socket.recv(65536))

    return answer
