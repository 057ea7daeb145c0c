"""Accounts, people and keys: each found by what it shows, and only while that is valid."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from lacre.accounts.account import Account, ApiKey, User
from lacre.accounts.actions import find_or_open
from lacre.accounts.answers import AnsweredMeanwhile, GivenAnswer
from lacre.kit.ids import AccountId, UserId, new_uuid
from lacre.store.opening import Store
from tests.support.kept import NOW, SECOND, an_account, an_envelope

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_an_account_is_found_by_its_name(store: Store) -> None:
    with store.open_work() as work:
        account_id = an_account(work, "Ana Ltda")

        found = work.accounts.by_name("Ana Ltda")
        assert found is not None
        assert found.id == account_id
        assert work.accounts.get(account_id) == found
        assert work.accounts.by_name("ana ltda") is None


def test_an_account_that_four_open_at_once_is_one(store: Store) -> None:
    ready = threading.Barrier(4)

    def opened() -> Account:
        ready.wait()
        with store.open_work() as work:
            return find_or_open(work, "Ana Ltda", new_id=new_uuid(), now=NOW)

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(opened) for _ in range(4)]

    assert len({one.result().id for one in found}) == 1


def test_a_user_is_found_however_their_e_mail_is_spelled(store: Store) -> None:
    user = add_user(store, "Ana@Example.com")

    with store.open_work() as work:
        found = work.accounts.user_by_email(" ANA@example.COM")

        assert found is not None
        assert found.id == user.id
        assert found == work.accounts.user(user.id)


def test_an_e_mail_belongs_to_one_user(store: Store) -> None:
    add_user(store, "ana@example.com")

    with pytest.raises(IntegrityError):
        add_user(store, "ANA@example.com", account="Outra")


def test_accounts_count_up_and_know_who_opened_them(store: Store) -> None:
    with store.open_work() as work:
        partner = work.accounts.get(an_account(work, "Parceira"))
        numbers = [work.accounts.get(an_account(work, name)).number for name in ("Um", "Dois")]
        opened = work.accounts.add(
            Account(
                id=AccountId(new_uuid()),
                name="Cliente",
                created_at=NOW,
                partner_id=partner.id,
                title="Padaria",
            )
        )
        work.accounts.save(replace(opened, suspended=True))

        assert numbers == [partner.number + 1, partner.number + 2]
        assert work.accounts.of_partner(partner.id) == [replace(opened, suspended=True)]


def test_a_removed_user_is_signed_out_and_their_links_are_dead(store: Store) -> None:
    user = add_user(store)

    with store.open_work() as work:
        work.accounts.start_session("digest", user.id, now=NOW)
        work.accounts.add_login_link("link", user.id, NOW + HOUR)
        work.accounts.remove_user(user.id)

        assert work.accounts.user_of_session("digest", now=NOW) is None
        assert work.accounts.use_login_link("link", now=NOW) is None
        assert work.accounts.users(user.account_id) == []


def test_what_was_created_is_counted_between_two_instants(store: Store) -> None:
    with store.open_work() as work:
        account_id = an_account(work)
        work.envelopes.add(an_envelope(account_id))

        assert work.accounts.created_between(account_id, NOW, NOW + SECOND) == (1, 1)
        assert work.accounts.created_between(account_id, NOW - HOUR, NOW) == (0, 0)


def test_a_login_link_works_once(store: Store) -> None:
    user = add_user(store)

    with store.open_work() as work:
        work.accounts.add_login_link("digest", user.id, NOW + HOUR)
        first = work.accounts.use_login_link("digest", now=NOW)
        second = work.accounts.use_login_link("digest", now=NOW)

    assert first is not None
    assert (first.id, second) == (user.id, None)


def test_a_login_link_names_whom_it_lets_in_until_it_is_used_or_ends(store: Store) -> None:
    user = add_user(store)

    with store.open_work() as work:
        work.accounts.add_login_link("digest", user.id, NOW + HOUR)
        looked = [work.accounts.user_of_login_link("digest", now=NOW) for _ in range(2)]
        ended = work.accounts.user_of_login_link("digest", now=NOW + HOUR)
        strange = work.accounts.user_of_login_link("another", now=NOW)
        work.accounts.use_login_link("digest", now=NOW)

        assert [one and one.id for one in looked] == [user.id, user.id]
        assert (ended, strange, work.accounts.user_of_login_link("digest", now=NOW)) == (None, None, None)


def test_a_login_link_ends(store: Store) -> None:
    user = add_user(store)

    with store.open_work() as work:
        work.accounts.add_login_link("digest", user.id, NOW + HOUR)

        assert work.accounts.use_login_link("digest", now=NOW + HOUR) is None
        assert work.accounts.use_login_link("digest", now=NOW + HOUR - SECOND) is not None


def test_a_session_ends_twelve_hours_after_it_was_last_seen(store: Store) -> None:
    user = add_user(store)

    with store.open_work() as work:
        work.accounts.start_session("digest", user.id, now=NOW)

        assert work.accounts.user_of_session("digest", now=NOW + 11 * HOUR) is not None
        assert work.accounts.user_of_session("digest", now=NOW + 22 * HOUR) is not None
        assert work.accounts.user_of_session("digest", now=NOW + 34 * HOUR) is None


def test_a_session_ends_fourteen_days_after_it_began(store: Store) -> None:
    user = add_user(store)

    with store.open_work() as work:
        work.accounts.start_session("digest", user.id, now=NOW)
        seen = [
            work.accounts.user_of_session("digest", now=NOW + hours * HOUR) for hours in range(0, 15 * 24, 11)
        ]

    assert sum(one is not None for one in seen) == 14 * 24 // 11 + 1


def test_a_session_ends_when_it_is_told_to_and_when_the_password_changes(store: Store) -> None:
    user = add_user(store)

    with store.open_work() as work:
        for digest in ("one", "two"):
            work.accounts.start_session(digest, user.id, now=NOW)
        work.accounts.end_session("one", now=NOW)
        assert work.accounts.user_of_session("one", now=NOW) is None
        assert work.accounts.user_of_session("two", now=NOW) is not None

        work.accounts.set_password(user.id, "hash")
        assert work.accounts.user_of_session("two", now=NOW) is None


def test_a_key_is_found_by_its_digest_in_its_dialect_until_it_is_revoked(store: Store) -> None:
    with store.open_work() as work:
        key = ApiKey(
            id=new_uuid(),
            account_id=an_account(work),
            dialect="native",
            digest="d" * 64,
            hint="wxyz",
            name="",
            created_at=NOW,
        )
        work.accounts.add_key(key)

        assert work.accounts.key_by_digest(key.digest, "native") == key
        assert work.accounts.key_by_digest(key.digest, "zapsign") is None
        assert work.accounts.revoke_key(key.account_id, key.id, now=NOW)
        assert not work.accounts.revoke_key(key.account_id, key.id, now=NOW)
        assert work.accounts.key_by_digest(key.digest, "native") is None
        assert [one.revoked_at for one in work.accounts.keys(key.account_id)] == [NOW]


def test_of_two_answers_to_one_key_the_second_is_refused(store: Store) -> None:
    answer = GivenAnswer(request_digest="0" * 64, status=201, body="{}")

    with store.open_work() as work:
        account_id = an_account(work)
        work.answers.keep(account_id, "key", answer, now=NOW)
        with pytest.raises(AnsweredMeanwhile):
            work.answers.keep(account_id, "key", answer, now=NOW + DAY)

        work.answers.keep(account_id, "key", answer, now=NOW + DAY + SECOND)


def add_user(store: Store, email: str = "ana@example.com", *, account: str = "Ana Ltda") -> User:
    with store.open_work() as work:
        user = User(
            id=UserId(new_uuid()),
            account_id=an_account(work, account),
            email=email,
            name="Ana",
            password=None,
            created_at=NOW,
        )
        work.accounts.add_user(user)
    return user
