"""Passwords, tokens and the clock."""

from __future__ import annotations

from datetime import UTC

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


@pytest.mark.parametrize("count", [4, 6])
def test_digits_keep_their_leading_zeros(count: int) -> None:
    tokens = SystemTokens(b"key")

    assert {len(tokens.digits(count)) for _ in range(300)} == {count}


def test_the_clock_counts_in_utc_and_says_whose_time_it_is() -> None:
    assert now().tzinfo is UTC
    assert time_source().startswith("server")
