"""Cancelling, and every way in which it can end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lacre.engines.nfse import schema
from lacre.engines.sefin import Fault
from lacre.engines.sefin.faults import Kind
from lacre.fiscal.note import Cancellation, Environment, Substitution
from lacre.fiscal.ports import Cancelled, NotCancelled, Refused, Rejected, Signed, Unknown, Unreachable
from tests.support.sefin import COMPANY, PASSWORD, SefinDesk, certificate_of

OTHER = "11444777000161"


def test_a_note_is_cancelled_once_and_its_event_is_kept(desk: SefinDesk) -> None:
    note = desk.issued()
    signed = desk.cancellation(note.key)

    canceled = desk.office.cancel(signed, desk.certificate)

    kept = desk.sefin.ledger.by_key(note.key)
    assert isinstance(canceled, Cancelled)
    assert b"<e101101>" in canceled.xml
    assert kept is not None
    assert kept.cancelled == "101101"


def test_the_same_request_sent_twice_is_one_event(desk: SefinDesk) -> None:
    signed = desk.cancellation(desk.issued().key)

    first = desk.office.cancel(signed, desk.certificate)
    second = desk.office.cancel(signed, desk.certificate)

    assert second == first


def test_a_note_that_another_request_cancelled_cannot_be_cancelled_again(desk: SefinDesk) -> None:
    key = desk.issued().key
    desk.office.cancel(desk.cancellation(key), desk.certificate)
    other = desk.cancellation(key, text="Outro motivo, mais tarde")

    rejected = desk.office.cancel(other, desk.certificate)

    assert isinstance(rejected, Rejected)
    assert rejected.errors[0].code == "E0840"
    assert "Cancelamento de NFS-e" in rejected.errors[0].text
    assert isinstance(desk.office.look_up_cancellation(other, desk.certificate), NotCancelled)


@pytest.mark.parametrize("kind", [Kind.SILENT_AFTER, Kind.STATUS_AFTER, Kind.GARBAGE])
def test_a_lost_answer_is_not_known_and_then_found(desk: SefinDesk, kind: Kind) -> None:
    signed = desk.cancellation(desk.issued().key)
    desk.sefin.faults.plan(Fault(kind=kind, on="cancel"))

    outcome = desk.office.cancel(signed, desk.certificate)
    found = desk.office.look_up_cancellation(signed, desk.certificate)

    assert isinstance(outcome, Unknown)
    assert isinstance(found, Cancelled)


def test_what_was_not_done_is_not_found_and_can_be_done(desk: SefinDesk) -> None:
    signed = desk.cancellation(desk.issued().key)
    desk.sefin.faults.plan(Fault(kind=Kind.SILENT_BEFORE, on="cancel"))

    outcome = desk.office.cancel(signed, desk.certificate)

    assert isinstance(outcome, Unknown)
    assert isinstance(desk.office.look_up_cancellation(signed, desk.certificate), NotCancelled)
    assert isinstance(desk.office.cancel(signed, desk.certificate), Cancelled)


def test_a_note_replaced_without_saying_so_is_cancelled_by_substitution(desk: SefinDesk) -> None:
    old, new = desk.issued(), desk.issued()

    canceled = desk.office.cancel(desk.cancellation(old.key, replaced_by=new.key), desk.certificate)

    assert isinstance(canceled, Cancelled)
    assert f"<chSubstituta>{new.key}</chSubstituta>".encode() in canceled.xml


def test_nobody_cancels_anothers_note(desk: SefinDesk) -> None:
    note = desk.issued()
    stranger = certificate_of(desk.sefin.authority.company("OUTRA", OTHER, password=PASSWORD))
    asked = Cancellation(
        environment=Environment.SANDBOX,
        key=note.key,
        author_tax_id=OTHER,
        asked_at=datetime.now(UTC),  # noqa: TID251
        text="Cancelada por engano alheio",
    )
    signed = desk.office.sign_cancellation(asked, stranger)

    assert isinstance(signed, Signed)
    rejected = desk.office.cancel(signed, stranger)
    assert isinstance(rejected, Rejected)
    assert rejected.errors[0].code == "E0813"


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "curto"},
        {"key": "123"},
        {"author_tax_id": "11222333000182"},
        {"environment": Environment.PRODUCTION},
        {"replaced_by": "1", "text": "Cancelada a pedido"},
    ],
    ids=str,
)
def test_a_request_that_cannot_be_is_refused_before_it_is_signed(
    desk: SefinDesk, changed: dict[str, object]
) -> None:
    asked = Cancellation(
        environment=Environment.SANDBOX,
        key="4" * 50,
        author_tax_id=COMPANY,
        asked_at=datetime.now(UTC),  # noqa: TID251
        text="Cancelada a pedido do cliente",
    )

    refused = desk.office.sign_cancellation(replace(asked, **changed), desk.certificate)  # type: ignore[arg-type]

    assert isinstance(refused, Refused)


def test_the_event_by_which_a_note_was_replaced_is_fetched(desk: SefinDesk) -> None:
    old = desk.issued()
    new = desk.issued(replaces=Substitution(key=old.key, reason="99", text="O valor estava errado"))

    found = desk.office.replacement_of(old.key, Environment.SANDBOX, desk.certificate)

    assert isinstance(found, Cancelled)
    assert f"<chSubstituta>{new.key}</chSubstituta>".encode() in found.xml
    assert schema.violations(schema.parse(found.xml), schema.EVENT) == ()


def test_of_a_note_that_stands_there_is_no_such_event(desk: SefinDesk) -> None:
    found = desk.office.replacement_of(desk.issued().key, Environment.SANDBOX, desk.certificate)

    assert isinstance(found, NotCancelled)


@pytest.mark.parametrize("kind", [Kind.SILENT_AFTER, Kind.GARBAGE])
def test_an_event_that_cannot_be_read_is_none(desk: SefinDesk, kind: Kind) -> None:
    old = desk.issued()
    desk.issued(replaces=Substitution(key=old.key, reason="99", text="O valor estava errado"))
    desk.sefin.faults.plan(Fault(kind=kind, on="look_up"))

    found = desk.office.replacement_of(old.key, Environment.SANDBOX, desk.certificate)

    assert isinstance(found, Unreachable)
