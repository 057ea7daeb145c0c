"""Files in a bucket: there before anybody is told of them, and read from copies that come and go."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lacre.kit.ids import Digest
from lacre.store.bucket import BucketFiles, open_bucket
from lacre.store.files import FolderFiles
from tests.support.bucket import Bucket
from tests.support.kept import NOW, SettableClock
from tests.support.proxy import Proxy

HOURS = timedelta(hours=1)


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with Bucket() as serving:
        yield serving


def node(
    bucket: Bucket, folder: Path, *, clock: SettableClock | None = None, most: int = 1 << 30
) -> BucketFiles:
    return BucketFiles(
        open_bucket("s3://lacre/files", bucket.environment),
        FolderFiles(folder),
        clock or SettableClock(),
        copies_bytes=most,
    )


@pytest.mark.parametrize("size", [0, 5, 12 << 20])
def test_what_one_node_keeps_another_reads(bucket: Bucket, tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    source = tmp_path / "source.pdf"
    source.write_bytes(content)

    digest = node(bucket, tmp_path / "one").keep(source)

    other = node(bucket, tmp_path / "two")
    assert bucket.objects[f"lacre/files/{digest[:2]}/{digest[2:4]}/{digest}"] == content
    assert other.read(digest) == content
    assert b"".join(other.stream(digest, start=1, end=4)) == content[1:4]
    assert other.read_at(digest, 1, 3) == content[1:4]
    assert other.size(digest) == size


def test_files_of_a_part_lie_apart_and_can_be_removed(bucket: Bucket, tmp_path: Path) -> None:
    files = BucketFiles(
        open_bucket("s3://lacre/files", bucket.environment),
        FolderFiles(tmp_path),
        SettableClock(),
        prefix="invoices/",
    )
    digest = files.keep_bytes(b"<NFSe/>")
    there = [*bucket.objects]

    files.remove(digest)
    files.remove(digest)

    assert there == [f"lacre/files/invoices/{digest[:2]}/{digest[2:4]}/{digest}"]
    assert bucket.objects == {}
    with pytest.raises(LookupError):
        files.read(digest)


def test_a_file_is_fetched_once(bucket: Bucket, tmp_path: Path) -> None:
    digest = node(bucket, tmp_path / "one").keep_bytes(b"content")
    other = node(bucket, tmp_path / "two")

    for _ in range(3):
        with other.local(digest) as path:
            assert path.read_bytes() == b"content"

    assert len(bucket.gets) == 1


def test_what_is_nowhere_is_not_found(bucket: Bucket, tmp_path: Path) -> None:
    files = node(bucket, tmp_path)

    for digest in ("0" * 64, "", "../x"):
        with pytest.raises(LookupError):
            files.read(Digest(digest))


def test_other_bytes_than_those_asked_for_are_refused(bucket: Bucket, tmp_path: Path) -> None:
    digest = node(bucket, tmp_path / "one").keep_bytes(b"content")
    for name in bucket.objects:
        bucket.objects[name] = b"altered"

    with pytest.raises(OSError, match="other bytes"):
        node(bucket, tmp_path / "two").read(digest)


def test_copies_go_when_they_take_too_much_and_come_back_when_needed(bucket: Bucket, tmp_path: Path) -> None:
    clock = SettableClock()
    files = node(bucket, tmp_path, clock=clock, most=2500)
    digests = []
    for hour in range(5):
        clock.at = NOW + hour * 2 * HOURS
        digests.append(files.keep_bytes(bytes([hour]) * 1000))
        files.size(digests[-1])

    copies = {path.name for path in tmp_path.glob("??/??/*")}

    assert digests[-1] in copies
    assert len(copies) <= 3
    assert files.read(digests[0]) == bytes([0]) * 1000


def test_a_copy_in_use_stays_however_much_there_is(bucket: Bucket, tmp_path: Path) -> None:
    files = node(bucket, tmp_path, most=10)

    kept = [files.keep_bytes(bytes([number]) * 1000) for number in range(5)]
    for digest in kept:
        files.size(digest)

    assert {path.name for path in tmp_path.glob("??/??/*")} == set(kept)


def test_the_digest_is_of_the_bytes(bucket: Bucket, tmp_path: Path) -> None:
    assert node(bucket, tmp_path).keep_bytes(b"x") == hashlib.sha256(b"x").hexdigest()


def test_it_is_reached_through_a_proxy_where_one_is_meant_for_it(bucket: Bucket, tmp_path: Path) -> None:
    far = {**bucket.environment, "AWS_ENDPOINT_URL": "http://s3.far.test"}
    port = int(bucket.environment["AWS_ENDPOINT_URL"].rpartition(":")[2])
    with Proxy({"s3.far.test": port}) as proxy:
        through = open_bucket("s3://lacre/files", far, proxy=proxy.url.replace("//", "//ana:segredo@"))
        digest = BucketFiles(through, FolderFiles(tmp_path / "one"), SettableClock()).keep_bytes(b"content")
        other = BucketFiles(through, FolderFiles(tmp_path / "two"), SettableClock())

        assert other.read(digest) == b"content"

    # more may go over the same connection
    assert proxy.asked[0].startswith("PUT http://s3.far.test/lacre/files/")
    assert "proxy-authorization: basic yw5honnlz3jlzg8=" in proxy.heads[0].lower()
