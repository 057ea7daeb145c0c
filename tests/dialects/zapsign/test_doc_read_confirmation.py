"""A signer confirmed having read the document."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_doc_read_confirmation_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_read_confirmation()) == golden("doc_read_confirmation")
