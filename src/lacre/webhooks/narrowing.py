"""To what an endpoint is narrowed: to who sent a document, and to where it lies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lacre.kit.ids import FolderId, GroupId, UserId


@dataclass(frozen=True, kw_only=True)
class Sender:
    id: UserId
    email: str


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """Told is of what one of the senders sent, or somebody of a group, and what lies in one of the folders.

    Nothing in all of the first two, or in the last, narrows nothing there.
    """

    senders: tuple[Sender, ...] = ()
    groups: tuple[GroupId, ...] = ()
    """A document belongs to those that its sender was in when it was made."""
    folders: tuple[FolderId, ...] = ()

    def includes(self, *, sent_by: str, groups: Collection[str], folder: str) -> bool:
        """`sent_by`: an e-mail; `folder`: an id."""
        by_one = any(one.email == sent_by for one in self.senders)
        by_people = by_one or any(one in groups for one in self.groups)
        anybody = not (self.senders or self.groups)
        return (anybody or by_people) and (not self.folders or folder in self.folders)


EVERYTHING = Narrowing()
