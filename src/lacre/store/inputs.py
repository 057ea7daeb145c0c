"""Files to be processed, kept for some days: a folder or a prefix for each day, which goes as a whole."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore

from lacre.kit.ids import new_uuid
from lacre.store.files import CHUNK
from lacre.store.outages import bucket_told

_KEY = re.compile(r"\d{4}-\d{2}-\d{2}/[0-9a-f-]{36}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class FolderInputs:
    """By day and not by digest: nobody else's document can be the same file, so that each may go alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, source: Path, *, now: datetime) -> str:
        key = _new_key(now)
        path = self._folder / key
        path.parent.mkdir(exist_ok=True, mode=0o700)
        with source.open("rb") as reading, path.open("xb") as writing:
            shutil.copyfileobj(reading, writing, CHUNK)
            writing.flush()
            os.fsync(writing.fileno())
        for one in (path.parent, self._folder):
            _sync_folder(one)
        return key

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        path = self._folder / _checked(key)
        if not path.exists():
            raise LookupError(key)
        yield path

    def forget(self, key: str) -> None:
        (self._folder / _checked(key)).unlink(missing_ok=True)

    def sweep(self, *, before: date) -> int:
        old = [one for one in self._folder.iterdir() if _is_old(one.name, before)]
        for one in old:
            shutil.rmtree(one, ignore_errors=True)
        return len(old)


class BucketInputs:
    """In an S3-compatible bucket; fetched each time that they are worked on."""

    def __init__(self, bucket: ObjectStore, scratch: Path) -> None:
        self._bucket, self._scratch = bucket, scratch
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, source: Path, *, now: datetime) -> str:
        key = _new_key(now)
        with bucket_told():
            obstore.put(self._bucket, _path(key), source)
        return key

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(dir=self._scratch) as fetched:
            self._fetch(_path(_checked(key)), fetched)
            fetched.flush()
            yield Path(fetched.name)

    @bucket_told()
    def _fetch(self, path: str, fetched: IO[bytes]) -> None:
        try:
            found = obstore.get(self._bucket, path)
        except (NotFoundError, FileNotFoundError):
            raise LookupError(path) from None
        for chunk in found.stream(min_chunk_size=CHUNK):
            fetched.write(chunk)

    @bucket_told()
    def forget(self, key: str) -> None:
        obstore.delete(self._bucket, _path(_checked(key)))

    @bucket_told()
    def sweep(self, *, before: date) -> int:
        days = obstore.list_with_delimiter(self._bucket, "inputs/")["common_prefixes"]
        old = [day for day in days if _is_old(day.rstrip("/").rpartition("/")[2], before)]
        for day in old:
            for page in obstore.list(self._bucket, day):
                obstore.delete(self._bucket, [one["path"] for one in page])
        return len(old)


def _new_key(now: datetime) -> str:
    return f"{now.date().isoformat()}/{new_uuid()}"


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise LookupError(key)
    return key


def _path(key: str) -> str:
    return f"inputs/{key}"


def _is_old(day: str, before: date) -> bool:
    return bool(_DAY.fullmatch(day)) and day < before.isoformat()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
