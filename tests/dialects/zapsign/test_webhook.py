"""Who is told, how the request looks, and that links are made anew at each attempt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest

from lacre.dialects.zapsign.promise import PROMISE
from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.webhooks.endpoint import Secrets
from tests.dialects.zapsign import stories
from tests.support.zapsign import ATTEMPT_AT, listener, request

TOLD_TO_ALL = {"doc_created", "doc_signed", "doc_signed_by_one", "doc_refused", "doc_deleted"}
SEED_KEYS = {
    "event_type", "sandbox", "external_id", "open_id", "token", "name", "folder_path", "status", "lang",
    "original_file", "signed_file", "created_through", "deleted", "deleted_at", "signed_file_only_finished",
    "disable_signer_emails", "brand_logo", "brand_primary_color", "created_at", "last_update_at", "signers",
    "answers", "signer_who_signed",
}  # fmt: skip
SEED_SIGNER_KEYS = {
    "external_id", "token", "status", "name", "lock_name", "email", "lock_email", "phone_country",
    "phone_number", "lock_phone", "times_viewed", "last_view_at", "signed_at", "auth_mode", "qualification",
    "require_selfie_photo", "require_document_photo", "geo_latitude", "geo_longitude", "resend_attempts",
    "cpf", "cnpj", "liveness_photo_url",
}  # fmt: skip


@pytest.mark.parametrize("name", stories.STORIES)
def test_the_type_all_means_created_signed_refused_and_deleted(name: str) -> None:
    event = stories.STORIES[name]()

    assert ZapsignWording().listens(listener(types=()), event) == (name in TOLD_TO_ALL)


@pytest.mark.parametrize("name", stories.STORIES)
def test_a_type_asked_for_by_name_is_told(name: str) -> None:
    event = stories.STORIES[name]()
    wanted = listener(types=(name.removesuffix("_by_one").removesuffix("_returned"),))

    assert ZapsignWording().listens(wanted, event)


def test_a_type_hears_nothing_else() -> None:
    assert not ZapsignWording().listens(listener(types=("doc_deleted",)), stories.doc_signed())


def test_an_endpoint_of_one_document_hears_of_no_other() -> None:
    assert not ZapsignWording().listens(listener(subject_id="another"), stories.doc_signed())


def test_an_endpoint_of_this_document_hears_of_it() -> None:
    event = stories.doc_signed()

    assert ZapsignWording().listens(listener(subject_id=event.subject_id), event)


def test_events_of_other_businesses_are_told_to_nobody() -> None:
    event = stories.doc_signed()
    foreign = type(event)(
        type="fiscal.invoice_issued",
        account_id=event.account_id,
        subject_id=event.subject_id,
        at=event.at,
        facts={},
    )

    assert not ZapsignWording().listens(listener(), foreign)


def test_the_customers_headers_are_sent_and_overrule_ours() -> None:
    secrets = Secrets(headers=(("Authorization", "Bearer x"), ("user-agent", "ped/1")))

    sent = request(stories.doc_signed(), listener(secrets=secrets))

    assert sent.headers == (
        ("Content-Type", "application/json"),
        ("Authorization", "Bearer x"),
        ("user-agent", "ped/1"),
    )


def test_the_request_is_a_post_to_the_url_within_the_deadline() -> None:
    sent = request(stories.doc_signed())

    assert (sent.method, sent.url, sent.deadline_seconds) == ("POST", "https://client.test/hook", 20.0)


def test_a_later_attempt_says_the_same_with_fresh_links() -> None:
    event = stories.doc_signed()

    first = json.loads(request(event).body)
    later = json.loads(request(event, now=ATTEMPT_AT + timedelta(hours=3)).body)

    assert first["signed_file"] != later["signed_file"]
    assert _without_links(first) == _without_links(later)


def test_everything_in_their_documented_example_is_there() -> None:
    said = json.loads(request(stories.doc_signed()).body)

    assert said.keys() >= SEED_KEYS
    assert said["signer_who_signed"].keys() >= SEED_SIGNER_KEYS


def test_thirty_attempts_are_made_five_minutes_apart() -> None:
    assert PROMISE.waits == (timedelta(minutes=5),) * 29


def _without_links(said: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in said.items() if name not in ("original_file", "signed_file")}
