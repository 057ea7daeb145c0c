"""What the benches rest on is true; the figures themselves are not for tests."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import invoicing, latency, profile, statements
from bench.backlog import pile_up
from bench.http_receiver import running_receiver
from bench.sites import ENDPOINTS, empty_file, fill, opened, subscribed, until_delivered
from lacre.engines import clock
from tests.support.receiver import Heard
from tests.support.working import Site


def test_piled_up_retries_wait_and_new_ones_are_due(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, tmp_path) as site:
        waiting, due = (subscribed(site, ["http://127.0.0.1:9/"]) for _ in range(2))

        pile_up(site, [waiting], 500, retries=True)
        pile_up(site, [due], 300, retries=False)

        assert _count(site) == {(waiting, 1): 500, (due, 0): 300}
        with site.store.open_work() as work:
            held = work.deliveries.claim("w", now=clock.now(), limit=20, per_endpoint=20)
        assert {one.endpoint.account_id for one in held} == {due}


def test_every_part_of_a_delivery_is_seen(tmp_path: Path) -> None:
    with running_receiver() as url, opened(empty_file(tmp_path), tmp_path) as site:
        fill(site, url, ENDPOINTS * 20)

        rows = profile.by_part({"sqlite": profile.profiled(site)})

        assert until_delivered(site) < 1
    assert sum(rows[part]["sqlite_share"] for part in ("claim", "send", "keep", "write")) > 0.2
    assert rows["all"]["sqlite_share"] == 1


def test_every_statement_is_counted_once(tmp_path: Path) -> None:
    with statements._traced() as counted:
        engine = create_engine(f"sqlite:///{tmp_path / 'counted.db'}")
        with engine.connect() as connection:
            before = counted()
            for _ in range(3):
                connection.execute(text("SELECT 1"))

            assert counted() - before == 3
        engine.dispose()


def test_latency_is_from_the_commit_to_the_first_byte_and_what_never_came_counts() -> None:
    committed = {f"msg_{number}": 1_000_000 * number for number in range(100)}
    heard = {name: at + 5_000_000 for name, at in committed.items() if name != "msg_7"}

    row = latency._row(committed, heard)

    assert (row["p50_ms"], row["p95_ms"], row["samples"], row["missing"]) == (5, 5, 100, 1)
    assert latency._row({"msg_7": 0}, heard)["p50_ms"] == latency.PATIENCE_SECONDS * 1_000


def _count(site: Site) -> Counter[tuple[str, int]]:
    with site.store.open_work() as work:
        rows = work.queue._transaction.read(
            text("SELECT account_id, retry FROM delivery WHERE status = 'waiting'")
        )
        return Counter((row.account_id, row.retry) for row in rows)


def test_what_was_told_of_an_invoice_is_known_by_its_id() -> None:
    told = {"inv_1": invoicing.Told(0.0, [])}

    invoicing._note(told, _heard("invoice.issued", "inv_1", 1.0))
    invoicing._note(told, _heard("asset.available", "inv_1", 2.0))
    invoicing._note(told, _heard("asset.available", "inv_2", 3.0))

    assert told == {"inv_1": invoicing.Told(1.0, [2.0])}


def _heard(kind: str, invoice: str, at: float) -> Heard:
    body = json.dumps({"type": kind, "data": {"invoice": {"id": invoice}}}).encode()
    return Heard(method="POST", target="/", headers=(), body=body, at=at, connection=1)
