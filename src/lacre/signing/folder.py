"""Folders that envelopes lie in: a path such as `/Contratos/2026`, and an id that stays with it."""

from __future__ import annotations

from lacre.kit.ids import AccountId, FolderId, named_uuid
from lacre.signing.errors import FolderNotUsable

ROOT = "/"
MOST_LEVELS, LONGEST_NAME, LONGEST_PATH = 5, 50, 255


def path_of(said: str) -> str:
    """In one spelling, from the root and without a last slash; raises `FolderNotUsable`."""
    names = [name for part in said.split("/") if (name := part.strip())]
    path = ROOT + "/".join(names)
    too_long = len(path) > LONGEST_PATH or any(len(name) > LONGEST_NAME for name in names)
    if too_long or len(names) > MOST_LEVELS:
        raise FolderNotUsable
    return path


def id_of(account_id: AccountId, path: str) -> FolderId | None:
    """The root has none."""
    return None if path == ROOT else place_id(account_id, path)


def place_id(account_id: AccountId, path: str) -> FolderId:
    """The same, where the root has one too."""
    return FolderId(named_uuid(account_id, path))
