"""A mail that came back later: the notice's own words, and the code in them."""

from __future__ import annotations

from tests.dialects.zapsign import stories
from tests.support.zapsign import golden, heard


def test_email_bounce_returned_is_told_as_in_its_file() -> None:
    assert heard(stories.email_bounce_returned()) == golden("email_bounce_returned")
