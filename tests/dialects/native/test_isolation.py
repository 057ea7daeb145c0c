"""No account sees or changes anything of another: every operation is asked for a stranger's things."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.support.native_api import described
from tests.support.native_desk import DOCX_TEXT, PDF_TEXT, Desk

BODIES: Mapping[str, object] = {
    "add_document": {"base64": PDF_TEXT},
    "add_signer": {"name": "Mallory"},
    "change_signer": {"name": "Mallory"},
    "change_envelope": {"title": "Mallory"},
    "change_template": {"name": "Mallory"},
    "change_endpoint": {"url": "https://mallory.test/"},
    "reprocess_envelope": {"resend_webhooks": True},
    "cancel_invoice": {"text": "Serviço lançado com o valor errado"},
    "change_company": {"name": "Mallory"},
    "renew_certificate": {"base64": PDF_TEXT},
    "change_schema": {"name": "Mallory"},
    "change_customer": {"name": "Mallory"},
    "change_item": {"name": "Mallory"},
    "correct_value": {"value": "1,00"},
    "change_document_type": {"name": "Mallory", "fields": []},
}
"""What an operation must be told; the others need nothing."""
OF_NOBODY = {"read_event_type"}
"""What names nothing that an account has."""
LISTS = (
    "envelopes", "endpoints", "events", "deliveries", "replays", "templates", "invoices", "companies",
    "schemas", "customers", "items",
)  # fmt: skip


def operations() -> list[tuple[str, str, str]]:
    """Method, path and name of each that names something."""
    paths = described()["paths"]
    return [
        (method.upper(), path, said["operationId"])
        for path, methods in paths.items()
        for method, said in methods.items()
        if "{" in path and said["operationId"] not in OF_NOBODY
    ]


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {name for _, _, name in operations()}


@pytest.mark.parametrize(("method", "path", "name"), operations())
def test_a_stranger_s_things_are_not_there(
    desk: Desk, stranger: Desk, method: str, path: str, name: str
) -> None:
    things, before = _things(desk), _everything(desk)

    refused = stranger.refused(method, path[1:].format(**things), BODIES.get(name))

    assert refused == (404, "not_found")
    assert _everything(desk) == before


@pytest.mark.parametrize(("method", "path", "name"), operations())
def test_what_never_was_is_answered_the_same(desk: Desk, method: str, path: str, name: str) -> None:
    never = {
        one: f"{prefix}_{'0' * 31}1"
        for one, prefix in (
            ("envelope_id", "env"),
            ("document_id", "doc"),
            ("signer_id", "sig"),
            ("endpoint_id", "ep"),
            ("event_id", "evt"),
            ("delivery_id", "dlv"),
            ("replay_id", "rpl"),
            ("template_id", "tpl"),
            ("invoice_id", "inv"),
            ("company_id", "cmp"),
            ("schema_id", "sch"),
            ("customer_id", "cst"),
            ("item_id", "itm"),
            ("extraction_id", "ext"),
        )
    } | {"number": "4321", "field": "valor"}

    assert desk.refused(method, path[1:].format(**never), BODIES.get(name)) == (404, "not_found")


@pytest.mark.parametrize("path", LISTS)
def test_lists_hold_nothing_of_a_stranger(desk: Desk, stranger: Desk, path: str) -> None:
    _things(desk)

    assert desk.call("GET", path)["data"]
    assert stranger.call("GET", path)["data"] == []


def test_lists_are_not_narrowed_by_a_stranger_s_things(desk: Desk, stranger: Desk) -> None:
    things = _things(desk)

    for path, name in (
        ("events", "envelope_id"),
        ("deliveries", "envelope_id"),
        ("deliveries", "endpoint_id"),
        ("deliveries", "event_id"),
    ):
        assert stranger.call("GET", path, params={name: things[name]})["data"] == []


def test_no_list_goes_on_after_a_stranger_s_thing(desk: Desk, stranger: Desk) -> None:
    things = _things(desk)

    for path, name in (
        ("envelopes", "envelope_id"),
        ("endpoints", "endpoint_id"),
        ("events", "event_id"),
        ("deliveries", "delivery_id"),
        ("replays", "replay_id"),
    ):
        refused = stranger.refused("GET", path, params={"cursor": things[name]})
        assert refused == (422, "cursor_unknown")


def test_an_endpoint_cannot_listen_to_a_stranger_s_envelope(desk: Desk, stranger: Desk) -> None:
    said = {"url": "https://mallory.test/", "envelope_id": _things(desk)["envelope_id"]}

    assert stranger.refused("POST", "endpoints", said) == (404, "not_found")


def test_a_replay_does_not_reach_a_stranger_s_endpoint_or_envelope(desk: Desk, stranger: Desk) -> None:
    things, since = _things(desk), {"since": "2020-01-01T00:00:00Z"}

    to_theirs = stranger.refused("POST", "replays", since | {"endpoint_id": things["endpoint_id"]})
    of_theirs = stranger.call("POST", "replays/preview", since | {"envelope_id": things["envelope_id"]})

    assert to_theirs == (422, "endpoint_unknown")
    assert of_theirs["events"] == 0


def test_every_body_belongs_to_an_operation(known: set[str]) -> None:
    assert set(BODIES) <= known


def _things(desk: Desk) -> dict[str, str]:
    """One of everything, told to an endpoint."""
    endpoint, envelope = desk.subscribe(), desk.create()
    (delivery, *_) = desk.call("GET", "deliveries")["data"]
    replay = desk.call("POST", "replays", {"since": "2020-01-01T00:00:00Z"})
    template = desk.call("POST", "templates", {"name": "Modelo", "base64": DOCX_TEXT})
    extraction = desk.call("POST", "extractions", {"type": 1, "base64": PDF_TEXT})
    kind = desk.call("POST", "document-types", {"name": "Meu", "fields": []})
    return {
        "invoice_id": desk.invoice()["id"],
        **desk.books(),
        "extraction_id": extraction["id"],
        "number": str(kind["number"]),
        "field": "valor",
        "template_id": template["id"],
        "envelope_id": envelope["id"],
        "document_id": envelope["documents"][0]["id"],
        "signer_id": envelope["signers"][0]["id"],
        "endpoint_id": endpoint["id"],
        "event_id": delivery["event_id"],
        "delivery_id": delivery["id"],
        "replay_id": replay["id"],
    }


def _everything(desk: Desk) -> list[str]:
    """But for what links end with, which goes with the time."""
    return [re.sub(r"\?variant=[^']*", "", str(desk.call("GET", path)["data"])) for path in LISTS]
