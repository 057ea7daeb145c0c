"""A signer opened the link; the signer stands under its own key, with how the link came."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_doc_viewed_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_viewed()) == golden("doc_viewed")
