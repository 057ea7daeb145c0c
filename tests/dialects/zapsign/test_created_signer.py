"""A signer was added to a document under way."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_created_signer_is_told_as_in_its_file() -> None:
    assert heard(stories.created_signer()) == golden("created_signer")
