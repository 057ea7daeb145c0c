"""A whole installation with its worker: what is asked of our API is heard by a real receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from lacre.accounts.actions import find_or_open, give_key
from lacre.bootstrap import Installation, open_installation
from lacre.kit.ids import new_uuid
from lacre.settings import Settings
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
        endpoint = client.post("endpoints", json={"url": receiver.url}).json()
        client.post(f"endpoints/{endpoint['id']}/test")
        receiver.wait_for(1)
        until(lambda: client.get(f"endpoints/{endpoint['id']}").json()["status"] == "disabled")

        receiver.answers(status(200))
        client.post(f"endpoints/{endpoint['id']}/resume")
        heard = receiver.wait_for(2)
        until(lambda: deliveries(client)[0]["status"] == "delivered")

    assert [one.json["type"] for one in heard] == ["endpoint.test"] * 2


def deliveries(client: TestClient) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = client.get("deliveries").json()["data"]
    return listed


def genuine(heard: Heard, secret: str) -> bool:
    """As docs/integrate/native.md tells receivers to check."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{heard.header('webhook-id')}.{heard.header('webhook-timestamp')}.".encode() + heard.body
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return expected in (heard.header("webhook-signature") or "").split()


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
