"""Connections that lost their server are replaced, and no unit of work meets more than one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import sleep
from typing import Any

import psycopg
import pytest
from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError

from lacre.store.postgres import RESTED_SECONDS, PostgresDatabase
from lacre.store.statements import Statement
from tests.support.database import PostgresServer

ONE = Statement("SELECT 1", ("one",))
_END_SESSIONS = (
    "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    opened = PostgresDatabase(postgres_server.create())
    yield opened
    opened.close()


@pytest.fixture
def end_sessions(postgres_server: PostgresServer) -> Iterator[Callable[[], None]]:
    """All but its own, which is open already: a second passes quickly."""
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:

        def end() -> None:
            connection.execute(_END_SESSIONS)

        yield end


def test_a_connection_that_rested_is_replaced_before_it_is_used(
    database: PostgresDatabase, end_sessions: Callable[[], None]
) -> None:
    use_two(database)
    end_sessions()
    sleep(RESTED_SECONDS + 0.1)

    assert [row.one for row in asked(database)] == [1]


def test_of_connections_just_used_only_the_first_is_found_broken(
    database: PostgresDatabase, end_sessions: Callable[[], None]
) -> None:
    use_two(database)
    end_sessions()

    with pytest.raises((OperationalError, DBAPIError)):
        asked(database)
    assert [row.one for row in asked(database)] == [1]


def use_two(database: PostgresDatabase) -> None:
    """At the same moment, so that they are two."""
    with database.transaction() as one, database.transaction() as other:
        one.look_up(ONE)
        other.look_up(ONE)


def asked(database: PostgresDatabase) -> list[Any]:
    with database.transaction() as transaction:
        return [*transaction.look_up(ONE)]
