"""Everything goes through the operator's proxy, where there is one, and nothing beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

from lacre.engines.http.address import ANYWHERE, Network
from lacre.engines.http.fetch import Calls, Downloaded
from lacre.engines.http.resolve import NamesLeftToProxy
from lacre.webhooks.request import Answer, NoAnswer, Outcome, Request
from tests.engines.http.conftest import Engine
from tests.engines.http.test_many import drain
from tests.support.certificates import Authority, server_context
from tests.support.proxy import Proxy
from tests.support.receiver import Receiver, status
from tests.support.requests import a_request

NAME = "erp.customer.test"
"""Which nobody but the proxy knows."""


@contextmanager
def engine_through(proxy: str, *allow: Network) -> Iterator[Engine]:
    def nobody(name: str) -> list[object]:
        raise AssertionError(f"{name} was looked up here")

    with closing(Engine(allow, resolver=nobody, proxy=proxy)) as engine:  # type: ignore[arg-type]
        yield engine


def sent(engine: Engine, request: Request) -> Outcome:
    return engine.send(request)


def started(engine: Engine, request: Request) -> Outcome:
    engine.start(request, "")
    ((_, outcome),) = drain(engine, 1)
    return outcome


@pytest.fixture(params=[sent, started])
def make(request: pytest.FixtureRequest) -> Callable[[Engine, Request], Outcome]:
    """Waited for, or one of many."""
    return request.param  # type: ignore[no-any-return]


def test_plain_http_goes_through_it_by_connect(make: Callable[[Engine, Request], Outcome]) -> None:
    with Receiver() as receiver, Proxy({NAME: receiver.port}) as proxy, engine_through(proxy.url) as engine:
        outcome = make(engine, a_request(f"http://{NAME}:8080/hook"))

    assert isinstance(outcome, Answer)
    assert proxy.asked == [f"CONNECT {NAME}:8080"]
    assert (receiver.heard[0].target, receiver.heard[0].header("Host")) == ("/hook", f"{NAME}:8080")
    assert "X-Proxy" not in dict(outcome.headers)


def test_tls_is_spoken_with_the_receiver_and_not_with_the_proxy(
    make: Callable[[Engine, Request], Outcome], tmp_path: Path
) -> None:
    authority = Authority()
    tls = server_context(authority.issue(NAME), tmp_path)
    with (
        Receiver(tls=tls) as receiver,
        Proxy({NAME: receiver.port}) as proxy,
        engine_through(proxy.url) as engine,
    ):
        outcome = make(engine, a_request(f"https://{NAME}/", ca_pem=authority.pem))

    assert isinstance(outcome, Answer)
    assert proxy.asked == [f"CONNECT {NAME}:443"]


def test_connections_through_it_are_kept() -> None:
    with Receiver() as receiver, Proxy({NAME: receiver.port}) as proxy, engine_through(proxy.url) as engine:
        for _ in range(3):
            started(engine, a_request(f"http://{NAME}/"))

    assert len(proxy.asked) == 1
    assert [heard.connection for heard in receiver.heard] == [1, 1, 1]


def test_files_are_fetched_through_it(tmp_path: Path) -> None:
    with Receiver() as receiver, Proxy({NAME: receiver.port}) as proxy, engine_through(proxy.url) as engine:
        receiver.answers(status(302, headers={"Location": "/two"}), status(200, b"contract"))
        fetched = engine.download(
            f"http://{NAME}/one", max_bytes=100, deadline_seconds=20, into=tmp_path / "file"
        )

    assert isinstance(fetched, Downloaded)
    assert (tmp_path / "file").read_bytes() == b"contract"
    assert set(proxy.asked) == {f"CONNECT {NAME}:80"}


def test_it_is_told_who_we_are_when_it_wants_to_know() -> None:
    with (
        Receiver() as receiver,
        Proxy({NAME: receiver.port}) as proxy,
        engine_through(proxy.url.replace("//", "//lacre:p%40ss@")) as engine,
    ):
        sent(engine, a_request(f"http://{NAME}/"))

    assert "Proxy-Authorization: Basic bGFjcmU6cEBzcw==" in proxy.heads[0]
    assert receiver.heard[0].header("Proxy-Authorization") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://[::1]/",
        "http://2130706433/",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/",
        "http://erp.localhost/",
        "http://erp.customer.test:25/",
    ],
)
def test_addresses_and_ports_that_a_url_spells_out_are_still_judged(
    make: Callable[[Engine, Request], Outcome], url: str
) -> None:
    with Proxy({}) as proxy, engine_through(proxy.url) as engine:
        outcome = make(engine, a_request(url))

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "address_forbidden"
    assert proxy.asked == []


def test_private_addresses_may_be_allowed_as_ever() -> None:
    with (
        Receiver() as receiver,
        Proxy({"10.1.2.3": receiver.port}) as proxy,
        engine_through(proxy.url, ip_network("10.0.0.0/8")) as engine,
    ):
        outcome = sent(engine, a_request("http://10.1.2.3/"))

    assert isinstance(outcome, Answer)


@pytest.mark.parametrize("refuses", ["407 Who are you", "403 No", "502 Gone"])
def test_a_proxy_that_refuses_is_no_answer(make: Callable[[Engine, Request], Outcome], refuses: str) -> None:
    with Proxy({}, refuses=refuses) as proxy, engine_through(proxy.url) as engine:
        outcome = make(engine, a_request(f"http://{NAME}/"))

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "connect_failed"


def test_without_the_proxy_nothing_goes_out(make: Callable[[Engine, Request], Outcome]) -> None:
    with Proxy({}) as gone:
        pass
    with Receiver() as receiver, engine_through(gone.url, ip_network("127.0.0.0/8")) as engine:
        outcome = make(engine, a_request(receiver.url))

    assert isinstance(outcome, NoAnswer)
    assert (outcome.reason, receiver.heard) == ("connect_failed", [])


def test_a_proxy_may_be_spoken_to_in_tls(tmp_path: Path) -> None:
    authority = Authority()
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    tls = server_context(authority.issue("localhost"), tmp_path)
    with Receiver() as receiver, Proxy({NAME: receiver.port}, tls=tls) as proxy:
        calls = Calls(
            NamesLeftToProxy(()),
            ANYWHERE,
            ca_file=str(tmp_path / "ca.pem"),
            proxy=proxy.url.replace("127.0.0.1", "localhost"),
        )
        outcome = calls.send(a_request(f"http://{NAME}/"))

    assert isinstance(outcome, Answer)
