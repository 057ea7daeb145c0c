"""Standard Webhooks: the headers, the signatures as a receiver checks them, and what is said."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lacre.dialects.native import words
from lacre.dialects.native.promise import PROMISE
from lacre.dialects.native.shape import fields
from lacre.dialects.native.webhook import NativeWording
from lacre.kit.events import Event
from lacre.kit.ids import EndpointId, EventId
from lacre.kit.json import Json
from lacre.kit.times import rfc3339
from lacre.signing import announcing, events
from lacre.webhooks import secret
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.health import Health, News
from lacre.webhooks.request import Request
from lacre.webhooks.telling import event_of
from tests.support.contracts import (
    ACCOUNT,
    BRUNO,
    CARLA,
    CONTRACT,
    NOON,
    PlainLinks,
    seal,
    sent_contract,
    sign,
)
from tests.support.zapsign import happened

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEWEST = "whsec_" + base64.b64encode(b"n" * 32).decode()
EVENT = EventId("33333333-3333-4333-8333-333333333333")
ATTEMPT_AT = NOON + timedelta(hours=2)
GOLDEN = Path(__file__).parent


def test_a_receiver_verifies_what_it_hears() -> None:
    sent = request(signed_by_all())

    verify(SECRET, sent)


def test_every_secret_that_is_valid_signs() -> None:
    endpoint = listener()
    secret.rotate(endpoint, OTHER, old_ends=ATTEMPT_AT + timedelta(hours=1), now=ATTEMPT_AT)

    during = request(signed_by_all(), endpoint)
    after = request(signed_by_all(), endpoint, now=ATTEMPT_AT + timedelta(hours=1))

    verify(SECRET, during)
    verify(OTHER, during)
    verify(OTHER, after)
    assert header(after, "webhook-signature").count("v1,") == 1


def test_no_secret_outlives_the_end_it_was_given() -> None:
    endpoint = listener()
    for number in range(6):
        new = "whsec_" + base64.b64encode(bytes([number]) * 32).decode()
        secret.rotate(endpoint, new, old_ends=NOON + timedelta(hours=24 + number), now=NOON)

    assert len(secret.valid(endpoint, NOON)) == secret.MOST
    assert len(secret.valid(endpoint, NOON + timedelta(hours=28, minutes=30))) == 2
    assert secret.valid(endpoint, NOON + timedelta(days=3)) == (new,)


def test_a_secret_that_is_taken_back_takes_those_before_it_along() -> None:
    endpoint = listener()
    secret.rotate(endpoint, OTHER, old_ends=NOON + timedelta(days=7), now=NOON)

    secret.rotate(endpoint, NEWEST, old_ends=NOON, now=NOON)

    assert secret.valid(endpoint, NOON) == endpoint.secrets.signing == (NEWEST,)


def test_forms_of_one_value_change_over_at_once() -> None:
    endpoint = listener()
    endpoint.options = {"signatures": ["hmac", "content_hmac", "timestamped"]}
    secret.rotate(endpoint, OTHER, old_ends=ATTEMPT_AT + timedelta(days=1), now=ATTEMPT_AT)

    sent = request(signed_by_all(), endpoint)

    mac = hmac.new(OTHER.encode(), sent.body, hashlib.sha256)
    assert header(sent, "HMAC") == base64.b64encode(mac.digest()).decode()
    assert header(sent, "Content-Hmac") == f"sha256={mac.hexdigest()}"
    assert header(sent, "Lacre-Signature").count("v1=") == 2


def test_the_message_keeps_its_id_and_each_attempt_has_its_time() -> None:
    first, later = (request(signed_by_all(), now=at) for at in (ATTEMPT_AT, ATTEMPT_AT + timedelta(hours=3)))

    assert header(first, "webhook-id") == header(later, "webhook-id") == "evt_" + EVENT.replace("-", "")
    assert int(header(first, "webhook-timestamp")) == int(ATTEMPT_AT.timestamp())
    assert int(header(later, "webhook-timestamp")) - int(header(first, "webhook-timestamp")) == 3 * 3600


def test_links_are_made_anew_and_nothing_else_changes() -> None:
    first, later = (
        json.loads(request(signed_by_all(), now=at).body)["data"]["envelope"]
        for at in (ATTEMPT_AT, ATTEMPT_AT + timedelta(hours=3))
    )

    assert first["documents"][0]["original_url"] != later["documents"][0]["original_url"]
    assert first.pop("documents")[0]["sha256"] == later.pop("documents")[0]["sha256"]
    assert first == later


def test_the_customers_headers_are_sent_and_overrule_ours() -> None:
    given = (("Authorization", "Bearer x"), ("user-agent", "erp/1"))

    sent = request(signed_by_all(), listener(headers=given))

    assert [name for name, _ in sent.headers] == [
        "Content-Type",
        "Authorization",
        "user-agent",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "envelope.completed",
        "signer.signed",
        "endpoint.test",
        "endpoint.failing",
        "endpoint.paused",
        "endpoint.recovered",
    ],
)
def test_it_says_byte_for_byte_what_is_written_down(name: str) -> None:
    """The file is laid out for readers; on the wire the same keys, in the same order, without the spaces."""
    said = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))

    assert request(GOLDEN_EVENTS[name]).body == compact(said)


@pytest.mark.parametrize("event_type", sorted(events.ALL))
def test_every_event_says_its_name_its_envelope_and_its_signer(event_type: str) -> None:
    about_signer = event_type.startswith("signing.signer") or event_type == events.ACT_SEALED
    event = happened(event_type, sent_contract(), who=BRUNO if about_signer else None)

    said = json.loads(request(event).body)

    assert said["type"] == words.EVENT_TYPES[event_type].name
    assert said["created_at"] == rfc3339(event.at)
    assert said["data"]["envelope"]["title"] == "Locação.pdf"
    assert ("signer" in said["data"]) == about_signer


def test_facts_are_told_that_the_catalogue_names_and_no_others() -> None:
    event = happened(events.SIGNER_REFUSED, sent_contract(), who=BRUNO, reason="Valor", note="ours")

    said = json.loads(request(event).body)["data"]

    assert {*said} == {"envelope", "signer", "reason"}


def test_what_is_told_anew_of_copies_that_say_it_is_void_says_why() -> None:
    envelope = sent_contract()
    envelope.cancel("Erro no valor", now=NOON)

    event = announcing.event_of(envelope, events.FILES_VOIDED, at=NOON)

    assert json.loads(request(event).body)["data"]["reason"] == "Erro no valor"


def test_a_signer_who_was_removed_is_still_named() -> None:
    envelope = sent_contract()
    envelope.remove_signer(CARLA, now=NOON)

    said = json.loads(request(happened(events.SIGNER_REMOVED, envelope, who=CARLA)).body)["data"]

    assert said["signer"]["name"] == "Carla Luz"
    assert said["signer"]["signing_url"] is None
    assert [one["name"] for one in said["envelope"]["signers"]] == ["Bruno Dias"]


@pytest.mark.parametrize(
    ("types", "subject_id", "heard"),
    [
        ((), None, True),
        (("envelope.completed",), None, True),
        (("envelope.sent",), None, False),
        ((), CONTRACT, True),
        ((), "another", False),
    ],
)
def test_an_endpoint_hears_what_it_asked_for(
    types: tuple[str, ...], subject_id: str | None, heard: bool
) -> None:
    endpoint = listener(types=types)
    endpoint.subject_id = subject_id

    assert NativeWording().listens(endpoint, signed_by_all()) is heard


@pytest.mark.parametrize("news", [News.FAILING, News.PAUSED, News.RECOVERED])
def test_an_endpoint_hears_how_others_fare_and_never_how_it_does(news: News) -> None:
    endpoint = listener()

    assert NativeWording().listens(endpoint, news_of_another(news))
    assert not NativeWording().listens(endpoint, news_of_another(news, endpoint_id=endpoint.id))


def test_news_of_another_endpoint_hold_no_more_of_its_address_than_the_host() -> None:
    assert b"s3cret" not in request(news_of_another(News.PAUSED)).body


def test_events_of_other_businesses_are_told_to_nobody() -> None:
    foreign = Event(type="elsewhere.happened", account_id=ACCOUNT, subject_id="x", at=NOON, facts={})

    assert not NativeWording().listens(listener(), foreign)


def test_ten_attempts_are_made_over_three_days() -> None:
    assert len(PROMISE.waits) == 9
    assert timedelta(hours=75) < sum(PROMISE.waits, timedelta()) < timedelta(hours=76)
    assert (PROMISE.deadline_seconds, PROMISE.stops_at) == (20.0, frozenset({410}))


def verify(signing: str, sent: Request, body: bytes | None = None) -> None:
    """As a receiver's own few lines do it, from the specification."""
    key = base64.b64decode(signing.removeprefix("whsec_"))
    named = f"{header(sent, 'webhook-id')}.{header(sent, 'webhook-timestamp')}."
    content = named.encode() + (sent.body if body is None else body)
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert f"v1,{expected}" in header(sent, "webhook-signature").split(" ")


