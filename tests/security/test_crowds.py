"""Strangers in numbers, and customers who send much, keep nobody else waiting."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import pytest

from lacre.dialects.native.routes import PATH as NATIVE
from lacre.kit.throttle import MOST_FAILURES
from lacre.web.verify.routes import AT_ONCE, WAITING
from tests.security.slow import FORM, MB, PATIENCE, Client, request, seconds
from tests.support.customer import Customer, ask
from tests.support.pdfs import contract_pdf, crowded_pdf, text_pdf
from tests.support.server import Premises, Process
from tests.support.working import eventually

pytestmark = pytest.mark.usefixtures("server")


@pytest.fixture(scope="module")
def tangled() -> bytes:
    """Takes a while to judge."""
    return crowded_pdf(3_000)


@pytest.fixture(scope="module")
def customer(premises: Premises, token: str) -> Customer:
    return Customer(premises.url, token)


def test_strangers_who_have_files_judged_keep_only_each_other_waiting(
    premises: Premises, customer: Customer, tangled: bytes
) -> None:
    link = str(customer.send([{"name": "Bruno"}])["signers"][0]["sign_url"])
    alone = _alone(customer)
    with ExitStack() as crowd:
        files = [crowd.enter_context(Client(premises.port)) for _ in range(AT_ONCE + WAITING + 1)]
        for one in files:
            one.says(_posted(tangled)[:-1])
        eventually(lambda: any(one.answered for one in files))
        busy = ask("POST", f"{premises.url}/verify", files={"file": ("a.pdf", tangled)})
        drawn = seconds(lambda: ask("GET", f"{link}/documents/1/pages/1"))
        sent = seconds(lambda: customer.send([{"name": "Carla"}]))

    assert busy.status_code == 503
    assert busy.headers["retry-after"]
    assert max(drawn, sent) < PATIENCE + 20 * alone


def test_strangers_at_the_login_do_not_fill_the_memory(premises: Premises, server: Process) -> None:
    """64 MiB for each password that is tried: at most two at once."""
    before = _memory(server)
    form = {"email": "ana@example.test", "password": "wrong horse"}
    with _crowd(16, lambda: ask("POST", f"{premises.url}/app/login", data=form)):
        at_most = max(_memory(server) for _ in _for(1))

    assert at_most - before < 250 * MB


def test_strangers_at_the_login_keep_only_each_other_waiting(premises: Premises, customer: Customer) -> None:
    # nobody whom another test has locked out already: they would be turned away before they wait
    form = {"email": "eva@example.test", "password": "wrong horse", "link": "guessed", "again": "wrong horse"}
    alone = _alone(customer)
    with _crowd(60, lambda: ask("POST", f"{premises.url}/app/login", data=form)) as seen:
        drawn = seconds(lambda: ask("GET", f"{premises.url}/app/login"))
        sent = seconds(lambda: customer.send([{"name": "Carla"}]))

    assert max(drawn, sent) < PATIENCE + 20 * alone
    assert seen.count(422) <= MOST_FAILURES
    assert 503 in seen


@pytest.mark.parametrize("path", ["/app/login", "/app/enter", "/app/keys"])
def test_a_form_of_words_is_a_small_one(premises: Premises, path: str) -> None:
    with Client(premises.port) as client:
        head = request(
            "POST", path, b"Content-Type: application/x-www-form-urlencoded", b"Content-Length: 9000000"
        )
        client.says(head, b"\r\n", b"a=" + b"b" * 2 * MB).waits(30)

    assert client.status in (0, 413)
    assert client.seconds is not None


def test_who_has_no_link_has_nothing_read(premises: Premises) -> None:
    with Client(premises.port) as client:
        head = request("POST", "/verificar/unknown/sign", FORM.rstrip(), b"Content-Length: 9000000")
        client.says(head, b"\r\n--x\r\n").hears()

    assert client.status == 404


def test_who_has_every_page_drawn_keeps_only_their_own_link_waiting(
    premises: Premises, customer: Customer
) -> None:
    """Forty of them would have all that the server has to answer with."""
    link = str(customer.send([{"name": "Bruno"}], contract_pdf(70))["signers"][0]["sign_url"])
    alone = _alone(customer)
    with ExitStack() as crowd:
        for page in range(1, 71):
            path = f"{urlsplit(link).path}/documents/1/pages/{page}?w=2160"
            crowd.enter_context(Client(premises.port)).says(request("GET", path), b"\r\n")
        time.sleep(0.5)
        shown = seconds(lambda: ask("GET", f"{premises.url}/app/login"))
        sent = seconds(lambda: customer.send([{"name": "Carla"}]))

    assert max(shown, sent) < PATIENCE + 20 * alone


def test_patterns_that_never_end_keep_only_those_who_read_waiting(
    premises: Premises, customer: Customer
) -> None:
    """A customer's own, in a type of theirs: whoever sends and whoever signs is in no hurry of theirs."""
    key = premises.new_token("native", "api_key")
    rule = {"anchor": ["Total"], "where": "right", "pattern": "(a|a|a)*$"}
    kind = {"name": "Slow", "fields": [{"name": "v", "title": "V", "kind": "text", "rules": [rule]}]}
    number = _made(premises, key, "document-types", kind)["number"]
    text = base64.b64encode(text_pdf([f"Total {'a' * 40}!"])).decode()
    alone = _alone(customer)
    for n in range(4):
        _made(premises, key, "extractions", {"type": number, "name": f"slow {n}", "base64": text})
    time.sleep(4)

    # a processor or two are theirs meanwhile
    assert seconds(lambda: customer.send([{"name": "Carla"}])) < 2 * (PATIENCE + 20 * alone)


def _made(premises: Premises, key: str, what: str, said: object) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {key}"}
    answer = ask("POST", f"{premises.url}{NATIVE}/{what}", json=said, headers=headers)
    assert answer.status_code < 300, answer.text
    return cast("dict[str, Any]", answer.json())


@contextmanager
def _crowd(count: int, do: Callable[[], httpx2.Response]) -> Iterator[list[int]]:
    """So many clients at the same time; once it is over, the statuses that they got."""
    seen = list[int]()
    with ThreadPoolExecutor(count) as pool:
        asked = [pool.submit(do) for _ in range(count)]
        time.sleep(0.5)
        yield seen
    seen.extend(one.result().status_code for one in asked)


def _alone(customer: Customer) -> float:
    """Seconds, once all that it needs is awake."""
    customer.send([{"name": "Bruno"}])
    return seconds(lambda: customer.send([{"name": "Bruno"}]))


def _posted(file: bytes) -> bytes:
    part = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%b\r\n--x--\r\n' % file
    )
    return request("POST", "/verify", FORM.rstrip(), b"Content-Length: %d" % len(part)) + b"\r\n" + part


def _for(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)


def _memory(server: Process) -> int:
    """Bytes that it holds now."""
    return int(Path(f"/proc/{server.pid}/statm").read_text().split()[1]) * 4_096
