"""A whole installation with its worker: what is asked of our API is heard by a real receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lacre.accounts.actions import find_or_open, give_key
from lacre.bootstrap import Installation, open_installation
from lacre.kit.ids import new_uuid
from lacre.settings import Settings
from tests.support.certificates import Authority, server_context
from tests.support.native_desk import a_contract
from tests.support.receiver import Heard, Receiver, status

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("wire")
    settings = Settings(data_dir=folder, egress_allow="127.0.0.0/8", time_scale=1000)
    opened, stop = open_installation(settings, public_url="http://lacre.test"), threading.Event()
    worker = threading.Thread(target=lambda: opened.worker().run(stop))
    worker.start()
    yield opened
    stop.set()
    worker.join()
    opened.close()


@pytest.fixture
def client(installation: Installation) -> TestClient:
    services, key = installation.services, installation.new_key("native")
    with services.open_work() as work:
        now = services.clock()
        account = find_or_open(work, new_uuid(), new_id=new_uuid(), now=now)
        digest = services.tokens.digest(key)
        give_key(work, account, dialect="native", key_id=new_uuid(), key=key, digest=digest, now=now)
    return TestClient(
        installation.app,
        base_url="http://lacre.test/api/lacre/v1/",
        headers={"Authorization": f"Bearer {key}"},
    )


def test_a_receiver_hears_signed_events_and_hears_a_failed_one_again(client: TestClient) -> None:
    with Receiver() as receiver:
        receiver.answers(status(500), status(200))
        endpoint = client.post("endpoints", json={"url": receiver.url, "types": ["envelope.sent"]}).json()
        made = client.post("envelopes", json=a_contract()).json()
        first, second = receiver.wait_for(2)
        until(lambda: deliveries(client)[0]["status"] == "delivered")

    assert first.header("webhook-id") == second.header("webhook-id")
    assert second.json["data"]["envelope"]["id"] == made["id"]
    assert genuine(first, endpoint["secret"])
    assert genuine(second, endpoint["secret"])
    (delivery,) = deliveries(client)
    attempts = client.get(f"deliveries/{delivery['id']}/attempts").json()["data"]
    assert [one["status_code"] for one in attempts] == [500, 200]
    assert [one["address"] for one in attempts] == ["127.0.0.1"] * 2


def test_a_receiver_that_is_gone_is_not_asked_again(client: TestClient) -> None:
    with Receiver() as receiver:
        receiver.answers(status(410))
        endpoint = client.post("endpoints", json={"url": receiver.url, "types": ["envelope.sent"]}).json()
        client.post("envelopes", json=a_contract())
        receiver.wait_for(1)
        until(lambda: client.get(f"endpoints/{endpoint['id']}").json()["status"] == "disabled")

        receiver.answers(status(200))
        client.post(f"endpoints/{endpoint['id']}/resume")
        heard = receiver.wait_for(2)
        until(lambda: deliveries(client)[0]["status"] == "delivered")

    assert [one.json["type"] for one in heard] == ["envelope.sent"] * 2


def test_a_test_shows_the_whole_exchange_and_has_no_consequences(client: TestClient) -> None:
    with Receiver() as receiver:
        receiver.answers(status(410, b"never again"))
        endpoint = client.post("endpoints", json={"url": receiver.url}).json()
        path = f"endpoints/{endpoint['id']}"
        tested = client.post(f"{path}/test", json={"type": "signer.signed"}, params={"wait": 20}).json()
        (heard,) = receiver.wait_for(1)

    assert genuine(heard, endpoint["secret"])
    assert (heard.json["type"], heard.json["data"]["sample"]) == ("signer.signed", True)
    assert (heard.header("Lacre-Sample"), heard.json["data"]["signer"]["name"]) == ("true", "Maria Exemplo")
    assert (tested["status"], tested["event_type"], tested["sample"]) == ("discarded", "signer.signed", True)
    exchange = tested["exchange"]
    assert (exchange["status_code"], exchange["response_body"]) == (410, "never again")
    assert exchange["request_body"].encode() == heard.body
    assert client.get(path).json()["status"] == "active"


def test_a_receiver_is_asked_in_the_shape_that_it_wants(client: TestClient) -> None:
    with Receiver() as receiver, Receiver() as server:
        server.answers(status(200, b'{"data":{"token":"t0ken","expires_in":60}}'))
        said = {
            "url": receiver.url + "documents/:external_id?event=:type",
            "types": ["envelope.sent"],
            "method": "PUT",
            "fill_url": True,
            "signatures": ["standard", "ed25519", "content_hmac", "hmac", "timestamped"],
            "headers": [{"name": "X-Own", "value": "1"}, {"name": "hmac", "value": "posing"}],
            "authorization": {"kind": "fetched", "url": server.url, "token_path": "data.token"},
        }
        made = client.post("endpoints", json=said).json()
        client.post("envelopes", json=a_contract(external_id="a/b ç"))
        (heard,) = receiver.wait_for(1)

    assert (heard.method, heard.target) == ("PUT", "/documents/a%2Fb%20%C3%A7?event=envelope.sent")
    assert (heard.header("Authorization"), heard.header("X-Own")) == ("Bearer t0ken", "1")
    assert heard.json["type"] == "envelope.sent"
    assert genuine(heard, made["secret"])
    mac = hmac.new(made["secret"].encode(), heard.body, hashlib.sha256)
    assert heard.header("Content-Hmac") == f"sha256={mac.hexdigest()}"
    assert [value for name, value in heard.headers if name.lower() == "hmac"] == [
        base64.b64encode(mac.digest()).decode()
    ]
    assert "t0ken" not in client.get("deliveries").text


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_request_without_a_body_is_signed_as_such(client: TestClient, method: str) -> None:
    with Receiver() as receiver:
        said = {"url": receiver.url + ":id/:envelope_id", "fill_url": True, "method": method}
        made = client.post("endpoints", json=said).json()
        tested = client.post(f"endpoints/{made['id']}/test").json()
        (heard,) = receiver.wait_for(1)

    assert (heard.method, heard.target, heard.body) == (method, f"/{tested['event_id']}/none", b"")
    assert (heard.header("Content-Type"), genuine(heard, made["secret"])) == (None, True)


def test_an_endpoint_shows_its_certificate_and_trusts_its_own_authority(
    client: TestClient, tmp_path: Path
) -> None:
    authority = Authority()
    context = server_context(authority.issue("localhost"), tmp_path, clients_of=authority)
    ours = authority.issue("lacre.test")
    with Receiver(tls=context) as receiver:
        said = {
            "url": receiver.url.replace("127.0.0.1", "localhost"),
            "client_certificate": ours.pem.decode(),
            "ca_certificates": authority.pem.decode(),
        }
        made = client.post("endpoints", json=said).json()
        client.post(f"endpoints/{made['id']}/test")
        receiver.wait_for(1)
        until(lambda: deliveries(client)[0]["status"] == "delivered")

    assert made["client_certificate"]["subject"] == "CN=lacre.test"
    assert "PRIVATE" not in str(made)


def deliveries(client: TestClient) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = client.get("deliveries").json()["data"]
    return listed


def genuine(heard: Heard, secret: str) -> bool:
    """As docs/integrate/native.md tells receivers to check."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{heard.header('webhook-id')}.{heard.header('webhook-timestamp')}.".encode() + heard.body
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return expected in (heard.header("webhook-signature") or "").split()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
