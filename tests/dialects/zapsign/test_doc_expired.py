"""The date limit passed: the status stays pending."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_doc_expired_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_expired()) == golden("doc_expired")
