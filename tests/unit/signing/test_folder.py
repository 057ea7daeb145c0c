"""One spelling of a folder's path, and what no path may be."""

from __future__ import annotations

import pytest

from lacre.kit.ids import AccountId, new_uuid
from lacre.signing.errors import FolderNotUsable
from lacre.signing.folder import ROOT, id_of, path_of


@pytest.mark.parametrize("said", ["/Contratos/2026/", "Contratos/2026", "//Contratos / 2026"])
def test_a_path_has_one_spelling(said: str) -> None:
    assert path_of(said) == "/Contratos/2026"


@pytest.mark.parametrize("said", ["", "/", " / / "])
def test_nothing_is_the_root_which_has_no_id(said: str) -> None:
    assert path_of(said) == ROOT
    assert id_of(AccountId(new_uuid()), ROOT) is None


@pytest.mark.parametrize("said", ["/1/2/3/4/5/6", "/" + "x" * 51, "/".join(["x" * 50] * 5) + "y" * 3])
def test_too_deep_and_too_long_are_refused(said: str) -> None:
    with pytest.raises(FolderNotUsable):
        path_of(said)


def test_the_id_stays_with_the_path_in_its_account() -> None:
    ours, theirs = AccountId(new_uuid()), AccountId(new_uuid())

    assert id_of(ours, "/A") == id_of(ours, "/A") != id_of(theirs, "/A")
