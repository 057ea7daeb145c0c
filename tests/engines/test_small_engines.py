"""Passwords, tokens and the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lacre.engines.clock import now, time_source
from lacre.engines.passwords import Argon2Passwords
from lacre.engines.tokens import SystemTokens


def test_only_the_right_password_matches() -> None:
    passwords = Argon2Passwords()
    hashed = passwords.hash("uma frase longa")

    assert hashed.startswith("$argon2id$")
    assert passwords.matches("uma frase longa", hashed)
    assert not passwords.matches("outra frase", hashed)
    assert not passwords.matches("uma frase longa", "not a hash")


def test_tokens_differ_and_their_digests_are_keyed() -> None:
    tokens, elsewhere = SystemTokens(b"key"), SystemTokens(b"other key")

    secrets = {tokens.secret() for _ in range(100)}
    secret = secrets.pop()

    assert len(secrets) == 99
    assert len(secret) == 43
    assert tokens.digest(secret) == tokens.digest(secret)
    assert tokens.digest(secret) != elsewhere.digest(secret)
    assert len(tokens.digest(secret)) == 64


def test_what_is_hidden_can_be_read_here_alone_and_looks_different_each_time() -> None:
    tokens = SystemTokens(b"key")
    hidden = tokens.hide("4711")

    assert tokens.reveal(hidden) == "4711"
    assert tokens.hide("4711") != hidden
    for stranger in (SystemTokens(b"other key"), tokens):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            stranger.reveal(hidden if stranger is not tokens else hidden[::-1])


@pytest.mark.parametrize("count", [4, 6])
def test_digits_keep_their_leading_zeros(count: int) -> None:
    tokens = SystemTokens(b"key")

    assert {len(tokens.digits(count)) for _ in range(300)} == {count}


def test_the_clock_counts_in_utc_and_says_whose_time_it_is() -> None:
    assert now().tzinfo is UTC
    assert time_source().startswith("server")


def test_a_signed_token_says_what_it_was_given_until_it_ends() -> None:
    tokens = SystemTokens(b"key")
    signed = tokens.sign({"user_id": "u1", "exp": 1_000_000_000})
    before, after = (datetime.fromtimestamp(999_999_999 + late, tz=UTC) for late in (0, 1))

    assert tokens.claims(signed, now=before) == {"user_id": "u1", "exp": 1_000_000_000}
    assert tokens.claims(signed, now=after) is None
    assert SystemTokens(b"other key").claims(signed, now=before) is None
    assert tokens.claims(signed[:-2], now=before) is None
    assert tokens.claims(tokens.sign({"user_id": "u1"}), now=before) is None
