"""Tokens fetched for endpoints: found again, secret, and asked for by one worker at a time."""

from __future__ import annotations

from datetime import timedelta

from lacre.kit.ids import EndpointId, new_uuid
from lacre.store.opening import Store
from lacre.webhooks.authorization import Basic, ClientCredentials, Fetched, Fixed
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.token import AccessToken
from tests.support.kept import NOW, an_account, an_endpoint

TOKEN = AccessToken(value="t", fetched_at=NOW, usable_until=NOW + timedelta(hours=1))


def kept_endpoint(store: Store, **secrets: object) -> Endpoint:
    with store.open_work() as work:
        endpoint = an_endpoint(an_account(work, new_uuid()))
        endpoint.secrets = Secrets(**secrets)  # type: ignore[arg-type]
        work.endpoints.add(endpoint)
    return endpoint


def an_id(store: Store) -> EndpointId:
    return kept_endpoint(store).id


def reserve(store: Store, endpoint_id: EndpointId, worker: str, *, later: int = 0) -> bool:
    with store.open_work() as work:
        work.workers.seen(worker, worker, now=NOW)
        return work.access_tokens.reserve(endpoint_id, worker, now=NOW + timedelta(seconds=later))


def keep(store: Store, endpoint_id: EndpointId, worker: str) -> None:
    with store.open_work() as work:
        work.access_tokens.keep(endpoint_id, worker, fetched_by="by", token=TOKEN)


def found(store: Store, endpoint_id: EndpointId, by: str = "by") -> AccessToken | None:
    with store.open_work() as work:
        return work.access_tokens.get(endpoint_id, by)


def test_a_kept_token_is_found_by_the_authorization_that_fetched_it(store: Store) -> None:
    one = an_id(store)
    assert found(store, one) is None
    assert reserve(store, one, "a")
    assert found(store, one) is None
    keep(store, one, "a")

    assert (found(store, one), found(store, one, "other")) == (TOKEN, None)


def test_one_worker_at_a_time_asks(store: Store) -> None:
    one, other = an_id(store), an_id(store)

    assert [reserve(store, one, "a"), reserve(store, one, "b"), reserve(store, other, "b")] == [
        True,
        False,
        True,
    ]
    assert reserve(store, one, "a")
    keep(store, one, "a")
    assert reserve(store, one, "b")


def test_a_clock_set_back_lets_another_ask(store: Store) -> None:
    one = an_id(store)
    reserve(store, one, "a")

    assert reserve(store, one, "b", later=-3 * 3600)


def test_after_a_failure_another_may_ask(store: Store) -> None:
    one = an_id(store)
    reserve(store, one, "a")
    with store.open_work() as work:
        work.access_tokens.free(one, "b")
    assert not reserve(store, one, "b")
    with store.open_work() as work:
        work.access_tokens.free(one, "a")

    assert reserve(store, one, "b")


def test_when_who_asks_dies_another_may_ask_at_once(store: Store) -> None:
    one = an_id(store)
    reserve(store, one, "a")
    with store.open_work() as work:
        work.workers.leave("a")

    assert reserve(store, one, "b")


def test_who_lives_and_forgot_that_it_asked_holds_nobody_up_for_ever(store: Store) -> None:
    one = an_id(store)
    reserve(store, one, "a")

    assert not reserve(store, one, "b", later=59)
    assert reserve(store, one, "b", later=61)


def test_who_was_taken_over_keeps_nothing(store: Store) -> None:
    one = an_id(store)
    reserve(store, one, "a")
    reserve(store, one, "b", later=61)
    keep(store, one, "a")

    assert found(store, one) is None
    assert not reserve(store, one, "a", later=62)


def test_every_kind_of_secret_is_kept_as_it_is(store: Store) -> None:
    kinds = (
        Fixed(header="X-Key", value="é"),
        Basic(user="u", password="p"),
        Fetched(url="https://a.test/", headers=(("A", "b"),), body={"n": [1, {"x": None}]}, prefix=""),
        Fetched(url="https://a.test/", body="<x/>"),
        ClientCredentials(token_url="https://a.test/", client_id="c", client_secret="s", in_body=True),
        None,
    )
    for one in kinds:
        kept = kept_endpoint(
            store, authorization=one, private_keys=("k",), client_pem="c", ca_pem="a", headers=(("X", "y"),)
        )
        with store.open_work() as work:
            assert work.endpoints.get(kept.account_id, kept.id).secrets == kept.secrets
