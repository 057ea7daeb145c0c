"""The worker removes what was kept long enough, beside its other work."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from lacre.engines import clock
from lacre.kit.retention import PURGE
from lacre.store import tables
from lacre.store.fiscal_tables import invoice_file
from lacre.store.instants import instant
from lacre.webhooks import actions
from lacre.webhooks.endpoint import EndpointStatus
from lacre.worker.handlers import HANDLERS
from lacre.worker.jobs import Lane
from lacre.worker.purge import next_rows
from tests.support.ageing import Past, count, put
from tests.support.working import Site, eventually

LANE = Lane(kinds=(PURGE,), at_once=1)
MINUTE = timedelta(minutes=1)
_PURGES = text("SELECT status, due_at FROM job WHERE kind = :kind ORDER BY due_at")


def test_old_deliveries_are_purged_and_the_next_time_is_set(site: Site) -> None:
    Past(site.store, now=clock.now()).told(91, events=120)
    site.ask_for(PURGE, PURGE)

    with site.at_work(handlers=HANDLERS, lanes=[LANE]):
        eventually(lambda: count(site.store, tables.delivery) == 0)
        eventually(lambda: is_over(site))

    (_, due_at) = jobs(site)[-1]
    assert due_at > clock.now() + timedelta(minutes=9)


def test_what_waits_too_long_for_a_disabled_endpoint_is_discarded(site: Site) -> None:
    disabled, paused = [Past(site.store, name, now=clock.now()) for name in ("disabled", "paused")]
    for past, status in ((disabled, EndpointStatus.DISABLED), (paused, EndpointStatus.PAUSED)):
        past.told(15, events=120, status="waiting", attempts=0)
        past.told(13, status="waiting", attempts=0)
        past.endpoint.status = status
        with site.store.open_work() as work:
            work.endpoints.save(past.endpoint)
    site.ask_for(PURGE, PURGE)

    with site.at_work(handlers=HANDLERS, lanes=[LANE]):
        eventually(lambda: is_over(site))

    states = [Counter(one.status for one in site.deliveries(of.account_id)) for of in (disabled, paused)]
    assert states == [{"discarded": 120, "waiting": 1}, {"waiting": 121}]


def test_what_waits_for_an_endpoint_is_given_up_once_it_is_deleted(site: Site) -> None:
    deleted, kept = [Past(site.store, name, now=clock.now()) for name in ("deleted", "kept")]
    for past in (deleted, kept):
        past.told(1, events=120, status="waiting", attempts=0)
    with site.store.open_work() as work:
        actions.remove(work, deleted.endpoint, now=clock.now())
        actions.pause(work, kept.endpoint)

    with site.at_work(handlers=HANDLERS, lanes=[LANE]):
        eventually(lambda: is_over(site))

    states = [Counter(one.status for one in site.deliveries(of.account_id)) for of in (deleted, kept)]
    assert states == [{"discarded": 120}, {"waiting": 120}]


def test_files_of_invoices_that_are_gone_go_too_and_again_without_harm(site: Site) -> None:
    kept, gone = [site.services.invoice_files.keep_bytes(text) for text in (b"<NFSe/>", b"<DPS/>")]
    rows: list[dict[str, Any]] = [
        {"digest": gone, "invoice_id": "an old one", "doomed": True},
        {"digest": kept, "invoice_id": "a new one", "doomed": None},
    ]
    with site.store.open_work() as work:
        put(work, invoice_file, rows)
    site.ask_for(PURGE, PURGE)
    site.services.invoice_files.remove(gone)

    with site.at_work(handlers=HANDLERS, lanes=[LANE]):
        eventually(lambda: is_over(site))

    assert site.services.invoice_files.read(kept) == b"<NFSe/>"
    with pytest.raises(LookupError):
        site.services.invoice_files.read(gone)
    assert count(site.store, invoice_file) == 1


def test_every_worker_asks_for_it_once_for_all(site: Site) -> None:
    for _ in range(2):
        with site.at_work(handlers=HANDLERS, lanes=[LANE]):
            eventually(lambda: len(jobs(site)) == 1)

    assert [status for status, _ in jobs(site)] == ["waiting"]


def test_a_step_takes_more_rows_while_it_is_quick_and_fewer_when_it_is_slow() -> None:
    quick, slow = next_rows(100, 100, 0.001), next_rows(100, 100, 0.5)

    assert (quick, slow) == (200, 50)
    assert next_rows(500, 500, 0.001) == 500
    assert next_rows(50, 50, 0.5) == 50
    assert next_rows(100, 3, 0.001) == 100


def is_over(site: Site) -> bool:
    """For now: a slow machine needs more steps than one."""
    *before, (last, due_at) = jobs(site)
    return {one for one, _ in before} == {"done"} and last == "waiting" and due_at > clock.now() + MINUTE


def jobs(site: Site) -> list[tuple[str, datetime]]:
    with site.store.open_work() as work:
        rows = work.queue._transaction.read(_PURGES, {"kind": PURGE}).all()
    return [(row.status, instant(row.due_at)) for row in rows]
