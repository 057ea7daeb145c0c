"""Whoever gets hold of the database finds no secret in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from psycopg import sql

from lacre.accounts.answers import GivenAnswer
from lacre.store.keys import Keys
from lacre.store.opening import Store
from lacre.store.tables import metadata
from lacre.webhooks.authorization import Fixed
from lacre.webhooks.token import AccessToken
from tests.store.test_isolation import a_mail, delivered
from tests.support.kept import NOW, an_account, an_endpoint, an_envelope, an_event


def test_no_secret_is_in_the_database_in_plain(store: Store, database_url: str, tmp_path: Path) -> None:
    link = keep_secrets(store)

    kept = everything(database_url, tmp_path)

    assert b"example.com" in kept  # what is no secret is found this way
    for secret in ("tell-nobody", link, link.replace("-", "")):
        assert secret.encode() not in kept
        assert secret.encode().hex().encode() not in kept


def test_what_is_encrypted_for_one_place_does_not_open_in_another() -> None:
    keys = Keys({1: b"k" * 32})
    sealed = keys.seal(b"secret", "endpoint", "row", "column")

    assert keys.open(sealed, "endpoint", "row", "column") == b"secret"
    for place in (("mail", "row", "column"), ("endpoint", "other", "column"), ("endpoint", "row", "other")):
        with pytest.raises(InvalidTag):
            keys.open(sealed, *place)


def test_a_changed_byte_anywhere_does_not_open() -> None:
    keys = Keys({1: b"k" * 32})
    sealed = keys.seal(b"secret", "endpoint", "row", "column")

    for place in range(2, len(sealed)):
        changed = bytes([*sealed[:place], sealed[place] ^ 1, *sealed[place + 1 :]])
        with pytest.raises(InvalidTag):
            keys.open(changed, "endpoint", "row", "column")


def test_older_keys_still_open_and_the_newest_seals() -> None:
    before, after = Keys({1: b"a" * 32}), Keys({1: b"a" * 32, 2: b"b" * 32})

    old, new = (keys.seal(b"secret", "t", "r", "c") for keys in (before, after))

    assert after.open(old, "t", "r", "c") == after.open(new, "t", "r", "c") == b"secret"
    with pytest.raises(KeyError):
        before.open(new, "t", "r", "c")


def test_an_answer_given_comes_back_and_a_second_one_is_refused(store: Store) -> None:
    answer = GivenAnswer(request_digest="0" * 64, status=201, body='{"secret": "tell-nobody"}')

    with store.open_work() as work:
        account_id = an_account(work)
        work.answers.keep(account_id, "key", answer, now=NOW)

    with store.open_work() as work:
        assert work.answers.get(account_id, "key") == answer
        assert work.answers.get(account_id, "other") is None


def keep_secrets(store: Store) -> str:
    """One of everything that must be kept secret; a signing link, which is not kept at all."""
    with store.open_work() as work:
        account_id = an_account(work)
        envelope = an_envelope(account_id)
        work.envelopes.add(envelope)
        endpoint = an_endpoint(account_id)
        endpoint.secrets = replace(endpoint.secrets, authorization=Fixed(value="tell-nobody"))
        work.endpoints.add(endpoint)
        work.access_tokens.reserve(endpoint.id, "worker", now=NOW)
        token = AccessToken(value="tell-nobody", fetched_at=NOW, usable_until=NOW)
        work.access_tokens.keep(endpoint.id, "worker", fetched_by="", token=token)
        link = store.links.signer_token(envelope.signers[0].id, 0)
        work.mails.keep(replace(a_mail(envelope), html=f"<a href='{link}'>tell-nobody</a>"))
        work.answers.keep(account_id, "key", secret_answer(link), now=NOW)
        work.announce(an_event(account_id))
    with store.open_work() as work:
        (held,) = work.deliveries.claim("worker", now=NOW, limit=9, per_endpoint=9)
        work.deliveries.settle("worker", [delivered(held)])
    return link


def everything(url: str, tmp_path: Path) -> bytes:
    """All that the database has written."""
    if url.startswith("sqlite"):
        return b"".join(path.read_bytes() for path in tmp_path.glob("lacre.db*"))
    with psycopg.connect(url) as connection:
        tables = [sql.Identifier(name) for name in metadata.tables]
        rows = [connection.execute(sql.SQL("SELECT t::text FROM {} t").format(name)) for name in tables]
        return "".join(text for found in rows for (text,) in found).encode()


def secret_answer(link: str) -> GivenAnswer:
    return GivenAnswer(request_digest="0" * 64, status=200, body=f"tell-nobody {link}")
