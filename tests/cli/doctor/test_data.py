"""What must not be lost: database, keys, files; and whether anybody is at work."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from lacre.accounts.account import Account
from lacre.bootstrap import open_installation
from lacre.cli.doctor.data import (
    LATE,
    client_certificates,
    database,
    files,
    keys,
    retention,
    shared_clock,
    time_apart,
    work,
)
from lacre.cli.doctor.finding import Level
from lacre.engines import clock
from lacre.kit.ids import AccountId, EndpointId, new_uuid
from lacre.kit.jobs import Job
from lacre.settings import Settings
from lacre.store.sqlite import open_engine
from lacre.webhooks.endpoint import Endpoint, Secrets
from tests.support.ageing import sweep
from tests.support.certificates import Authority
from tests.support.database import PostgresServer, migrated_file, postgres_server
from tests.support.settings import settings_in

__all__ = ["migrated_file", "postgres_server"]

SECRET = "a-key-of-thirty-two-signs-no-less"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an installation that was started once."""
    settings = settings_in(tmp_path)
    open_installation(settings).close()
    return settings


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    levels = [look(settings).level for look in (database, keys, files, work, retention)]

    assert levels == [Level.OK, Level.OK, Level.SKIPPED, Level.SKIPPED, Level.SKIPPED]
    assert not settings.data_dir.exists()


def test_a_database_of_this_version_is_fine(settings: Settings) -> None:
    found = database(settings)

    assert found.level == Level.OK
    assert found.detail.startswith("SQLite 3.")


def test_a_newer_database_is_a_problem(settings: Settings) -> None:
    rewrite_version(settings, "9999_from_the_future")

    found = database(settings)

    assert found.level == Level.PROBLEM
    assert "newer version" in found.detail


def test_postgresql_is_looked_at_too(tmp_path: Path, postgres_server: PostgresServer) -> None:
    found = database(settings_in(tmp_path, database_url=postgres_server.emptied()))

    assert found.level == Level.OK
    assert found.detail.startswith("PostgreSQL 1")


def test_a_machine_has_the_time_of_its_database(tmp_path: Path, postgres_server: PostgresServer) -> None:
    found = shared_clock(settings_in(tmp_path, database_url=postgres_server.emptied()))

    assert found.level == Level.OK


@pytest.mark.parametrize(("seconds", "said"), [(600, "600 s ahead of"), (-600, "600 s behind")])
def test_a_machine_with_another_time_than_its_database_is_told(seconds: int, said: str) -> None:
    theirs = clock.now()

    found = time_apart(theirs + timedelta(seconds=seconds), theirs)

    assert found.level == Level.WARNING
    assert said in found.detail


def test_an_empty_postgresql_is_sent_to_migrate(tmp_path: Path, postgres_server: PostgresServer) -> None:
    found = database(settings_in(tmp_path, database_url=postgres_server.create()))

    assert found.level == Level.PROBLEM
    assert "lacre migrate" in found.detail


def test_a_database_that_does_not_answer_is_a_problem(tmp_path: Path) -> None:
    found = database(settings_in(tmp_path, database_url="postgresql://lacre:segredo@127.0.0.1:1/lacre"))

    assert found.level == Level.PROBLEM
    assert "segredo" not in found.detail


def test_a_url_that_is_none_is_a_problem(tmp_path: Path) -> None:
    assert database(settings_in(tmp_path, database_url="segredo")).level == Level.PROBLEM


def test_keys_that_open_are_fine(settings: Settings) -> None:
    assert keys(settings).level == Level.OK


def test_a_lost_key_is_a_problem(settings: Settings) -> None:
    (settings.data_dir / "secret.key").unlink()

    found = keys(settings)

    assert found.level == Level.PROBLEM
    assert not (settings.data_dir / "secret.key").exists()


@pytest.mark.usefixtures("settings")
def test_another_key_is_a_problem(tmp_path: Path) -> None:
    found = keys(settings_in(tmp_path, secret_key=SECRET))

    assert found.level == Level.PROBLEM
    assert SECRET not in found.detail


def test_looking_with_a_new_key_does_not_wrap_anything_anew(tmp_path: Path, settings: Settings) -> None:
    old = (settings.data_dir / "secret.key").read_text().strip()

    assert keys(settings_in(tmp_path, secret_key=f"{SECRET},{old}")).level == Level.OK
    assert keys(settings_in(tmp_path, secret_key=SECRET)).level == Level.PROBLEM


