"""A document was created; it is told before anybody could open it."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_doc_created_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_created()) == golden("doc_created")
