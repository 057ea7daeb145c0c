"""No URL that a customer gives leads into the operator's own network, through whichever door it comes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.security.conftest import FRIEND
from tests.security.signed import signed_under
from tests.support.customer import ask
from tests.support.pdfs import contract_pdf
from tests.support.pki import TestAuthority
from tests.support.receiver import Receiver, status
from tests.support.server import Premises, Process

pytestmark = pytest.mark.usefixtures("server")
NATIVE = "/api/lacre/v1"
INWARD = [
    "http://127.0.0.1:{port}/a.pdf",
    "http://localhost:{port}/a.pdf",
    "http://LOCALHOST.:{port}/a.pdf",
    "http://[::1]:{port}/a.pdf",
    "http://[::ffff:127.0.0.1]:{port}/a.pdf",
    "http://[::ffff:7f00:1]:{port}/a.pdf",
    "http://[64:ff9b::127.0.0.1]:{port}/a.pdf",
    "http://2130706433:{port}/a.pdf",
    "http://0x7f.1:{port}/a.pdf",
    "http://0177.0.0.1:{port}/a.pdf",
    "http://0:{port}/a.pdf",
    "http://①②⑦.⓪.⓪.①:{port}/a.pdf",
    "http://ip6-localhost:{port}/a.pdf",
    "http://user:word@127.0.0.1:{port}/a.pdf",
    "http://example.com\\@127.0.0.1:{port}/a.pdf",
    "http://127.0.0.1:{port}\t/a.pdf",
    "http:127.0.0.1:{port}/a.pdf",
    "//127.0.0.1:{port}/a.pdf",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.3:22/a.pdf",
    "http://127.0.0.1.nip.io:{port}/a.pdf",
]


@pytest.fixture(scope="module")
def canary() -> Iterator[Receiver]:
    """Listens on every address but answers to none: nobody ever comes."""
    with Receiver(host="127.0.0.1") as receiver:
        yield receiver
        assert receiver.connections == 0


@pytest.fixture(scope="module")
def native_key(premises: Premises, server: Process) -> str:  # noqa: ARG001 - it made the database
    key: str = json.loads(premises.run("key", "create", "--dialect", "native", "--json"))["api_key"]
    return key


@pytest.mark.parametrize("inward", INWARD)
def test_no_document_is_fetched_from_inside(
    premises: Premises, token: str, native_key: str, canary: Receiver, inward: str
) -> None:
    url, signers = inward.format(port=canary.port), [{"name": "Bruno"}]

    theirs = _zapsign(premises, token, "docs/", {"name": "X", "url_pdf": url, "signers": signers})
    said = {"title": "X", "documents": [{"url": url}], "signers": signers}
    ours = _native(premises, native_key, "/envelopes", said)

    assert theirs.status_code == 400
    assert theirs.json()["detail"].startswith("O arquivo não pôde ser baixado da URL informada (")
    assert ours.status_code == 422
    assert ours.json()["code"] in ("document_not_fetched", "validation_failed")
    assert canary.connections == 0


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_leads_inside(premises: Premises, token: str, canary: Receiver, code: int) -> None:
    """The first address is one that the operator allows; the second is not."""
    with Receiver(host=FRIEND) as friend:
        friend.answers(status(code, b"", {"Location": f"{canary.url}a.pdf"}))

        said = {"name": "X", "url_pdf": f"{friend.url}a.pdf", "signers": [{"name": "Bruno"}]}
        answer = _zapsign(premises, token, "docs/", said)

    assert friend.connections == 1
    assert "address_forbidden" in answer.json()["detail"]
    assert canary.connections == 0


def test_the_allowed_address_is_fetched_from(premises: Premises, token: str) -> None:
    """Else all of these would prove nothing."""
    with Receiver(host=FRIEND) as friend:
        friend.answers(status(200, contract_pdf(1)))
        said = {"name": "X", "url_pdf": f"{friend.url}a.pdf", "signers": [{"name": "Bruno"}]}

        assert _zapsign(premises, token, "docs/", said).status_code == 200


def test_no_webhook_is_sent_inside_and_its_owner_is_told_why(
    premises: Premises, native_key: str, canary: Receiver
) -> None:
    """Some URLs are refused at once; the others at each attempt, by the address that they lead to."""
    made = {}
    for inward in INWARD:
        url = inward.format(port=canary.port)
        answer = _native(premises, native_key, "/endpoints", {"url": url})
        if answer.status_code == 201:
            made[answer.json()["id"]] = url
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "url_not_allowed"), answer.text

    for endpoint_id in made:
        _native(premises, native_key, f"/endpoints/{endpoint_id}/test", None)
    reasons = {url: _reason(premises, native_key, endpoint_id) for endpoint_id, url in made.items()}
    for endpoint_id in made:
        headers = {"authorization": f"Bearer {native_key}"}
        ask("DELETE", f"{premises.url}{NATIVE}/endpoints/{endpoint_id}", headers=headers)

    assert len(reasons) > 10
    assert set(reasons.values()) <= {"address_forbidden", "dns_failed"}
    assert sum(reason == "address_forbidden" for reason in reasons.values()) > 10
    assert canary.connections == 0


def test_a_redirected_webhook_is_not_followed(premises: Premises, native_key: str, canary: Receiver) -> None:
    with Receiver(host=FRIEND) as friend:
        friend.answers(status(307, b"", {"Location": canary.url}))
        made = _native(premises, native_key, "/endpoints", {"url": friend.url}).json()
        _native(premises, native_key, f"/endpoints/{made['id']}/test", None)

        friend.wait_for(1)
        attempt = _attempt(premises, native_key, made["id"])

    assert (attempt["status_code"], attempt["ok"]) == (307, False)
    assert canary.connections == 0


def test_nobody_asks_for_a_logo(premises: Premises, token: str, canary: Receiver) -> None:
    bruno = {"name": "Bruno", "email": "b@example.test", "send_automatic_email": True}
    said = {"name": "X", "signers": [bruno], "brand_logo": f"{canary.url}logo.png", "brand_name": "Papelaria"}
    with Receiver(host=FRIEND) as friend:
        friend.answers(status(200, contract_pdf(1)))
        answer = _zapsign(premises, token, "docs/", said | {"url_pdf": friend.url})
    link = answer.json()["signers"][0]["sign_url"]

    assert ask("GET", link).status_code == 200
    assert canary.connections == 0


def test_nobody_asks_where_a_certificate_says_that_it_was_revoked(
    premises: Premises, canary: Receiver
) -> None:
    """Anybody may have a file judged, with whichever addresses in its certificates."""
    file = signed_under(TestAuthority(lists_url=f"{canary.url}list.crl"))

    answer = ask("POST", f"{premises.url}/verify", files={"file": ("a.pdf", file)})

    assert answer.status_code == 200
    assert canary.connections == 0


def _zapsign(premises: Premises, token: str, path: str, said: object) -> Any:  # noqa: ANN401 - an answer
    headers = {"authorization": f"Bearer {token}"}
    return ask("POST", f"{premises.url}/api/v1/{path}", json=said, headers=headers)


def _native(premises: Premises, key: str, path: str, said: object) -> Any:  # noqa: ANN401 - an answer
    headers = {"authorization": f"Bearer {key}"}
    method = "GET" if said is None and "?" in path else "POST"
    return ask(method, f"{premises.url}{NATIVE}{path}", json=said, headers=headers)


def _reason(premises: Premises, key: str, endpoint_id: str) -> str:
    return str(_attempt(premises, key, endpoint_id)["reason"])


def _attempt(premises: Premises, key: str, endpoint_id: str) -> dict[str, Any]:
    """The first, once it was made."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = _native(premises, key, f"/deliveries?endpoint_id={endpoint_id}", None).json()["data"]
        if found and found[0]["attempts"]:
            path = f"/deliveries/{found[0]['id']}/attempts?"
            first: dict[str, Any] = _native(premises, key, path, None).json()["data"][0]
            return first
        time.sleep(0.1)
    raise AssertionError("nothing was attempted")
