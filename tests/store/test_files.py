"""Files are named by what they hold, whole or not there, and never changed."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from lacre.kit.ids import Digest
from lacre.store.files import CHUNK, FolderFiles


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


def test_a_file_is_found_by_its_digest(files: FolderFiles, tmp_path: Path) -> None:
    content = os.urandom(2 * CHUNK + 5)
    source = tmp_path / "source.pdf"
    source.write_bytes(content)

    digest = files.keep(source)

    assert digest == hashlib.sha256(content).hexdigest()
    assert files.read(digest) == content
    assert files.size(digest) == len(content)
    assert source.exists()


def test_bytes_kept_twice_are_one_file(files: FolderFiles, tmp_path: Path) -> None:
    first, second = files.keep_bytes(b"same"), files.keep_bytes(b"same")

    assert first == second
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [first]


@pytest.mark.parametrize(
    ("start", "end"), [(0, None), (0, 10), (7, None), (CHUNK - 1, CHUNK + 1), (5, 5), (0, 9 * CHUNK)]
)
def test_any_part_of_a_file_can_be_streamed(files: FolderFiles, start: int, end: int | None) -> None:
    content = os.urandom(2 * CHUNK + 5)
    digest = files.keep_bytes(content)

    assert b"".join(files.stream(digest, start=start, end=end)) == content[start:end]


@pytest.mark.parametrize(("start", "size"), [(0, 10), (7, CHUNK), (2 * CHUNK, 100), (3 * CHUNK, 1), (0, 0)])
def test_any_part_of_a_file_can_be_read_by_itself(files: FolderFiles, start: int, size: int) -> None:
    content = os.urandom(2 * CHUNK + 5)
    digest = files.keep_bytes(content)

    assert files.read_at(digest, start, size) == content[start : start + size]


def test_a_stream_comes_in_chunks(files: FolderFiles) -> None:
    digest = files.keep_bytes(bytes(3 * CHUNK))

    assert max(len(chunk) for chunk in files.stream(digest)) == CHUNK


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "0" * 63 + "/", "A" * 64])
def test_what_is_not_there_is_not_found(files: FolderFiles, digest: str) -> None:
    unknown = Digest(digest)

    for ask in (files.read, files.stream, files.size, partial(files.read_at, start=0, size=1)):
        with pytest.raises(LookupError):
            ask(unknown)
    with pytest.raises(LookupError), files.local(unknown):
        pass


def test_a_local_path_reads_the_file_and_is_not_for_writing(files: FolderFiles) -> None:
    digest = files.keep_bytes(b"content")

    with files.local(digest) as path:
        assert path.read_bytes() == b"content"
        assert path.stat().st_mode & 0o222 == 0


def test_a_copy_may_be_changed_without_changing_the_file(files: FolderFiles, tmp_path: Path) -> None:
    digest, target = files.keep_bytes(b"content"), tmp_path / "copy"

    files.copy(digest, target)
    with target.open("ab") as copy:
        copy.write(b" and more")

    assert files.read(digest) == b"content"


def test_scratch_is_gone_afterwards(files: FolderFiles) -> None:
    with files.scratch() as folder:
        (folder / "draft").write_bytes(b"x")

    assert not folder.exists()


def test_a_file_that_could_not_be_kept_leaves_nothing_behind(files: FolderFiles, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        files.keep(tmp_path)

    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_scratch_file_made_within_can_be_kept(files: FolderFiles) -> None:
    with files.scratch() as folder:
        (folder / "sealed.pdf").write_bytes(b"sealed")
        digest = files.keep(folder / "sealed.pdf")

    assert files.read(digest) == b"sealed"


def test_what_a_killed_process_left_in_the_scratch_folder_is_swept_a_day_later(
    files: FolderFiles, tmp_path: Path
) -> None:
    scratch = tmp_path / "files" / "scratch"
    (scratch / "folder").mkdir()
    for old in ("folder/working.pdf", "draft", "folder"):
        (scratch / old).touch()
        os.utime(scratch / old, (0, 0))

    with files.scratch() as at_work:
        FolderFiles(tmp_path / "files")

        assert list(scratch.iterdir()) == [at_work]


def test_two_that_trim_at_once_do_not_trip_over_each_other(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    digest = files.keep_bytes(b"content")
    # listed, and gone when one looks
    (tmp_path / "ab" / "cd").mkdir(parents=True)
    (tmp_path / "ab" / "cd" / "gone").symlink_to("nowhere")

    files.trim(0, unused_since=datetime(9999, 1, 1, tzinfo=UTC))

    assert [one for one in tmp_path.rglob(digest) if one.exists()] == []
