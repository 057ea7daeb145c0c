"""The first of two signed: the document is pending still, its file growing."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from lacre.signing.snapshot import freeze, thaw
from tests.dialects.zapsign import stories
from tests.support.zapsign import as_object, golden, heard


def test_doc_signed_by_one_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_signed_by_one()) == golden("doc_signed_by_one")


def test_the_growing_file_is_hidden_when_only_the_finished_one_may_be_seen() -> None:
    event = stories.doc_signed_by_one()
    envelope = thaw(as_object(event.facts["envelope"]))
    envelope.options = replace(envelope.options, sealed_only_when_complete=True)

    said = heard(structs.replace(event, facts={**event.facts, "envelope": freeze(envelope)}))

    assert b'"signed_file":null' in said
