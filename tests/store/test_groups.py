"""Groups of people, each account's alone."""

from __future__ import annotations

from datetime import UTC, datetime

from lacre.accounts.account import User
from lacre.accounts.group import Group
from lacre.kit.ids import AccountId, GroupId, UserId, new_uuid
from lacre.services import Work
from lacre.store.opening import Store
from tests.support.kept import an_account

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_who_is_in_a_group_is_found_by_their_mail(store: Store) -> None:
    with store.open_work() as work:
        ours, theirs = an_account(work), an_account(work, "Beto Ltda")
        bruno = a_person(work, ours, "bruno")
        group = Group(
            id=GroupId(new_uuid()), account_id=ours, name="Vendas", members=(bruno.id,), created_at=NOW
        )
        work.groups.keep(group)

    with store.open_work() as work:
        assert work.groups.of_account(ours) == [group]
        assert work.groups.of_person(ours, bruno.email.upper()) == [group.id]
        assert work.groups.of_person(theirs, bruno.email) == []
        assert work.groups.of_account(theirs) == []


def test_a_person_who_is_removed_is_in_no_group_any_more(store: Store) -> None:
    with store.open_work() as work:
        ours = an_account(work)
        bruno = a_person(work, ours, "bruno")
        group = Group(
            id=GroupId(new_uuid()), account_id=ours, name="Vendas", members=(bruno.id,), created_at=NOW
        )
        work.groups.keep(group)
        work.accounts.remove_user(bruno.id)

    with store.open_work() as work:
        (left,) = work.groups.of_account(ours)
        work.groups.remove(left)
        assert left.members == ()
        assert work.groups.of_account(ours) == []


def a_group(account_id: AccountId, member: User) -> Group:
    return Group(
        id=GroupId(new_uuid()), account_id=account_id, name="Vendas", members=(member.id,), created_at=NOW
    )


def a_person(work: Work, account_id: AccountId, name: str) -> User:
    person = User(
        id=UserId(new_uuid()),
        account_id=account_id,
        email=f"{name}-{new_uuid()[:8]}@example.test",
        name=name,
        password=None,
        created_at=NOW,
    )
    work.accounts.add_user(person)
    return person
