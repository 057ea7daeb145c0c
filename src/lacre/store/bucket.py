"""Files by digest in an S3-compatible bucket, with copies in a local folder to work on."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore, S3Store

from lacre.kit.ids import Digest
from lacre.store.files import CHUNK, FolderFiles
from lacre.store.outages import bucket_told

COPIES_BYTES = 4 << 30
"""What the copies may take before those that nobody used for an hour go."""
IN_USE = timedelta(hours=1)  # longer than any job works on a file

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config  # only there for type checkers

# the names that every S3 tool knows → what our library calls them
_VARIABLES = {
    "AWS_ACCESS_KEY_ID": "access_key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_access_key",
    "AWS_SESSION_TOKEN": "token",
    "AWS_DEFAULT_REGION": "region",
    "AWS_REGION": "region",
    "AWS_ENDPOINT_URL": "endpoint",
    "AWS_ENDPOINT_URL_S3": "endpoint",
}


class BucketFiles:
    """In the bucket before the row that names it; read from the copy, which is fetched when it is missing."""

    def __init__(
        self,
        bucket: ObjectStore,
        copies: FolderFiles,
        clock: Callable[[], datetime],
        *,
        prefix: str = "",
        copies_bytes: int = COPIES_BYTES,
    ) -> None:
        self._bucket, self._prefix = bucket, prefix
        self._copies = copies
        self._clock = clock
        self._copies_bytes = copies_bytes
        self._since_trimmed = copies_bytes

    def keep(self, source: Path) -> Digest:
        return self._upload(self._copies.keep(source))

    def keep_bytes(self, content: bytes) -> Digest:
        return self._upload(self._copies.keep_bytes(content))

    def read(self, digest: Digest) -> bytes:
        return self._copied(digest).read(digest)

    def stream(self, digest: Digest, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return self._copied(digest).stream(digest, start=start, end=end)

    def read_at(self, digest: Digest, start: int, size: int) -> bytes:
        return self._copied(digest).read_at(digest, start, size)

    def size(self, digest: Digest) -> int:
        return self._copied(digest).size(digest)

    def local(self, digest: Digest) -> AbstractContextManager[Path]:
        return self._copied(digest).local(digest)

    def copy(self, digest: Digest, target: Path) -> None:
        self._copied(digest).copy(digest, target)

    def scratch(self) -> AbstractContextManager[Path]:
        return self._copies.scratch()

    def remove(self, digest: Digest) -> None:
        with bucket_told(), contextlib.suppress(NotFoundError, FileNotFoundError):
            obstore.delete(self._bucket, self._key(digest))
        self._copies.remove(digest)

    def _upload(self, digest: Digest) -> Digest:
        with bucket_told(), self._copies.local(digest) as path:
            obstore.put(self._bucket, self._key(digest), path)
        self._grew(digest)
        return digest

    def _copied(self, digest: Digest) -> FolderFiles:
        if not self._copies.touch(digest, self._clock()):
            self._fetch(digest)
            self._grew(digest)
        return self._copies

    def _fetch(self, digest: Digest) -> None:
        with self._copies.scratch() as folder:
            draft = folder / "fetched"
            self._download(digest, draft)
            got = self._copies.keep(draft)
        if got != digest:
            raise OSError(f"the bucket gave other bytes for {digest}")

    @bucket_told()
    def _download(self, digest: Digest, draft: Path) -> None:
        try:
            found = obstore.get(self._bucket, self._key(digest))
        except (NotFoundError, FileNotFoundError):
            raise LookupError(digest) from None
        with draft.open("wb") as writing:
            for chunk in found.stream(min_chunk_size=CHUNK):
                writing.write(chunk)

    def _key(self, digest: Digest) -> str:
        return f"{self._prefix}{digest[:2]}/{digest[2:4]}/{digest}"

    def _grew(self, digest: Digest) -> None:
        """Looks through the copies only once in a while: when they grew by a tenth of what they may be."""
        self._copies.touch(digest, self._clock())
        self._since_trimmed += self._copies.size(digest)
        if self._since_trimmed > self._copies_bytes // 10:
            self._since_trimmed = 0
            self._copies.trim(self._copies_bytes, unused_since=self._clock() - IN_USE)


class NoPlaceForFiles(ValueError):
    """A setting that names none; the message says why."""


def open_bucket(url: str, environment: Mapping[str, str] = os.environ, *, proxy: str = "") -> ObjectStore:
    """`s3://bucket/prefix`; keys, region and endpoint from the usual variables."""
    given = {ours: environment[name] for name, ours in _VARIABLES.items() if environment.get(name)}
    # only where the operator wrote so: a server of their own beside us
    plain = given.get("endpoint", "").startswith("http://")
    options: ClientConfig = {"allow_http": plain}
    if proxy:
        options["proxy_url"] = proxy
    try:
        return S3Store.from_url(url, config=cast("S3Config", given), client_options=options)
    except BaseError as unusable:
        raise NoPlaceForFiles(f"LACRE_FILES_URL: {str(unusable).splitlines()[0]}") from None
