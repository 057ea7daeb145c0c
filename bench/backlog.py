"""Fills the queue with what waits: copies of real deliveries, made inside of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import TextClause, bindparam, select, text, update
from tests.support.working import Site

from bench.sites import FILLING
from lacre.engines import clock
from lacre.kit.ids import AccountId
from lacre.store.instants import micros
from lacre.store.tables import delivery

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
    while count > 0:
        some = list(originals[:count])
        times = max(1, min(count, CHUNK) // len(some))
        with site.store.open_work() as work:
            transaction = work.queue._transaction
            copying = _copying(postgresql=transaction.postgresql)
            transaction.write(copying, {"originals": some, "times": times})
            transaction.write(text("ANALYZE delivery"))
        count -= times * len(some)


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
