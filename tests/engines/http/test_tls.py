"""TLS: who is believed, who is not, and certificates of our own."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

import pytest

from lacre.webhooks.request import Answer, NoAnswer, Outcome, Request
from tests.engines.http.conftest import LOOPBACK, Engine, MakeEngine, Names
from tests.support.certificates import Authority, server_context
from tests.support.receiver import Receiver, raw, stall, status
from tests.support.requests import a_request

AUTHORITY = Authority()
NAME = "receiver.test"


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine(LOOPBACK, resolver=Names(receiver_test=[["127.0.0.1"]]))


def test_a_receiver_of_a_trusted_authority_is_believed(engine: Engine, tmp_path: Path) -> None:
    with Receiver(tls=server_context(AUTHORITY.issue(NAME), tmp_path)) as receiver:
        outcomes = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem))

    assert [outcome.status for outcome in outcomes if isinstance(outcome, Answer)] == [200, 200]
    assert all(outcome.timings.tls > 0 for outcome in outcomes)


def test_the_authorities_of_the_system_do_not_know_ours(engine: Engine, tmp_path: Path) -> None:
    with Receiver(tls=server_context(AUTHORITY.issue(NAME), tmp_path)) as receiver:
        outcomes = both_ways(engine, to(receiver))

    assert reasons(outcomes) == ["tls_failed"] * 2
    assert receiver.heard == []


def test_an_expired_certificate_is_not_believed(engine: Engine, tmp_path: Path) -> None:
    expired = AUTHORITY.issue(NAME, days=-1)
    with Receiver(tls=server_context(expired, tmp_path)) as receiver:
        outcomes = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem))

    assert reasons(outcomes) == ["tls_failed"] * 2


def test_a_certificate_for_another_name_is_not_believed(engine: Engine, tmp_path: Path) -> None:
    with Receiver(tls=server_context(AUTHORITY.issue("other.test"), tmp_path)) as receiver:
        outcomes = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem))

    assert reasons(outcomes) == ["tls_failed"] * 2


def test_old_tls_is_not_spoken(engine: Engine, tmp_path: Path) -> None:
    context = server_context(AUTHORITY.issue(NAME), tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Receiver(tls=context) as receiver:
        outcomes = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem))

    assert reasons(outcomes) == ["tls_failed"] * 2


def test_a_stalled_handshake_ends_at_the_deadline(engine: Engine) -> None:
    with Receiver(on_connect=stall()) as receiver:
        outcomes = both_ways(engine, to(receiver, deadline_seconds=0.3))

    assert reasons(outcomes) == ["deadline"] * 2
    assert all(outcome.timings.total < 20 for outcome in outcomes)


def test_plain_http_behind_an_https_url_is_no_answer(engine: Engine) -> None:
    with Receiver() as receiver:
        outcomes = both_ways(engine, to(receiver, deadline_seconds=0.3))

    assert set(reasons(outcomes)) <= {"tls_failed", "reset", "deadline"}
    assert len(reasons(outcomes)) == 2


def test_a_connection_closed_without_a_word_of_tls_still_counts(engine: Engine, tmp_path: Path) -> None:
    with Receiver(tls=server_context(AUTHORITY.issue(NAME), tmp_path)) as receiver:
        receiver.answers(raw(b"HTTP/1.1 200 OK\r\n\r\nunframed"))
        outcomes = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem))

    assert [outcome.status for outcome in outcomes if isinstance(outcome, Answer)] == [200, 200]


def test_a_client_certificate_is_shown_where_the_request_brings_one(engine: Engine, tmp_path: Path) -> None:
    context = server_context(AUTHORITY.issue(NAME), tmp_path, clients_of=AUTHORITY)
    ours = AUTHORITY.issue("lacre.test").pem
    with Receiver(tls=context) as receiver:
        with_it = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem, client_pem=ours))
        without = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem))

    assert [outcome.status for outcome in with_it if isinstance(outcome, Answer)] == [200, 200]
    assert len(reasons(without)) == 2


def test_a_connection_made_with_one_certificate_is_not_used_without_it(
    engine: Engine, tmp_path: Path
) -> None:
    context = server_context(AUTHORITY.issue(NAME), tmp_path)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(cadata=AUTHORITY.pem.decode())
    ours = AUTHORITY.issue("lacre.test").pem
    with Receiver(tls=context) as receiver:
        for client_pem in (ours, None, ours):
            engine.start(to(receiver, ca_pem=AUTHORITY.pem, client_pem=client_pem), "")
            assert engine.poll(30)

    assert [heard.connection for heard in receiver.heard] == [1, 2, 1]


@pytest.mark.parametrize("pem", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_broken_certificate_of_ours_is_a_failure_and_no_crash(
    pem: bytes, engine: Engine, tmp_path: Path
) -> None:
    with Receiver(tls=server_context(AUTHORITY.issue(NAME), tmp_path)) as receiver:
        outcomes = both_ways(engine, to(receiver, ca_pem=AUTHORITY.pem, client_pem=pem))

    assert reasons(outcomes) == ["tls_failed"] * 2


def test_a_kept_alive_tls_connection_is_used_again(engine: Engine, tmp_path: Path) -> None:
    with Receiver(tls=server_context(AUTHORITY.issue(NAME), tmp_path)) as receiver:
        receiver.answers(status(200))
        for _ in range(3):
            engine.start(to(receiver, ca_pem=AUTHORITY.pem), "")
            assert engine.poll(30)

    assert receiver.connections == 1


def to(receiver: Receiver, **changes: object) -> Request:
    return a_request(f"https://{NAME}:{receiver.port}/", **changes)


def both_ways(engine: Engine, request: Request) -> list[Outcome]:
    engine.start(request, "")
    started = [outcome for _, outcome in engine.poll(30)]
    return [*started, engine.send(request)]


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.reason for outcome in outcomes if isinstance(outcome, NoAnswer)]
