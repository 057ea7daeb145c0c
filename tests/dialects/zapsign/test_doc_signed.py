"""The last signer signed: the document itself says so."""

from __future__ import annotations

from msgspec.structs import replace

from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.signing import events
from tests.dialects.zapsign import stories
from tests.support.zapsign import as_object, golden, heard, listener


def test_doc_signed_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_signed()) == golden("doc_signed")


def test_the_last_doc_signed_says_that_the_document_is_signed() -> None:
    assert b'"status":"signed","rejected_reason"' in heard(stories.doc_signed())


def test_rebuilt_files_are_told_as_doc_signed_naming_who_signed_last() -> None:
    last = stories.doc_signed()
    rebuilt = replace(last, type=events.FILES_REBUILT, facts={**last.facts, "signer_id": None})

    assert heard(rebuilt) == golden("doc_signed")


def test_files_rebuilt_for_a_client_that_wanted_no_webhook_are_told_to_nobody() -> None:
    last = stories.doc_signed()
    envelope = {
        **as_object(last.facts["envelope"]),
        "dialect_data": {"zapsign": {"quiet_structure": 1}},
        "structure": 1,
    }
    rebuilt = replace(last, type=events.FILES_REBUILT, facts={**last.facts, "envelope": envelope})

    assert not ZapsignWording().listens(listener(), rebuilt)
