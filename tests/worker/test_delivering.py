"""A worker delivers, on both databases and over real connections."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from lacre.engines import clock
from lacre.webhooks import actions
from lacre.webhooks.delivery import Attempt, DeliveryStatus
from lacre.webhooks.endpoint import EndpointStatus, Secrets
from lacre.webhooks.exchange import MASK
from lacre.webhooks.promise import Preset, Terms
from lacre.worker.loop import GRACE_SECONDS, Worker
from tests.support.receiver import Receiver, after, hang, status
from tests.support.working import Site, eventually

DELIVERED = {DeliveryStatus.DELIVERED}


def attempts(site: Site, account_id: str) -> list[Attempt]:
    (delivery,) = site.deliveries(account_id)  # type: ignore[arg-type]
    with site.store.open_work() as work:
        return list(work.deliveries.attempts(delivery.account_id, delivery.id))


def heard_once_awake(worker: Worker, receiver: Receiver) -> bool:
    """Until it runs, a worker is deaf."""
    worker.wake()
    return bool(receiver.heard)


def test_an_event_reaches_its_endpoint(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    (event_id,) = site.announce(account)

    with site.at_work():
        (heard,) = receiver.wait_for(1)
        eventually(lambda: site.statuses(account) == DELIVERED)

    assert heard.json["id"] == event_id


def test_an_attempt_is_kept_with_its_bodies_and_without_secrets(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url, secrets=Secrets(headers=(("X-Token", "s3cret"),)))
    receiver.answers(status(200, b"thanks"))
    site.announce(account)

    with site.at_work():
        (heard,) = receiver.wait_for(1)
        eventually(lambda: site.statuses(account) == DELIVERED)

    (attempt,) = attempts(site, account)
    assert heard.header("X-Token") == "s3cret"
    assert (attempt.request_body, attempt.response_body) == (heard.body, b"thanks")
    assert (attempt.status_code, attempt.detail["address"]) == (200, "127.0.0.1")
    assert ["X-Token", MASK] in attempt.detail["request_headers"]  # type: ignore[operator]
    assert "s3cret" not in str(attempt.detail)


def test_a_failing_endpoint_is_tried_again_later(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    receiver.answers(status(500), status(200))
    site.announce(account)

    with site.at_work():
        first, second = receiver.wait_for(2)
        eventually(lambda: site.statuses(account) == DELIVERED)

    # ten seconds in a sandbox twenty times as fast; a busy machine takes more
    assert 0.5 <= second.at - first.at < 10
    assert [one.ok for one in attempts(site, account)] == [False, True]


def test_a_redirect_is_a_failure(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    receiver.answers(status(302, headers={"Location": receiver.url + "elsewhere"}), status(200))
    site.announce(account)

    with site.at_work():
        heard = receiver.wait_for(2)
        eventually(lambda: site.statuses(account) == DELIVERED)

    assert [one.target for one in heard] == ["/", "/"]


def test_a_whole_exchange_has_one_deadline(site: Site, receiver: Receiver) -> None:
    site.plain.promised = replace(site.plain.promised, deadline_seconds=0.3)
    account = site.account()
    site.subscribe(account, receiver.url)
    receiver.answers(hang(), status(200))
    site.announce(account)

    with site.at_work():
        receiver.wait_for(2)
        eventually(lambda: site.statuses(account) == DELIVERED)

    assert attempts(site, account)[0].reason == "deadline"


def test_a_private_address_is_never_spoken_to(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, f"http://10.255.255.1:{receiver.port}/")
    site.announce(account)

    with site.at_work():
        eventually(lambda: site.deliveries(account)[0].attempts == 1)

    assert attempts(site, account)[0].reason == "address_forbidden"


def test_a_receiver_that_is_gone_disables_its_endpoint(site: Site, receiver: Receiver) -> None:
    account = site.account()
    endpoint = site.subscribe(account, receiver.url)
    receiver.answers(status(410))
    site.announce(account)

    with site.at_work():
        eventually(lambda: site.deliveries(account)[0].attempts == 1)

    with site.store.open_work() as work:
        assert work.endpoints.get(account, endpoint.id).status is EndpointStatus.DISABLED


def test_what_waited_during_a_pause_goes_out_at_its_end(site: Site, receiver: Receiver) -> None:
    account = site.account()
    endpoint = site.subscribe(account, receiver.url)
    with site.store.open_work() as work:
        actions.pause(work, endpoint)
    site.announce(account, 3)

    with site.at_work():
        with site.store.open_work() as work:
            actions.resume(work, endpoint, now=clock.now())
        heard = receiver.wait_for(3)
        eventually(lambda: site.statuses(account) == DELIVERED)

    assert {one.json["number"] for one in heard} == {0, 1, 2}


def test_a_hanging_endpoint_does_not_delay_the_others(site: Site, receiver: Receiver) -> None:
    site.plain.promised = replace(site.plain.promised, deadline_seconds=100)
    account, other = site.account(), site.account()
    with Receiver() as dead:
        dead.answers(hang())
        site.subscribe(account, dead.url)
        site.subscribe(other, receiver.url)
        site.announce(account, 50)
        with site.at_work(at_once=20, per_endpoint=5, grace_seconds=0.1):
            dead.wait_for(5)
            site.announce(other, 100)
            receiver.wait_for(100)
            tried = len(dead.heard)

    assert tried == 5  # the first five still hang


def test_many_workers_share_the_work_and_send_each_once(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    site.announce(account, 300)

    with site.at_work(), site.at_work():
        receiver.wait_for(300)
        eventually(lambda: site.statuses(account) == DELIVERED)

    assert len(receiver.heard) == 300


def test_a_commit_in_the_same_process_wakes_the_worker(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    with site.at_work(poll_seconds=40) as worker:
        site.announce(account)
        eventually(lambda: heard_once_awake(worker, receiver))
        for number in range(2, 12):
            eventually(lambda: site.statuses(account) == DELIVERED)
            site.announce(account)
            receiver.wait_for(number, seconds=20)


def test_a_worker_that_is_told_to_stop_finishes_what_is_in_hand(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url)
    receiver.answers(after(0.5, status(200)))
    site.announce(account, 3)

    with site.at_work():
        receiver.wait_for(3)

    assert site.statuses(account) == DELIVERED


def test_a_worker_that_is_told_to_stop_leaves_long_exchanges_to_others(
    site: Site, receiver: Receiver
) -> None:
    account = site.account()
    site.subscribe(account, receiver.url, terms=Terms(deadline_seconds=100))
    receiver.answers(hang())
    site.announce(account)

    with site.at_work(grace_seconds=0.2):
        receiver.wait_for(1)
        began = monotonic()

    (left,) = site.deliveries(account)
    assert monotonic() - began < GRACE_SECONDS
    assert (left.status, left.attempts) == (DeliveryStatus.WAITING, 0)


def test_what_an_owner_chose_is_what_is_kept_to(site: Site, receiver: Receiver) -> None:
    account = site.account()
    site.subscribe(account, receiver.url, terms=Terms(retry=(1,), deadline_seconds=2, only_200=True))
    receiver.answers(status(204), hang())
    site.announce(account)

    with site.at_work():
        eventually(lambda: site.statuses(account) == {DeliveryStatus.DISCARDED})

    first, second = attempts(site, account)
    assert (first.status_code, first.ok, second.reason) == (204, False, "deadline")
    assert 2000 <= second.milliseconds < 20_000


def test_a_receiver_that_a_strict_promise_is_forbidden_by_is_disabled(site: Site, receiver: Receiver) -> None:
    account = site.account()
    endpoint = site.subscribe(account, receiver.url, terms=Terms(retry=Preset.STRICT))
    receiver.answers(status(404))
    site.announce(account)

    with site.at_work():
        eventually(lambda: site.deliveries(account)[0].attempts == 1)

    with site.store.open_work() as work:
        kept = work.endpoints.get(account, endpoint.id)
    assert (kept.status, kept.terms) == (EndpointStatus.DISABLED, Terms(retry=Preset.STRICT))
    assert site.statuses(account) == {DeliveryStatus.WAITING}
