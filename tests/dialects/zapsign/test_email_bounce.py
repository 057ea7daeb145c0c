"""A mail could not be delivered: no document around it, the token is the signer's."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_email_bounce_is_told_as_in_its_file() -> None:
    assert heard(stories.email_bounce()) == golden("email_bounce")
