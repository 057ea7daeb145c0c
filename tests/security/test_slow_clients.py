"""Slow, oversized and odd clients against the server as an operator runs it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from lacre.cli.serve import FAREWELL_SECONDS
from tests.security.slow import BODY_SECONDS, FORM, MB, PATIENCE, Client, request, seconds
from tests.support.customer import Customer, ask
from tests.support.pdfs import weighty_pdf
from tests.support.server import Premises

pytestmark = pytest.mark.usefixtures("server")
HEADER_SECONDS = 45.0
MULTIPART = FORM.rstrip()


@pytest.fixture
def client(premises: Premises) -> Iterator[Client]:
    with Client(premises.port) as connected:
        yield connected


# ── who says too little ──────────────────────────────────────────────────────


def test_whoever_does_not_get_through_their_headers_is_cut_off(premises: Premises) -> None:
    """Nothing, half a head, a head that drips, HTTP/2 half offered: ten seconds for each of them."""
    began = {
        b"": b"",
        request("GET", "/verify", b"Accept: x")[:-2]: b"",
        request("GET", "/verify", b"X-Drip: ")[:-2]: b"a",
        b"PRI * HTTP/2.0\r\n": b"",
        request("GET", "/healthz") + b"\r\n": b"",
    }
    with ExitStack() as open_together:
        clients = [open_together.enter_context(Client(premises.port)).says(head) for head in began]
        end = time.monotonic() + HEADER_SECONDS
        while time.monotonic() < end and any(one.seconds is None for one in clients):
            for one, drip in zip(clients, began.values(), strict=True):
                one.waits(0.05, dripping=drip, every=0.05)

    assert [one.seconds is not None for one in clients] == [True] * len(clients)


@pytest.mark.parametrize("drip", [b"", b"a"])
def test_a_body_has_its_time_however_it_comes(client: Client, drip: bytes) -> None:
    client.says(request("POST", "/verify", MULTIPART, b"Content-Length: 1000"), b"\r\n--x\r\n")

    client.waits(BODY_SECONDS + 30, dripping=drip)

    assert client.status == 408
    assert client.seconds is not None


def test_an_api_says_in_its_own_form_that_a_body_was_too_slow(client: Client, token: str) -> None:
    bearer = f"Authorization: Bearer {token}".encode()
    client.says(request("POST", "/api/v1/docs/", bearer, b"Content-Length: 1000"), b'\r\n{"name":')

    client.waits(BODY_SECONDS + 30)

    assert client.status == 408
    assert '{"detail":"A requisição não chegou a tempo."}' in client.heard.decode()


def test_strangers_are_told_before_their_body_is_read(client: Client) -> None:
    client.says(request("POST", "/api/v1/docs/", b"Content-Length: 2000000"), b'\r\n{"name":')

    client.hears()

    assert client.status == 403


def test_who_does_not_read_their_answer_is_let_go(premises: Premises, token: str) -> None:
    """Their files are closed again, whatever they do with the connection."""
    said = Customer(premises.url, token).send([{"name": "Bruno"}], pdf=weighty_pdf(10 * MB))
    link = str(said["original_file"]).removeprefix(premises.url)
    name = link.removeprefix("/files/")[:8]
    with ExitStack() as reading:
        began = time.monotonic()
        for _ in range(10):
            reading.enter_context(Client(premises.port)).says(request("GET", link), b"\r\n")
        while not premises.logged().count(name):
            assert time.monotonic() - began < 45, "they are never let go"
            time.sleep(0.1)
        patient = time.monotonic() - began
        while premises.logged().count(name) < 10:
            assert time.monotonic() - began < 45, "not all of them are let go"
            time.sleep(0.1)

    assert patient > BODY_SECONDS * 0.9


# ── who says too much ────────────────────────────────────────────────────────


def test_a_head_of_two_megabytes_is_refused(client: Client) -> None:
    client.says(request("GET", "/verify", b"X-Long: " + b"a" * 2 * MB), b"\r\n").waits(2)

    assert client.status in (0, 431)


@pytest.mark.parametrize("path", ["/verificar/x/documents/1/pages/" + "9" * 5_000, "/" + "a" * 100_000])
def test_an_endless_address_is_refused(client: Client, path: str) -> None:
    client.says(request("GET", path), b"\r\n").hears()

    assert client.status == 414


def test_two_hosts_are_refused(client: Client) -> None:
    client.says(request("GET", "/verify", b"Host: other"), b"\r\n").hears()

    assert client.status == 400


def test_who_is_refused_while_still_talking_reads_why(premises: Premises) -> None:
    """As most clients do: all of the body first, then the answer."""
    talking = HTTPConnection("127.0.0.1", premises.port, timeout=30)

    talking.request("POST", "/api/v1/docs/", body=b"a" * 20 * MB)

    with closing(talking), talking.getresponse() as answer:
        assert (answer.status, "detail" in json.load(answer)) == (403, True)


def test_a_body_announced_too_large_is_refused_unread(client: Client) -> None:
    head = request("POST", "/verify", MULTIPART, b"Content-Length: 9000000000")
    client.says(head, b"\r\n--x\r\n").hears()

    assert client.status == 413


def test_a_body_that_grows_too_large_is_cut_off(client: Client) -> None:
    head = request("POST", "/verify", MULTIPART, b"Transfer-Encoding: chunked")
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    client.says(head, b"\r\n", _chunk(part), *[_chunk(b"a" * 1_000_000)] * 80).waits(30)

    # whoever still talks may miss what was said
    assert client.status in (0, 413)
    assert client.seconds is not None


@pytest.mark.parametrize(
    "head",
    [
        request("GET", "/\xff\xfe".encode("latin-1").decode("latin-1")),
        b"GET /verify HTTP/1.1\nHost: lacre\n",
        b"GET  HTTP/1.1\r\nHost: lacre\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /verify HTTP/1.1\r\nHost : lacre\r\n",
        b"GET /verify HTTP/1.1\r\nHost: lacre\r\nX-Nul: a\x00b\r\n",
        request("POST", "/verify", MULTIPART, b"Content-Length: 5", b"Content-Length: 6"),
        request("POST", "/verify", MULTIPART, b"Content-Length: -1"),
        request("POST", "/verify", MULTIPART, b"Transfer-Encoding: chunked") + b"\r\nzz\r\n",
        request("GET", "/%ff%fe%00%0d%0a%ed%a0%80"),
        request("GET", "/static/..%2f..%2f..%2fetc/passwd"),
        request("BREW", "/verify"),
    ],
)
def test_nonsense_is_refused_and_breaks_nothing(premises: Premises, client: Client, head: bytes) -> None:
    client.says(head, b"\r\n").waits(0.5)

    assert client.status < 500
    assert b"root:" not in client.heard
    assert ask("GET", f"{premises.url}/healthz").status_code == 200


def test_a_slow_client_does_not_keep_the_server_from_stopping(tmp_path: Path) -> None:
    """Nor does the next start find the door held."""
    premises = Premises(tmp_path)
    with premises.server(working=False) as server, Client(premises.port) as slow:
        slow.says(request("POST", "/verify", MULTIPART, b"Content-Length: 900"), b"\r\n--x\r\n")
        time.sleep(0.3)

        assert server.stop(FAREWELL_SECONDS + 40) == 0

    with premises.server(working=False):
        assert ask("GET", f"{premises.url}/healthz").status_code == 200


# ── who comes in numbers ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        b"",
        request("GET", "/verify")[:-2],
        request("POST", "/verify", MULTIPART, b"Content-Length: 900") + b"\r\n",
    ],
    ids=["say nothing", "say half a head", "say half a body"],
)
def test_many_slow_clients_keep_nobody_waiting(premises: Premises, words: bytes) -> None:
    alone = seconds(lambda: ask("GET", f"{premises.url}/verify"))
    with ExitStack() as crowd:
        for _ in range(300):
            crowd.enter_context(Client(premises.port)).says(words)

        crowded = seconds(lambda: ask("GET", f"{premises.url}/verify"))

    assert crowded < PATIENCE + 20 * alone


def test_whatever_strangers_sent_the_log_holds_lines_and_no_traces(premises: Premises) -> None:
    with Client(premises.port) as gone:
        gone.says(request("POST", "/verify", MULTIPART, b"Content-Length: 900"), b"\r\n--x\r\n")
    time.sleep(0.3)

    lines = premises.logged().splitlines()

    assert all(line.startswith("{") for line in lines)
    assert not [line for line in lines if '"level": "error"' in line]


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)
