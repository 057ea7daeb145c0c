"""What of an envelope an endpoint is told, chosen through our API, and how its files are."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from lacre.kit.events import Event
from lacre.signing import events
from lacre.signing.envelope import Envelope
from lacre.signing.snapshot import thaw
from lacre.webhooks.authorization import with_parts
from lacre.webhooks.body import InBase64
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.request import Request
from tests.dialects.native.test_webhook import (
    ATTEMPT_AT,
    SECRET,
    listener,
    request,
    signed_by_all,
    signed_by_one,
    verify,
)
from tests.support.contracts import BRUNO, NOON, seal, sent_contract, sign
from tests.support.memory_files import MemoryFiles
from tests.support.native_desk import Desk
from tests.support.zapsign import happened

IDENTITY = {"id", "number", "external_id", "status"}
SEALED, RECORD = b"sealed" * 50_000, b"record" * 10


def test_unsaid_everything_is_told_with_links(desk: Desk) -> None:
    made = desk.subscribe()

    assert made["include"] == ["envelope", "signers", "documents", "record"]
    assert made["files"] == "link"


def test_what_is_chosen_is_kept_in_one_order(desk: Desk) -> None:
    made = desk.subscribe(include=["record", "envelope"], files="base64")

    changed = desk.call("PATCH", f"endpoints/{made['id']}", {"files": "none"})

    assert made["include"] == changed["include"] == ["envelope", "record"]
    assert (made["files"], changed["files"]) == ("base64", "none")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"include": ["everything"]}, "validation_failed"),
        ({"files": "zip"}, "validation_failed"),
        ({"files": "base64", "signatures": ["standard", "ed25519"]}, "signatures_not_possible"),
    ],
)
def test_what_cannot_be_told_is_refused(desk: Desk, said: dict[str, Any], code: str) -> None:
    assert desk.refused("POST", "endpoints", {"url": "https://client.test/", **said}) == (422, code)


def test_the_usual_choice_is_byte_for_byte_the_usual_body() -> None:
    chosen = telling(include=["envelope", "signers", "documents", "record"], files="link")

    assert request(signed_by_all(), chosen).body == request(signed_by_all()).body


def test_without_anything_only_which_one_it_is_and_how_it_stands_is_told() -> None:
    data = said(request(signed_by_one(), telling(include=[])))["data"]

    assert set(data["envelope"]) == IDENTITY
    assert set(data["signer"]) == {"id", "external_id", "status"}


def test_without_signers_nobody_is_named() -> None:
    sent = request(signed_by_one(), telling(include=["envelope", "documents", "record"]))

    assert b"Bruno" not in sent.body
    assert b"bruno@" not in sent.body
    assert "title" in said(sent)["data"]["envelope"]


def test_places_in_the_url_are_filled_whatever_is_told() -> None:
    endpoint = telling(include=[], fill_url=True)
    endpoint.url = "https://client.test/:external_id/:signer_id"

    assert request(signed_by_one(), endpoint).url.startswith("https://client.test/ped-77/sig_")


@pytest.mark.parametrize(
    ("include", "files", "links"),
    [
        (["documents", "record"], "link", {"original_url", "sealed_url", "record_url"}),
        (["documents"], "link", {"original_url", "sealed_url"}),
        (["documents", "record"], "none", set()),
        (["documents", "record"], "base64", set()),
    ],
)
def test_links_are_told_where_they_were_asked_for(include: list[str], files: str, links: set[str]) -> None:
    sent = request(signed_by_all(), telling(include=include, files=files))

    (document,) = told(sent)["data"]["envelope"]["documents"]
    assert {name for name, value in document.items() if name.endswith("_url") and value} == links


def test_the_record_is_linked_where_no_document_holds_its_link() -> None:
    (record,) = said(request(signed_by_all(), telling(include=["record"])))["data"]["files"]

    assert (record["kind"], record["document_id"]) == ("record", None)
    assert "v=record" in record["url"]


def test_files_arrive_as_base64_and_are_signed_like_anything() -> None:
    files, event = completed()

    sent, body = read(request(event, telling(files="base64")), files)

    told_files = json.loads(body)["data"]["files"]
    contents = [base64.b64decode(one["base64"]) for one in told_files]
    assert [one["kind"] for one in told_files] == ["sealed", "record"]
    assert contents == [SEALED, RECORD]
    assert [one["sha256"] for one in told_files] == [hashlib.sha256(one).hexdigest() for one in contents]
    verify(SECRET, sent, body)


def test_every_attempt_says_the_same_but_for_its_time() -> None:
    files, event = completed()
    first, later = (read(request(event, telling(files="base64"), now=at), files) for at in (NOON, ATTEMPT_AT))

    assert first[1] == later[1]


@pytest.mark.parametrize(
    ("include", "kinds"),
    [(["documents"], ["sealed"]), (["record"], ["record"]), (["envelope"], [])],
)
def test_only_files_that_were_asked_for_are_inside(include: list[str], kinds: list[str]) -> None:
    sent = request(completed()[1], telling(include=include, files="base64"))

    assert [one["kind"] for one in told(sent)["data"]["files"]] == kinds


def test_before_anything_is_sealed_there_are_no_files() -> None:
    sent = request(signed_by_one(), telling(files="base64"))

    assert (said(sent)["data"]["files"], sent.parts) == ([], None)


def test_a_sealed_file_that_is_not_to_be_seen_yet_is_not_inside() -> None:
    envelope = sent_contract()
    sign(envelope, BRUNO)
    seal(envelope)
    envelope.options = replace(envelope.options, sealed_only_when_complete=True)
    hidden = happened(events.ACT_SEALED, envelope, who=BRUNO)

    assert said(request(hidden, telling(files="base64")))["data"]["files"] == []


def test_what_is_sent_without_a_body_has_no_files() -> None:
    sent = request(signed_by_all(), telling(files="base64", method="DELETE"))

    assert (sent.body, sent.parts) == (b"", None)


def telling(**options: Any) -> Endpoint:  # noqa: ANN401
    endpoint = listener()
    endpoint.options = options
    return endpoint


def completed() -> tuple[MemoryFiles, Event]:
    files, envelope = MemoryFiles(), finished()
    envelope.documents[0].sealed = files.keep_bytes(SEALED)
    envelope.record = files.keep_bytes(RECORD)
    return files, happened(events.ENVELOPE_COMPLETED, envelope)


def finished() -> Envelope:
    frozen = signed_by_all().facts["envelope"]
    assert isinstance(frozen, Mapping)
    return thaw(frozen)


def said(sent: Request) -> Any:  # noqa: ANN401 - JSON
    return json.loads(sent.body)


def told(sent: Request) -> Any:  # noqa: ANN401 - JSON
    """Also of one with files, whose bytes are of no matter."""
    if sent.parts is None:
        return said(sent)
    return json.loads(b"".join(b"" if isinstance(one, InBase64) else one for one in sent.parts.pieces))


def read(sent: Request, files: MemoryFiles) -> tuple[Request, bytes]:
    assert sent.parts is not None
    parts, signatures = sent.parts.read(files)
    return with_parts(sent, parts, signatures), b"".join(parts.chunks())
