"""Files that were processed are kept for some days, each by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from lacre.processing.ports import Inputs
from lacre.store.inputs import BucketInputs, FolderInputs

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(params=["folder", "bucket"])
def inputs(request: pytest.FixtureRequest, tmp_path: Path) -> Inputs:
    if request.param == "folder":
        return FolderInputs(tmp_path / "inputs")
    return BucketInputs(MemoryStore(), tmp_path / "scratch")


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(b"%PDF-1.7 nota")
    return path


def test_a_file_comes_back_as_it_was(inputs: Inputs, upload: Path) -> None:
    key = inputs.keep(upload, now=MONDAY)

    with inputs.local(key) as file:
        assert file.read_bytes() == b"%PDF-1.7 nota"


def test_the_same_file_twice_is_two_and_one_may_go_alone(inputs: Inputs, upload: Path) -> None:
    first, second = inputs.keep(upload, now=MONDAY), inputs.keep(upload, now=MONDAY)

    inputs.forget(first)
    inputs.forget(first)

    with pytest.raises(LookupError), inputs.local(first):
        pass
    with inputs.local(second) as file:
        assert file.exists()


def test_days_go_as_a_whole(inputs: Inputs, upload: Path) -> None:
    old, new = inputs.keep(upload, now=MONDAY), inputs.keep(upload, now=TUESDAY)

    assert inputs.sweep(before=date(2026, 11, 24)) == 1

    with pytest.raises(LookupError), inputs.local(old):
        pass
    with inputs.local(new) as file:
        assert file.exists()


@pytest.mark.parametrize("key", ["../../etc/passwd", "2026-11-23/../../x", ""])
def test_a_key_names_nothing_else(inputs: Inputs, key: str) -> None:
    with pytest.raises(LookupError), inputs.local(key):
        pass
