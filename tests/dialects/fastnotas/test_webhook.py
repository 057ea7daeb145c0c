"""What a receiver of Fast Notas' webhooks hears, byte for byte, and how it is promised."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lacre.dialects.fastnotas.promise import PROMISE
from lacre.dialects.fastnotas.webhook import FastnotasWording
from lacre.dialects.fastnotas.words import EVENT_TYPES, SAMPLES
from lacre.fiscal import events
from lacre.fiscal.sampling import sample_facts
from lacre.kit.events import Event
from lacre.kit.ids import EventId
from lacre.signing import events as of_signing
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Secrets
from lacre.webhooks.request import Request
from tests.support.contracts import ACCOUNT, NOON, PlainLinks
from tests.support.zapsign import ATTEMPT_AT, listener

GOLDEN = Path(__file__).parent
OF_THE_CONTRACT = {
    "document_processing", "document_waiting", "document_success", "document_canceled", "document_error",
    "document_rejected", "operation_processing", "operation_waiting", "operation_success",
    "operation_error", "operation_rejected", "asset_avaliable",
}  # fmt: skip


def happened(kind: str) -> Event:
    facts = sample_facts(kind, ACCOUNT, now=NOON)
    assert facts is not None
    return Event(type=kind, account_id=ACCOUNT, subject_id="s", at=NOON, facts=facts)


def told(kind: str, **said: Any) -> Request:  # noqa: ANN401 - of the endpoint
    kept = KeptEvent(id=EventId("33333333-3333-4333-8333-333333333333"), event=happened(kind))
    endpoint = listener(dialect="fastnotas", **said)
    return FastnotasWording().request(kept, endpoint, links=PlainLinks(), attempt=1, now=ATTEMPT_AT)


def test_there_are_the_twelve_types_of_their_page() -> None:
    assert set(EVENT_TYPES.values()) == OF_THE_CONTRACT
    assert set(EVENT_TYPES) == events.ALL


@pytest.mark.parametrize("said", sorted(SAMPLES))
def test_each_type_is_told_as_in_its_file(said: str) -> None:
    written = json.loads((GOLDEN / f"{said}.json").read_text(encoding="utf-8"))

    assert json.dumps(json.loads(told(SAMPLES[said]).body)) == json.dumps(written)


def test_the_headers_are_theirs() -> None:
    assert told(events.INVOICE_ISSUED).headers == (
        ("Content-Type", "application/json; charset=UTF-8"),
        ("User-Agent", "Fast-Notas-Hookshot/1.0"),
    )


def test_a_customers_header_comes_instead_of_theirs() -> None:
    given = Secrets(headers=(("user-agent", "erp/1"), ("Authorization", "Bearer x")))

    sent = told(events.INVOICE_ISSUED, secrets=given)

    assert [name for name, _ in sent.headers] == ["Content-Type", "user-agent", "Authorization"]


def test_fifteen_retries_are_made_in_about_two_days() -> None:
    assert len(PROMISE.waits) == 15
    assert timedelta(hours=46) < sum(PROMISE.waits, timedelta()) < timedelta(hours=50)
    assert (PROMISE.deadline_seconds, PROMISE.only_200, PROMISE.stops_at) == (20.0, False, frozenset())
    assert list(PROMISE.waits) == sorted(PROMISE.waits)


def test_only_what_was_asked_for_is_heard() -> None:
    wording, endpoint = FastnotasWording(), listener(dialect="fastnotas", types=("document_success",))

    assert wording.listens(endpoint, happened(events.INVOICE_ISSUED))
    assert not wording.listens(endpoint, happened(events.INVOICE_REJECTED))


def test_contracts_are_not_told_of() -> None:
    signed = Event(
        type=of_signing.SIGNER_SIGNED, account_id=ACCOUNT, subject_id="s", at=NOON, facts={"envelope": {}}
    )

    assert not FastnotasWording().listens(listener(dialect="fastnotas"), signed)
