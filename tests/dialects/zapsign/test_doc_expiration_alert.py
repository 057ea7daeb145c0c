"""The date limit is near."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_doc_expiration_alert_is_told_as_in_its_file() -> None:
    assert heard(stories.doc_expiration_alert()) == golden("doc_expiration_alert")
