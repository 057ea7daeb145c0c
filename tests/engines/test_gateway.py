"""SMS and WhatsApp through any HTTP gateway: a real one on loopback, by the product's own way out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from lacre.engines.gateway import Gateway, GatewayUnusable, HttpMessenger
from lacre.engines.http import HttpEngine
from lacre.signing.ports import MailFailed, PhoneMessage, Sent
from tests.support.receiver import Answer, Receiver, reset, status

MESSAGE = PhoneMessage(
    key="job-1",
    to="+5511988887777",
    text='Leia "isto" e assine: https://l.test/x?a=1&b=2',
    kind="code",
    name="Bruno {text}",
    title="Contrato",
    code="482913",
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def http() -> Iterator[HttpEngine[Any]]:
    engine: HttpEngine[Any] = HttpEngine([ip_network("127.0.0.0/8")])
    yield engine
    engine.close()


def sent(http: HttpEngine[Any], receiver: Receiver, **setting: object) -> Sent | MailFailed:
    gateway = Gateway.parse(json.dumps({"url": receiver.url, **setting}))
    return HttpMessenger(gateway, http).send(MESSAGE)


def test_json_is_filled_wherever_a_place_stands_and_only_there(
    http: HttpEngine[Any], receiver: Receiver
) -> None:
    body = {"to": "{digits}", "vars": ["{code}", "{name}", "{other}", 7, None], "text": {"body": "{text}"}}

    outcome = sent(http, receiver, json=body, headers={"Authorization": "Bearer s3", "X-Key": "{key}"})

    heard = receiver.wait_for(1)[0]
    assert outcome == Sent(message_id="")
    assert heard.json == {
        "to": "5511988887777",
        "vars": ["482913", "Bruno {text}", "{other}", 7, None],
        "text": {"body": MESSAGE.text},
    }
    assert (heard.header("authorization"), heard.header("x-key")) == ("Bearer s3", "job-1")


def test_forms_and_urls_are_filled_without_leaving_their_place(
    http: HttpEngine[Any], receiver: Receiver
) -> None:
    receiver_url = f"{receiver.url.rstrip('/')}/send?to={{to}}"
    gateway = Gateway(url=receiver_url, form={"msg": "{text}", "from": "Lacre"})

    HttpMessenger(gateway, http).send(MESSAGE)

    heard = receiver.wait_for(1)[0]
    assert heard.target.endswith("/send?to=%2B5511988887777")
    assert parse_qs(heard.body.decode()) == {"msg": [MESSAGE.text], "from": ["Lacre"]}


@pytest.mark.parametrize(
    ("answer", "success", "outcome"),
    [
        (status(202, b"{}"), {}, Sent(message_id="")),
        (status(200, b'{"m":[{"id":"wamid.7"}]}'), {"id_path": "m.0.id"}, Sent(message_id="wamid.7")),
        (status(200, b'{"ok":"yes"}'), {"path": "ok", "values": "yes"}, Sent(message_id="")),
        (
            status(200, b'{"ok":"no, +5511988887777 482913"}'),
            {"path": "ok", "values": ["yes"]},
            MailFailed(reason="the gateway answered 200, but took no message", retry=False),
        ),
        (status(201, b""), {"status": 200}, MailFailed(reason="the gateway answered 201", retry=False)),
        (status(400, b""), {}, MailFailed(reason="the gateway answered 400", retry=False)),
        (status(429, b""), {}, MailFailed(reason="the gateway answered 429", retry=True)),
        (status(503, b""), {}, MailFailed(reason="the gateway answered 503", retry=True)),
        (reset(), {}, MailFailed(reason="the gateway gave no answer: reset", retry=True)),
    ],
)  # fmt: skip
def test_the_rule_says_what_an_answer_means(
    http: HttpEngine[Any],
    receiver: Receiver,
    answer: Answer,
    success: dict[str, object],
    outcome: object,
) -> None:
    receiver.answers(answer)

    assert sent(http, receiver, json={"t": "{text}"}, success=success) == outcome


def test_a_gateway_in_a_private_network_has_to_be_allowed(receiver: Receiver) -> None:
    engine: HttpEngine[Any] = HttpEngine()

    outcome = sent(engine, receiver, json={"t": "{text}"})
    engine.close()

    assert outcome == MailFailed(reason="the gateway gave no answer: address_forbidden", retry=True)
    assert receiver.heard == []


def test_nobody_without_a_number_is_written_to(http: HttpEngine[Any], receiver: Receiver) -> None:
    gateway = Gateway.parse(json.dumps({"url": receiver.url}))
    nobody = PhoneMessage(key="k", to="", text="t", kind="code")

    assert isinstance(HttpMessenger(gateway, http).send(nobody), MailFailed)
    assert receiver.heard == []


def test_the_setting_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sms.json"
    file.write_text('{"url": "https://sms.test", "form": {"a": "{text}"}}')

    assert Gateway.parse(str(file)).form == {"a": "{text}"}


@pytest.mark.parametrize(
    "setting",
    [
        "{",
        '{"url": "ftp://x"}',
        '{"url": "https://x", "method": "DELETE"}',
        '{"url": "https://x", "boddy": {}}',
        '{"url": "https://x", "json": {}, "form": {}}',
        "/not/there.json",
    ],
)
def test_a_setting_that_cannot_be_used_says_why_and_not_what_it_is(setting: str) -> None:
    with pytest.raises(GatewayUnusable) as refused:
        Gateway.parse(setting.replace("https://x", "https://segredo@x"))

    assert str(refused.value)
    assert "segredo" not in str(refused.value)
