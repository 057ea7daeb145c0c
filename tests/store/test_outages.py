"""A database or a bucket that is away is told from a bug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from obstore.store import S3Store
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lacre.kit.ids import Digest
from lacre.kit.outage import Outage
from lacre.store.bucket import BucketFiles
from lacre.store.files import FolderFiles
from lacre.store.inputs import BucketInputs
from lacre.store.opening import Store
from tests.support.bucket import Bucket
from tests.support.database import PostgresServer, running_postgres
from tests.support.kept import NOW, SettableClock, open_store


@pytest.fixture(scope="module")
def leaving() -> Iterator[PostgresServer]:
    with running_postgres(durable=False) as server:
        yield server


def test_a_server_that_is_gone_is_an_outage_and_work_goes_on_when_it_is_back(
    leaving: PostgresServer, tmp_path: Path
) -> None:
    with closing(opened(leaving, tmp_path)) as store:
        leaving.stop()
        with pytest.raises(Outage, match="OperationalError: "):
            count(store)

        leaving.start()

        assert count(store) == 0


def test_a_worker_that_cannot_say_that_it_lives_tells_an_outage_too(
    leaving: PostgresServer, tmp_path: Path
) -> None:
    with closing(opened(leaving, tmp_path)) as store, ExitStack() as ending:
        presence = ending.enter_context(store.presence("worker", "its name"))
        leaving.stop()
        ending.callback(leaving.start)

        with pytest.raises(Outage):
            presence.beat()


def test_a_statement_that_is_wrong_is_a_bug(store: Store) -> None:
    with pytest.raises(DBAPIError):
        ask(store, "SELECT nothing FROM nowhere")


def count(store: Store) -> int:
    with store.open_work() as work:
        return work.census.workers()


def ask(store: Store, statement: str) -> None:
    with store.open_work() as work:
        work.census._transaction.read(text(statement))


def opened(server: PostgresServer, folder: Path) -> Store:
    return open_store(server.url("lacre_template"), folder, secret_key="shared")


def test_a_bucket_that_is_gone_is_an_outage_too(tmp_path: Path) -> None:
    with Bucket() as gone:
        keys = {name.removeprefix("AWS_").lower(): value for name, value in gone.environment.items()}
    bucket = S3Store(
        "lacre",
        access_key_id=keys["access_key_id"],
        secret_access_key=keys["secret_access_key"],
        region=keys["region"],
        endpoint=keys["endpoint_url"],
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    inputs = BucketInputs(bucket, tmp_path / "scratch")
    files = BucketFiles(bucket, FolderFiles(tmp_path / "copies"), SettableClock())
    upload = tmp_path / "upload"
    upload.write_bytes(b"%PDF")

    for ask in (
        partial(inputs.sweep, before=NOW.date()),
        partial(inputs.keep, upload, now=NOW),
        partial(files.keep_bytes, b"%PDF"),
        partial(files.read, Digest("0" * 64)),
    ):
        with pytest.raises(Outage, match="the bucket: "):
            ask()
