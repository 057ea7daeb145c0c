"""A document was deleted: its status stays."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_doc_deleted_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_deleted()) == golden("doc_deleted")
