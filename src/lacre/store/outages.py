"""What a database or a bucket raises that is away, busy or full, told from what is a bug."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from obstore.exceptions import GenericError
from sqlalchemy import exc

from lacre.kit.outage import Outage

_SQLITE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
)


@contextmanager
def outages_told() -> Iterator[None]:
    """Raises `Outage` instead."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError, psycopg.OperationalError, sqlite3.OperationalError) as problem:
        raised = problem.orig if isinstance(problem, exc.DBAPIError) else problem
        if not _passes(raised):
            raise
        raise Outage(f"{type(raised).__name__}: {_first_line(raised)}") from problem


@contextmanager
def bucket_told() -> Iterator[None]:
    """The same of a bucket, which has asked again for some minutes by itself."""
    try:
        yield
    except GenericError as problem:
        raise Outage(f"the bucket: {_first_line(problem)}") from problem


def _passes(raised: BaseException | None) -> bool:
    if isinstance(raised, sqlite3.OperationalError):
        # the upper bits say in which way
        return raised.sqlite_errorcode & 0xFF in _SQLITE
    return isinstance(raised, psycopg.OperationalError | exc.TimeoutError)


def _first_line(raised: BaseException | None) -> str:
    return (str(raised).strip().splitlines() or [""])[0]
