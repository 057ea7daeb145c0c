"""A developer without a public address hears what happens, over a server's restart too, each thing once."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from lacre.bootstrap import open_installation
from lacre.cli.key import create_key
from lacre.cli.listen.web import exchange
from lacre.webhooks.signature import sign
from tests.support.native_desk import a_contract
from tests.support.receiver import Heard, Receiver, status
from tests.support.server import Premises


def test_listening_goes_on_over_a_restart_and_nothing_is_missed_or_doubled(tmp_path: Path) -> None:
    premises = Premises(tmp_path)
    with closing(open_installation(premises.settings)) as opened:
        key = create_key(opened, "native", "default")["api_key"]
    premises.environment["LACRE_API_KEY"] = key
    wanted = ("--since", "2026-01-01T00:00:00Z", "--type", "envelope.created", "--type", "envelope.sent")

    with Receiver() as local:
        local.answers(status(200), status(500), status(200))
        with premises.server() as server:
            first = create(premises, key)
            listening = premises.listening("--forward-to", local.url, *wanted)
            with listening:
                local.wait_for(2)
                server.kill()
                with premises.server():
                    second = create(premises, key)
                    heard = local.wait_for(4, seconds=60)
                    ended = listening.interrupt()
                    printed = listening.said().splitlines()

    told = [(one.json["type"], one.json["data"]["envelope"]["id"]) for one in heard]
    assert sorted(told[:2]) == sorted([("envelope.created", first), ("envelope.sent", first)])
    assert sorted(told[2:]) == sorted([("envelope.created", second), ("envelope.sent", second)])
    assert len({one.json["id"] for one in heard}) == len(local.heard) == 4
    secret = printed[0].rpartition(" ")[2]
    assert all(genuine(one, secret) for one in heard)
    assert [line.split(",")[0].strip() for line in printed if "→" in line][:2] == [
        "→ 200 Told",
        "→ 500 Told",
    ]
    assert ended == 0


def create(premises: Premises, key: str) -> str:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps(a_contract()).encode()
    url = f"{premises.url}/api/lacre/v1/envelopes"
    answer = exchange("POST", url, body=body, headers=headers, seconds=60)
    assert answer.status == 201, answer.body
    return str(json.loads(answer.body)["id"])


def genuine(heard: Heard, secret: str) -> bool:
    message_id, timestamp = heard.header("webhook-id"), heard.header("webhook-timestamp")
    assert message_id is not None
    assert timestamp is not None
    signed = sign(secret, message_id=message_id, timestamp=timestamp, body=heard.body)
    return heard.header("webhook-signature") == signed
