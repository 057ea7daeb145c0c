"""Tokens fetched at dispatch, from real token servers, good and hostile ones, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from lacre.engines import clock
from lacre.kit.ids import AccountId
from lacre.webhooks import actions
from lacre.webhooks.authorization import Basic, ClientCredentials, Fetched, Fixed
from lacre.webhooks.delivery import Attempt, DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.exchange import MASK
from tests.faults.hostile import BEHAVIOURS, Hostile
from tests.support.receiver import Answer, Heard, Receiver, after, hang, status
from tests.support.working import Site, eventually

DELIVERED = {DeliveryStatus.DELIVERED}


def token(value: str, **more: object) -> Answer:
    return status(200, json.dumps({"access_token": value, "expires_in": 3600, **more}).encode())


@pytest.fixture
def server() -> Iterator[Receiver]:
    """Of tokens."""
    with Receiver() as listening:
        listening.answers(token("first"), token("second"), token("third"))
        yield listening


def letting_in(*tokens: str) -> Any:  # noqa: ANN401 - a choice
    def choose(heard: Heard) -> Answer:
        return status(200 if heard.header("Authorization") in {f"Bearer {one}" for one in tokens} else 401)

    return choose


def listen(site: Site, receiver: Receiver, server: Receiver, **said: Any) -> Endpoint:  # noqa: ANN401
    fetched = Fetched(url=server.url + "token?k=s3cret", **said)
    return site.subscribe(site.account(), receiver.url, secrets=Secrets(authorization=fetched))


def attempts(site: Site, account_id: AccountId) -> list[Attempt]:
    (delivery,) = site.deliveries(account_id)
    with site.store.open_work() as work:
        return list(work.deliveries.attempts(delivery.account_id, delivery.id))


def deliver(site: Site, account_id: AccountId, count: int = 1) -> None:
    site.announce(account_id, count)
    with site.at_work():
        eventually(lambda: site.statuses(account_id) == DELIVERED)


def test_one_question_serves_many_deliveries(site: Site, receiver: Receiver, server: Receiver) -> None:
    server.answers(after(0.3, token("first")))
    receiver.chooses(letting_in("first"))
    endpoint = listen(site, receiver, server)

    deliver(site, endpoint.account_id, 100)
    deliver(site, endpoint.account_id, 5)

    assert (len(server.heard), len(receiver.heard)) == (1, 105)


def test_workers_ask_one_at_a_time(site: Site, receiver: Receiver, server: Receiver) -> None:
    server.answers(after(0.5, token("first")))
    receiver.chooses(letting_in("first"))
    endpoint = listen(site, receiver, server)
    site.announce(endpoint.account_id, 60)

    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(site.at_work(per_endpoint=30, batch=5, at_once=20))
        eventually(lambda: site.statuses(endpoint.account_id) == DELIVERED)

    assert (len(server.heard), len(receiver.heard)) == (1, 60)


def test_a_token_that_is_refused_is_renewed_once(site: Site, receiver: Receiver, server: Receiver) -> None:
    receiver.chooses(letting_in("first"))
    endpoint = listen(site, receiver, server)
    deliver(site, endpoint.account_id)
    receiver.chooses(letting_in("second"))

    deliver(site, endpoint.account_id)

    assert [one.header("Authorization") for one in receiver.heard] == [
        "Bearer first",
        "Bearer first",
        "Bearer second",
    ]
    with site.store.open_work() as work:
        made = [
            work.deliveries.attempts(one.account_id, one.id) for one in site.deliveries(endpoint.account_id)
        ]
    assert [[one.ok for one in each] for each in made] == [[True], [True]]


def test_one_that_refuses_every_token_is_not_asked_for_ever(
    site: Site, receiver: Receiver, server: Receiver
) -> None:
    receiver.answers(status(401))
    endpoint = listen(site, receiver, server)
    site.announce(endpoint.account_id)

    with site.at_work():
        eventually(lambda: site.deliveries(endpoint.account_id)[0].attempts == 2)

    # the first attempt's token was fresh; the second's was not, and was renewed
    assert (len(receiver.heard), len(server.heard)) == (3, 2)
    assert [one.status_code for one in attempts(site, endpoint.account_id)] == [401, 401]


def test_many_that_are_refused_together_share_one_new_token(
    site: Site, receiver: Receiver, server: Receiver
) -> None:
    receiver.chooses(letting_in("first"))
    endpoint = listen(site, receiver, server)
    deliver(site, endpoint.account_id)
    receiver.chooses(letting_in("second"))

    deliver(site, endpoint.account_id, 50)

    assert len(server.heard) == 2


def test_a_failed_question_is_an_attempt_of_its_own_kind(
    site: Site, receiver: Receiver, server: Receiver
) -> None:
    server.answers(status(400, b'{"error":"invalid_client","secret":"tell-nobody"}'), token("t"))
    endpoint = listen(site, receiver, server)

    deliver(site, endpoint.account_id)

    failed, worked = attempts(site, endpoint.account_id)
    assert (failed.reason, failed.status_code, worked.ok) == ("authorization_failed", 400, True)
    assert failed.detail["problem"] == "the token server answered 400 invalid_client"
    assert "tell-nobody" not in str(failed)
    assert "s3cret" not in str(failed)
    assert len(receiver.heard) == 1


def test_an_answer_without_a_token_is_kept_without_its_body(
    site: Site, receiver: Receiver, server: Receiver
) -> None:
    server.answers(status(200, b'{"elsewhere":"tell-nobody"}'), token("t"))
    endpoint = listen(site, receiver, server)

    deliver(site, endpoint.account_id)

    failed, _ = attempts(site, endpoint.account_id)
    assert (failed.reason, failed.status_code) == ("authorization_failed", 200)
    assert "tell-nobody" not in str(failed)


def test_after_the_last_wait_it_is_given_up(site: Site, receiver: Receiver, server: Receiver) -> None:
    server.answers(status(500))
    endpoint = listen(site, receiver, server)
    site.announce(endpoint.account_id)

    with site.at_work():
        eventually(lambda: site.statuses(endpoint.account_id) == {DeliveryStatus.DISCARDED})

    made = attempts(site, endpoint.account_id)
    assert [one.reason for one in made] == ["authorization_failed"] * 3
    assert receiver.heard == []


def test_hostile_token_servers_cost_an_attempt_each_in_time(site: Site, receiver: Receiver) -> None:
    site.plain.promised = replace(site.plain.promised, deadline_seconds=1.0)
    with ExitStack() as stack:
        servers = [stack.enter_context(misbehaving(one)) for one in BEHAVIOURS.values()]
        endpoints = [listen(site, receiver, server) for server in servers]
        for endpoint in endpoints:
            site.announce(endpoint.account_id)
        with site.at_work():
            eventually(lambda: all(site.deliveries(one.account_id)[0].attempts for one in endpoints))

    made = [attempts(site, one.account_id)[0] for one in endpoints]
    assert {one.reason for one in made} == {"authorization_failed"}
    assert max(one.milliseconds for one in made) < 10_000
    assert receiver.heard == []


def misbehaving(hostile: Hostile) -> Receiver:
    server = Receiver(on_connect=hostile.answer if hostile.on_connect else None)
    server.answers(hostile.answer)
    return server


def test_a_private_token_server_is_never_spoken_to(site: Site, receiver: Receiver) -> None:
    fetched = Fetched(url=f"http://10.255.255.1:{receiver.port}/")
    endpoint = site.subscribe(site.account(), receiver.url, secrets=Secrets(authorization=fetched))
    site.announce(endpoint.account_id)

    with site.at_work():
        eventually(lambda: site.deliveries(endpoint.account_id)[0].attempts == 1)

    problem = attempts(site, endpoint.account_id)[0].detail["problem"]
    assert problem == "the token server did not answer: address_forbidden"


def test_a_hanging_token_server_delays_nobody_else(site: Site, receiver: Receiver, server: Receiver) -> None:
    server.answers(hang())
    site.plain.promised = replace(site.plain.promised, deadline_seconds=100)
    waiting, other = listen(site, receiver, server), site.account()
    site.subscribe(other, receiver.url)
    site.announce(waiting.account_id, 50)

    with site.at_work(at_once=100, grace_seconds=0.1):
        server.wait_for(1)
        site.announce(other)
        eventually(lambda: site.statuses(other) == DELIVERED)


def test_a_token_is_not_seen_where_attempts_are(site: Site, receiver: Receiver, server: Receiver) -> None:
    server.answers(token("tell-nobody"))
    endpoint = listen(site, receiver, server, header="X-Token", prefix="")

    deliver(site, endpoint.account_id)

    (attempt,) = attempts(site, endpoint.account_id)
    assert receiver.heard[0].header("X-Token") == "tell-nobody"
    assert ["X-Token", MASK] in attempt.detail["request_headers"]  # type: ignore[operator]
    assert "tell-nobody" not in str(attempt)


def test_another_authorization_does_not_use_the_old_token(
    site: Site, receiver: Receiver, server: Receiver
) -> None:
    endpoint = listen(site, receiver, server)
    deliver(site, endpoint.account_id)
    fetched = Fetched(url=server.url, token_path="access_token", prefix="Token")
    with site.store.open_work() as work:
        endpoint.secrets = Secrets(authorization=fetched)
        actions.change(work, endpoint, now=clock.now())

    deliver(site, endpoint.account_id)

    assert [one.header("Authorization") for one in receiver.heard] == ["Bearer first", "Token second"]


def test_a_token_that_ends_at_once_still_serves_those_that_wait(
    site: Site, receiver: Receiver, server: Receiver
) -> None:
    server.answers(token("once", expires_in=0), token("anew"))
    endpoint = listen(site, receiver, server)
    deliver(site, endpoint.account_id)

    deliver(site, endpoint.account_id)

    assert [one.header("Authorization") for one in receiver.heard] == ["Bearer once", "Bearer anew"]


def test_what_needs_no_token_is_sent_at_once(site: Site, receiver: Receiver) -> None:
    kinds = (Fixed(value="Key k"), Basic(user="ana", password="p"))
    account = site.account()
    for one in kinds:
        site.subscribe(account, receiver.url, secrets=Secrets(authorization=one))

    deliver(site, account)

    said = {one.header("Authorization") for one in receiver.heard}
    assert said == {"Key k", "Basic YW5hOnA="}


def test_a_client_asks_with_its_credentials(site: Site, receiver: Receiver, server: Receiver) -> None:
    client = ClientCredentials(token_url=server.url, client_id="ana", client_secret="p")
    endpoint = site.subscribe(site.account(), receiver.url, secrets=Secrets(authorization=client))

    deliver(site, endpoint.account_id)

    (asked,) = server.heard
    assert (asked.body, asked.header("Authorization")) == (
        b"grant_type=client_credentials",
        "Basic YW5hOnA=",
    )
    assert receiver.heard[0].header("Authorization") == "Bearer first"
