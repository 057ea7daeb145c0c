"""A signer refused: the document is refused, with the reason."""

from __future__ import annotations

import json

from lacre.signing import events
from tests.dialects.zapsign import stories
from tests.support.contracts import NOON, sent_contract
from tests.support.zapsign import golden, happened, heard


def test_doc_refused_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_refused()) == golden("doc_refused")


def test_a_cancelled_document_is_told_as_refused() -> None:
    envelope = sent_contract()
    envelope.cancel("Contrato desfeito", now=NOON)

    said = json.loads(heard(happened(events.FILES_VOIDED, envelope)))

    assert (said["event_type"], said["status"], said["rejected_reason"]) == (
        "doc_refused",
        "refused",
        "Contrato desfeito",
    )