def header(sent: Request, name: str) -> str:
    (value,) = [value for known, value in sent.headers if known == name]
    return value


def request(event: Event, endpoint: Endpoint | None = None, *, now: Any = ATTEMPT_AT) -> Request:  # noqa: ANN401
    kept = KeptEvent(id=EVENT, event=event)
    return NativeWording().request(kept, endpoint or listener(), links=PlainLinks(), attempt=1, now=now)


def listener(*, types: tuple[str, ...] = (), headers: tuple[tuple[str, str], ...] = ()) -> Endpoint:
    return Endpoint(
        id=EndpointId("22222222-2222-4222-8222-222222222222"),
        account_id=ACCOUNT,
        number=7,
        dialect="native",
        url="https://client.test/hook",
        types=types,
        secrets=Secrets(headers=headers, signing=(SECRET,)),
        created_at=NOON,
    )


def signed_by_all() -> Event:
    envelope = sent_contract()
    sign(envelope, BRUNO)
    sign(envelope, CARLA)
    seal(envelope)
    envelope.complete(envelope.documents[0].original, now=NOON + timedelta(minutes=6))
    return happened(events.ENVELOPE_COMPLETED, envelope)


def signed_by_one() -> Event:
    envelope = sent_contract()
    sign(envelope, BRUNO)
    return happened(events.SIGNER_SIGNED, envelope, who=BRUNO)


