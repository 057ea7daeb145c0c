"""Why an attempt failed, in words that name the one who failed."""

from __future__ import annotations

from lacre.web.console.words import explain


def test_a_token_server_that_says_no_is_not_taken_for_the_receiver() -> None:
    told = explain(
        ok=False, status=401, reason="authorization_failed", url="https://auth.example/token", seconds=20
    )

    assert told.words.format(**told.facts) == "auth.example gave us no token, so nothing was sent."
    assert told.advice == "Check the authorization of this webhook."