def test_a_key_that_could_be_guessed_is_told(tmp_path: Path) -> None:
    assert keys(settings_in(tmp_path, secret_key="lacre")).level == Level.WARNING


def test_a_key_that_lies_on_one_of_many_nodes_is_told(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    settings = settings_in(tmp_path, database_url=postgres_server.emptied())
    open_installation(settings).close()

    found = keys(settings)

    assert found.level == Level.WARNING
    assert "LACRE_SECRET_KEY" in found.remedy


def test_files_are_written_and_read(settings: Settings) -> None:
    assert files(settings).level == Level.OK


@pytest.mark.usefixtures("settings")
def test_files_that_cannot_be_written_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("a file where a folder should be")

    found = files(settings_in(tmp_path, files_url=f"file://{tmp_path}/in-the-way/files"))

    assert found.level == Level.PROBLEM


@pytest.mark.usefixtures("settings")
def test_an_unknown_kind_of_storage_is_a_problem(tmp_path: Path) -> None:
    assert files(settings_in(tmp_path, files_url="ftp://files")).level == Level.PROBLEM


def test_due_work_that_nobody_does_is_told(settings: Settings) -> None:
    with closing(open_installation(settings)) as opened, opened.services.open_work() as changing:
        due_at = clock.now() - timedelta(seconds=1)
        changing.jobs.add(Job(kind="signing.seal", key="envelope", due_at=due_at, payload={}))

    found = work(settings)

    assert found.level == Level.WARNING
    assert "1 jobs and deliveries due" in found.detail


def test_retention_that_never_ran_says_what_is_in_force(tmp_path: Path, settings: Settings) -> None:
    assert retention(settings).level == Level.OK

    found = retention(settings_in(tmp_path, keep_deliveries_days=30, keep_events_days=0))

    assert "deliveries 30 days" in found.detail
    assert "events for ever" in found.detail


def test_retention_that_fell_behind_is_told(settings: Settings) -> None:
    swept(settings, clock.now() - LATE - timedelta(hours=1))

    found = retention(settings)

    assert found.level == Level.WARNING
    assert "2.0 days behind" in found.detail


def test_retention_in_time_is_fine(settings: Settings) -> None:
    swept(settings, clock.now())

    found = retention(settings)

    assert (found.level, found.detail[-10:]) == (Level.OK, "up to date")


def test_no_work_is_fine_without_anybody(settings: Settings) -> None:
    assert work(settings).level == Level.OK


def rewrite_version(settings: Settings, version: str) -> None:
    engine = open_engine(settings.data_dir / "lacre.db")
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    engine.dispose()


def swept(settings: Settings, now: datetime) -> None:
    with closing(open_installation(settings)) as opened:
        sweep(opened._store, now=now, data_dir=settings.data_dir)


@pytest.mark.parametrize(
    ("days", "level", "said"),
    [
        (40, Level.OK, "1, none ends within 30 days"),
        (29, Level.WARNING, "bank.test on "),
        (-1, Level.WARNING, ""),
    ],
)
def test_a_certificate_that_receivers_ask_for_is_watched(
    settings: Settings, days: int, level: Level, said: str
) -> None:
    subscribed(settings, client_pem=Authority().issue("lacre.test", days=days).pem.decode())
    subscribed(settings)

    found = client_certificates(settings)

    assert (found.level, said in found.detail) == (level, True)


def test_where_no_receiver_asks_for_a_certificate_there_is_nothing_to_watch(settings: Settings) -> None:
    subscribed(settings)

    assert client_certificates(settings).level == Level.SKIPPED


def subscribed(settings: Settings, **secrets: str) -> None:
    endpoint = Endpoint(
        id=EndpointId(new_uuid()),
        account_id=AccountId(new_uuid()),
        number=0,
        dialect="native",
        url="https://bank.test/hooks",
        types=(),
        secrets=Secrets(**secrets),  # type: ignore[arg-type]
        created_at=clock.now(),
    )
    account = Account(id=endpoint.account_id, name=endpoint.account_id, created_at=clock.now())
    with closing(open_installation(settings)) as opened, opened.services.open_work() as work:
        work.accounts.add(account)
        work.endpoints.add(endpoint)