def a_test() -> Event:
    facts: dict[str, Json] = {"message": "Asked for by hand.", "sample": True}
    return Event(type=words.TESTED, account_id=ACCOUNT, subject_id=listener().id, at=NOON, facts=facts)


def compact(said: object) -> bytes:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def news_of_another(news: News, *, endpoint_id: str = "44444444-4444-4444-8444-444444444444") -> Event:
    other = replace(
        listener(), id=EndpointId(endpoint_id), url="https://erp.client.test:8443/hook/s3cret?key=s3cret"
    )
    health = Health(failures=12, since=NOON, last_status_code=None, last_reason="connect_failed")
    told = event_of(news, other, health, now=NOON + timedelta(minutes=2))
    assert told is not None
    return told


GOLDEN_EVENTS = {
    "envelope.completed": signed_by_all(),
    "signer.signed": signed_by_one(),
    "endpoint.test": a_test(),
    "endpoint.failing": news_of_another(News.FAILING),
    "endpoint.paused": news_of_another(News.PAUSED),
    "endpoint.recovered": news_of_another(News.RECOVERED),
}


@pytest.mark.parametrize(
    ("told", "place"),
    [("envelope", "envelope_id"), ("extraction", "extraction_id"), ("invoice", "invoice_id")],
)
def test_whatever_an_event_is_about_fills_its_place(told: str, place: str) -> None:
    assert fields({"data": {told: {"id": "its-id"}}}) == {place: "its-id"}
