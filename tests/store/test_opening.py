"""A store opens on a database of its own version, with its own key, and on no other."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from lacre.services import Work
from lacre.store.keys import KeyUnusable
from lacre.store.migrations import steps
from lacre.store.migrations.steps import OtherVersion, check_version, migrate
from lacre.store.opening import Store
from tests.support.database import PostgresServer
from tests.support.kept import an_account, an_endpoint, open_store


def test_a_unit_of_work_has_every_repository(store: Store) -> None:
    with store.open_work() as work:
        whole: Work = work

    assert whole.day.days == 1


def test_a_database_of_a_newer_version_is_refused(database_url: str, tmp_path: Path) -> None:
    _pretend_version(database_url, "9999")

    with pytest.raises(OtherVersion, match="newer version"):
        open_store(database_url, tmp_path)
    with pytest.raises(OtherVersion, match="newer version"):
        migrate(database_url)


def test_a_database_that_is_not_migrated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OtherVersion, match="lacre migrate"):
        check_version(f"sqlite:///{tmp_path / 'empty.db'}")


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)

    check_version(database_url)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_may_migrate_at_once(kind: str, tmp_path: Path, postgres_server: PostgresServer) -> None:
    url = f"sqlite:///{tmp_path / 'lacre.db'}" if kind == "sqlite" else postgres_server.create()

    threads = [threading.Thread(target=migrate, args=(url,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    check_version(url)


def test_the_key_is_made_on_first_start_for_its_owner_alone(database_url: str, tmp_path: Path) -> None:
    open_store(database_url, tmp_path).close()

    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_all_who_start_at_once_have_the_same_key(database_url: str, tmp_path: Path) -> None:
    derived: list[bytes] = []

    def start() -> None:
        store = open_store(database_url, tmp_path)
        derived.append(store.keys.derive("test", 1))
        store.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(derived) == 4
    assert len(set(derived)) == 1


def test_a_second_node_without_the_key_is_refused(database_url: str, tmp_path: Path) -> None:
    open_store(database_url, tmp_path / "one").close()

    with pytest.raises(KeyUnusable, match="LACRE_SECRET_KEY is not set"):
        open_store(database_url, tmp_path / "two")

    assert not (tmp_path / "two" / "secret.key").exists()


def test_a_wrong_key_is_refused(database_url: str, tmp_path: Path) -> None:
    open_store(database_url, tmp_path, secret_key="the right key").close()

    with pytest.raises(KeyUnusable, match="another key"):
        open_store(database_url, tmp_path, secret_key="a wrong key")


def test_the_key_can_be_changed_and_everything_still_read(database_url: str, tmp_path: Path) -> None:
    before = open_store(database_url, tmp_path, secret_key="old")
    with before.open_work() as work:
        endpoint = an_endpoint(an_account(work))
        work.endpoints.add(endpoint)
    before.close()

    open_store(database_url, tmp_path, secret_key="new,old").close()
    after = open_store(database_url, tmp_path, secret_key="new")
    with after.open_work() as work:
        found = work.endpoints.get(endpoint.account_id, endpoint.id)
    after.close()

    assert found.secrets == endpoint.secrets
    with pytest.raises(KeyUnusable):
        open_store(database_url, tmp_path, secret_key="old")


def _pretend_version(url: str, revision: str) -> None:
    with steps._connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        connection.commit()
