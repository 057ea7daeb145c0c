"""Folders are found by their ids, each account's alone."""

from __future__ import annotations

import pytest

from lacre.kit.ids import FolderId, new_uuid
from lacre.kit.refusal import NotFound
from lacre.signing.folder import ROOT, id_of
from lacre.store.opening import Store
from tests.support.kept import an_account


def test_a_folder_is_kept_once_and_found_by_its_id(store: Store) -> None:
    with store.open_work() as work:
        ours, theirs = an_account(work), an_account(work, "Beto Ltda")
        for _ in range(2):
            work.folders.keep(ours, "/Contratos/Ação")
        work.folders.keep(ours, ROOT)
    folder_id = id_of(ours, "/Contratos/Ação")
    assert folder_id is not None

    with store.open_work() as work:
        assert work.folders.path(ours, folder_id) == "/Contratos/Ação"
        with pytest.raises(NotFound):
            work.folders.path(theirs, folder_id)
        with pytest.raises(NotFound):
            work.folders.path(ours, FolderId(new_uuid()))
