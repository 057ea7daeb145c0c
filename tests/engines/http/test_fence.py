"""Nothing on loopback is touched without an allow list: not by name, spelling, rebinding or redirect."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from lacre.engines.http.address import Network
from lacre.engines.http.resolve import Lookups
from lacre.engines.http.target import Target, read_target
from lacre.engines.http.transfer import Allowance, Transfer
from lacre.engines.http.trust import ca_file
from lacre.engines.http.veto import Veto
from lacre.webhooks.request import Answer, NoAnswer, Outcome
from tests.engines.http.conftest import LOOPBACK, Engine, MakeEngine, Names
from tests.support.receiver import Receiver, status
from tests.support.requests import a_request

TRICKS = [
    "http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://2130706433:{port}/", "http://0x7f.1:{port}/",
    "http://0177.0.0.1:{port}/", "http://0:{port}/", "http://0.0.0.0:{port}/", "http://[::1]:{port}/",
    "http://[::]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::127.0.0.1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/", "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/", "http://ip6-localhost:{port}/",
    "http://example.com@127.0.0.1:{port}/", "http://example.com\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@example.com/", "http://example.com#@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.com/", "http://127.0.0.1:{port}?@example.com/",
    "http:127.0.0.1:{port}/", "http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\", "http://127.0.0.1%2f@example.com:{port}/", "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1:{port}\t/", "http://127.0.\n0.1:{port}/", " http://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET%20/", "ftp://127.0.0.1:{port}/", "dict://127.0.0.1:{port}/x",
    "file://127.0.0.1:{port}/etc/passwd", "http://127.0.0.1.:{port}/", "http://[0:0:0:0:0:ffff:7f00:1]:{port}/",
]  # fmt: skip


@pytest.fixture
def canary() -> Iterator[Receiver]:
    """Must never be connected to."""
    with Receiver(host="0.0.0.0") as receiver:  # noqa: S104 - every address of this machine
        yield receiver
        assert receiver.connections == 0


@pytest.mark.parametrize("trick", TRICKS)
def test_no_spelling_reaches_loopback(trick: str, canary: Receiver, make_engine: MakeEngine) -> None:
    public = Names(example_com=[["127.0.0.1"]], localhost=[["127.0.0.1"]])
    engine = make_engine(resolver=public)
    url = trick.format(port=canary.port)

    assert all(isinstance(outcome, NoAnswer) for outcome in both_ways(engine, url))


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["0.0.0.0"],  # noqa: S104 - answers, not bindings
    ],
)
def test_one_forbidden_answer_refuses_the_name(
    answers: list[str], canary: Receiver, make_engine: MakeEngine
) -> None:
    engine = make_engine(resolver=Names(bad_test=[answers]))

    outcomes = both_ways(engine, f"http://bad.test:{canary.port}/")

    assert reasons(outcomes) == ["address_forbidden"] * 2


def test_a_name_that_changes_after_it_was_vetted_is_not_followed(
    canary: Receiver, make_engine: MakeEngine
) -> None:
    names = Names(rebind_test=[["192.0.2.1"], ["127.0.0.1"]])  # a documentation address: nobody answers
    engine = make_engine(ip_network("192.0.2.0/24"), resolver=names)
    request = a_request(f"http://rebind.test:{canary.port}/", deadline_seconds=0.3)

    engine.send(request)
    engine.send(request)

    assert names.asked == ["rebind.test"]


def test_the_socket_itself_is_refused_whatever_was_vetted_before(canary: Receiver) -> None:
    transfer = Transfer(Veto(()), ca_file=ca_file())
    request = a_request(f"http://pinned.test:{canary.port}/")

    transfer.load(request, target(request.url), "127.0.0.1", time=Allowance(1, 1, 0))
    with pytest.raises(Exception, match="Could not connect"):
        transfer.curl.perform()

    transfer.close()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_inwards_is_not_followed_by_a_fetch(
    code: int, canary: Receiver, make_engine: MakeEngine, tmp_path: Path
) -> None:
    engine = make_engine(ip_network("127.0.0.7/32"))
    with Receiver(host="127.0.0.7") as outside:
        outside.answers(status(code, headers={"Location": f"http://127.0.0.1:{canary.port}/"}))
        outcome = engine.download(outside.url, max_bytes=99, deadline_seconds=20, into=tmp_path / "f")

    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "address_forbidden"


def test_the_operators_list_opens_a_network_and_its_low_ports() -> None:
    lookups = Lookups((ip_network("10.0.0.0/8"),), Names(inside_test=[["10.0.0.1"]]))

    found = lookups.find(target("http://inside.test:25/"), "", 1)

    assert found is not None
    assert found.refuses(target("http://inside.test:25/")) is None
    lookups.close()


@pytest.mark.parametrize("allow", [(), (ip_network("10.0.0.0/8"),)])
def test_low_ports_of_the_internet_stay_closed(allow: tuple[Network, ...]) -> None:
    lookups = Lookups(allow, Names(outside_test=[["8.8.8.8"]]))

    found = lookups.find(target("http://outside.test:25/"), "", 1)

    assert found is not None
    assert found.refuses(target("http://outside.test:25/")) == "address_forbidden"
    assert found.refuses(target("http://outside.test:443/")) is None
    lookups.close()


def test_metadata_stays_closed_though_everything_is_opened(make_engine: MakeEngine) -> None:
    engine = make_engine(ip_network("0.0.0.0/0"))

    outcomes = both_ways(engine, "http://169.254.169.254/latest/meta-data/")

    assert reasons(outcomes) == ["address_forbidden"] * 2


def test_a_name_that_nobody_has_is_told_apart(make_engine: MakeEngine) -> None:
    engine = make_engine(LOOPBACK, resolver=Names(empty_test=[[]]))

    unknown, empty = both_ways(engine, "http://unknown.test/"), both_ways(engine, "http://empty.test/")
    odd = both_ways(engine, "http://a..b/")

    assert reasons([*unknown, *empty, *odd]) == ["dns_failed"] * 6


def test_a_thousand_answers_are_all_vetted(make_engine: MakeEngine) -> None:
    many = [f"8.8.{high}.{low}" for high in range(4) for low in range(250)]
    engine = make_engine(resolver=Names(many_test=[[*many, "10.0.0.1"]]))

    assert reasons(both_ways(engine, "http://many.test/")) == ["address_forbidden"] * 2


def test_an_open_engine_does_reach_loopback(open_engine: Engine) -> None:
    with Receiver() as receiver:
        outcomes = both_ways(open_engine, receiver.url)

    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    assert len(receiver.heard) == 2


def both_ways(engine: Engine, url: str) -> list[Outcome]:
    request = a_request(url, deadline_seconds=20)
    engine.start(request, "")
    return [engine.send(request), *(outcome for _, outcome in engine.poll(30))]


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.reason for outcome in outcomes if isinstance(outcome, NoAnswer)]


def target(url: str) -> Target:
    seen = read_target(url)
    assert isinstance(seen, Target)
    return seen
