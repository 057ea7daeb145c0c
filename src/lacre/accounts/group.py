"""Groups of people: webhooks can be narrowed to what somebody of a group sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lacre.kit.ids import AccountId, GroupId, UserId
from lacre.kit.refusal import Refusal

LONGEST_NAME = 80


class GroupUnnamed(Refusal):
    """A group needs a name of at most 80 characters."""


class GroupNameTaken(Refusal):
    """There is a group of this name already."""


@dataclass(frozen=True, kw_only=True)
class Group:
    id: GroupId
    account_id: AccountId
    name: str
    members: tuple[UserId, ...]
    created_at: datetime


class Memberships(Protocol):
    """As much of `Groups` as other businesses ask."""

    def of_person(self, account_id: AccountId, email: str) -> Sequence[GroupId]:
        """Those that the account's user of that e-mail is in."""
        ...


class Groups(Memberships, Protocol):
    def of_account(self, account_id: AccountId) -> Sequence[Group]:
        """By their names."""
        ...

    def keep(self, group: Group) -> None:
        """New, or as it is from now on."""
        ...

    def remove(self, group: Group) -> None:
        """What was sent while it was there stays of it."""
        ...


class GroupsWork(Protocol):
    @property
    def groups(self) -> Groups: ...


def keep(work: GroupsWork, group: Group) -> None:
    if not 0 < len(group.name) <= LONGEST_NAME:
        raise GroupUnnamed
    others = [one for one in work.groups.of_account(group.account_id) if one.id != group.id]
    if any(one.name.casefold() == group.name.casefold() for one in others):
        raise GroupNameTaken
    work.groups.keep(group)
