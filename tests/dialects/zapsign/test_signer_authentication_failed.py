"""A signer used up the tries to identify themself."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_signer_authentication_failed_is_told_as_in_its_file() -> None:
    assert heard(stories.signer_authentication_failed()) == golden("signer_authentication_failed")
