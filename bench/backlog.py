"""Fills the queue with what waits: copies of real deliveries, made inside of the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection, TextClause, bindparam, create_engine, select, text, update

from bench.sites import FILLING
from lacre.engines import clock
from lacre.kit.ids import AccountId
from lacre.store.instants import micros
from lacre.store.postgres import driver_url
from lacre.store.tables import delivery
from tests.support.working import Site

EVENTS = 96
"""That all the copies are of, over all accounts."""
CHUNK = 100_000


def pile_up(site: Site, accounts: Sequence[AccountId], count: int, *, retries: bool) -> None:
    """`count` deliveries to the accounts' endpoints: retries that wait for hours, or new ones, due."""
    each = max(1, EVENTS // len(accounts))
    events = [one for account in accounts for one in site.announce(account, each, filling=FILLING)]
    due_at = clock.now() + timedelta(hours=3) if retries else clock.now()
    with site.store.open_work() as work:
        transaction = work.queue._transaction
        originals = list(transaction.read(select(_ID).where(delivery.c.event_id.in_(events))).scalars())
        waiting = {"due_at": micros(due_at), "retry": int(retries), "attempts": int(retries)}
        transaction.write(update(delivery).where(_ID.in_(originals)).values(waiting))
    _copy(site, originals, count - len(originals))


def _copy(site: Site, originals: Sequence[str], count: int) -> None:
    with _quick_connection(site.settings.database_url) as connection:
        while count > 0:
            some = list(originals[:count])
            times = max(1, min(count, CHUNK) // len(some))
            copying = _copying(postgresql=connection.dialect.name == "postgresql")
            with connection.begin():
                connection.execute(copying, {"originals": some, "times": times})
            count -= times * len(some)
    _settle_down(site)


def _settle_down(site: Site) -> None:
    """What a server would do in its first minutes with so much."""
    sqlite = site.settings.database_url.startswith("sqlite")
    with _quick_connection(site.settings.database_url) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in ("ANALYZE delivery",) if sqlite else ("VACUUM ANALYZE delivery", "CHECKPOINT"):
            connection.exec_driver_sql(statement)


@contextmanager
def _quick_connection(url: str) -> Iterator[Connection]:
    """Checks no references and does not wait for the disk: what is copied is known to be right."""
    sqlite = url.startswith("sqlite")
    engine = create_engine(url if sqlite else driver_url(url))
    with engine.connect() as connection:
        for statement in _QUICK[sqlite]:
            connection.exec_driver_sql(statement)
        connection.commit()
        yield connection
    engine.dispose()


_QUICK = {
    True: ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -262144", "PRAGMA busy_timeout = 60000"),
    False: ("SET session_replication_role = replica", "SET synchronous_commit = off"),
}

_ID = delivery.c.id
_RANDOM = {
    False: "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)"
    " || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
    True: "CAST(gen_random_uuid() AS VARCHAR)",
}


def _copying(*, postgresql: bool) -> TextClause:
    names = [column.name for column in delivery.c]
    other = {"id": _RANDOM[postgresql], "due_at": "one.due_at + counted.n"}
    values = ", ".join(other.get(name, f'one."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return text(
        "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :times)"
        f" INSERT INTO delivery ({columns})"
        f" SELECT {values} FROM delivery AS one CROSS JOIN counted WHERE one.id IN :originals"
    ).bindparams(bindparam("originals", expanding=True))
