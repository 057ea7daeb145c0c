"""Each name of our API means one event, and each trouble has a sentence."""

from __future__ import annotations

from lacre.dialects.native import words
from lacre.dialects.native.webhook import NativeWording
from lacre.processing.extraction import Trouble
from lacre.processing.ports import Unreadable

PROMISED = {
    "envelope": "created sent viewed completed refused canceled expired resent expiring",
    "document": "received processed failed",
    "endpoint": "failing paused recovered",
    "signer": "notified delivery_failed viewed read signed refused authentication_failed",
}


def test_every_reason_why_a_document_was_not_processed_has_a_sentence() -> None:
    assert words.PROBLEMS.keys() == {*Unreadable, *Trouble}


def test_every_name_leads_back_to_its_event() -> None:
    assert len(words.EVENTS) == len(words.EVENT_TYPES)
    for name, event in words.EVENTS.items():
        assert words.event_type(event) == name


def test_the_names_of_the_contract_are_there() -> None:
    promised = {f"{whose}.{what}" for whose, names in PROMISED.items() for what in names.split()}

    assert set(words.EVENTS) >= promised


def test_the_wording_offers_the_same_names() -> None:
    assert NativeWording().types == sorted(words.EVENTS)
