"""What is old enough goes, in small steps, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CursorResult, Executable, Select, text
from sqlalchemy.dialects import sqlite

from lacre.accounts.account import User
from lacre.fiscal.invoice import Invoice
from lacre.kit.ids import Digest, UserId, new_uuid
from lacre.kit.retention import Sweep
from lacre.settings import FEWEST_INVOICE_DAYS, Settings
from lacre.signing.envelope import EnvelopeStatus
from lacre.store import account_tables, fiscal_tables, tables
from lacre.store.instants import micros
from lacre.store.opening import Store
from lacre.store.retention import SqlRetention
from lacre.store.rules import RULES, Rule
from lacre.store.schema import metadata as store_metadata
from lacre.store.transaction import Transaction
from lacre.store.work import SqlWork
from tests.support.ageing import DAY, Past, count, one_step, put, sweep
from tests.support.invoicing import Shop
from tests.support.kept import NOW, an_account, an_envelope

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SIX_YEARS = timedelta(days=FEWEST_INVOICE_DAYS)


def test_settled_deliveries_go_with_their_attempts_once_they_are_old(store: Store) -> None:
    past = Past(store)
    past.told(91, events=3)
    past.told(91, events=2, status="discarded")
    past.told(89)

    sweep(store)

    assert (count(store, tables.delivery), count(store, tables.attempt)) == (1, 2)


def test_what_is_still_owed_stays_however_old(store: Store) -> None:
    past = Past(store)
    past.told(500, status="waiting")
    past.told(500, status="held")

    sweep(store)

    assert (count(store, tables.delivery), count(store, tables.event)) == (2, 2)


def test_what_waits_for_a_deleted_endpoint_will_never_be_sent_and_goes(store: Store) -> None:
    past = Past(store)
    past.told(91, status="waiting")
    past.endpoint.deleted_at = NOW
    with store.open_work() as work:
        work.endpoints.save(past.endpoint)

    sweep(store)

    assert count(store, tables.delivery) == 0


def test_events_outlive_their_deliveries_and_go_in_their_turn(store: Store) -> None:
    past = Past(store)
    past.told(100)
    past.told(401)

    sweep(store)

    assert (count(store, tables.delivery), count(store, tables.event)) == (0, 1)


def test_an_event_stays_as_long_as_a_delivery_of_it(store: Store) -> None:
    Past(store).told(401)

    sweep(store, keep_deliveries_days=0)

    assert (count(store, tables.delivery), count(store, tables.event)) == (1, 1)


@pytest.mark.parametrize(("status", "left"), [(EnvelopeStatus.PENDING, 1), (EnvelopeStatus.COMPLETED, 0)])
def test_the_story_of_an_envelope_is_whole_while_it_is_under_way(
    store: Store, status: EnvelopeStatus, left: int
) -> None:
    past = Past(store)
    envelope = an_envelope(past.account_id)
    envelope.status = status
    with store.open_work() as work:
        work.envelopes.add(envelope)
        put(work, tables.mail, [a_mail(past, envelope.id)])
    past.happened(401, subject=envelope.id)

    sweep(store)

    assert (count(store, tables.event), count(store, tables.mail)) == (left, left)


def test_attempts_may_go_before_their_delivery(store: Store) -> None:
    past = Past(store)
    past.told(31)
    past.told(29)

    sweep(store, keep_attempts_days=30)

    assert (count(store, tables.delivery), count(store, tables.attempt)) == (2, 2)


def test_no_days_are_for_ever(store: Store) -> None:
    Past(store).told(9000)

    sweep(store, keep_deliveries_days=0, keep_attempts_days=0, keep_events_days=0)

    assert (count(store, tables.event), count(store, tables.attempt)) == (1, 2)


def test_invoices_are_kept_for_ever_unless_somebody_says_otherwise(store: Store) -> None:
    an_issued_invoice(Shop(store))

    sweep(store, now=NOW + 9000 * DAY)

    assert count(store, fiscal_tables.invoice) == 1


def test_an_old_invoice_goes_with_all_that_is_its_own_and_its_number_stays_taken(store: Store) -> None:
    shop = Shop(store)
    gone = an_issued_invoice(shop)

    sweep(store, now=NOW + SIX_YEARS + DAY, keep_invoices_days=FEWEST_INVOICE_DAYS)

    parts = ("invoice", "operation", "fiscal_transaction", "asset")
    assert [count(store, store_metadata.tables[name]) for name in parts] == [0, 0, 0, 0]
    assert set(left_files(store)) >= {one.digest for one in gone.assets}
    assert shop.order().sequence == 2


@pytest.mark.parametrize("asked", ["to issue", "to cancel"])
def test_an_invoice_that_is_under_way_stays_however_old(store: Store, asked: str) -> None:
    shop = Shop(store)
    if asked == "to cancel":
        shop.ask_to_cancel(an_issued_invoice(shop))
    else:
        shop.order()

    sweep(store, now=NOW + 2 * SIX_YEARS, keep_invoices_days=FEWEST_INVOICE_DAYS)

    assert (count(store, fiscal_tables.invoice), left_files(store)) == (1, [])


def test_a_file_that_another_invoice_names_too_stays(store: Store) -> None:
    shop = Shop(store)
    gone = an_issued_invoice(shop)
    shared = {"digest": gone.assets[0].digest, "invoice_id": new_uuid(), "doomed": None}
    with store.open_work() as work:
        put(work, fiscal_tables.invoice_file, [shared])

    sweep(store, now=NOW + SIX_YEARS + DAY, keep_invoices_days=FEWEST_INVOICE_DAYS)

    assert gone.assets[0].digest not in left_files(store)
    assert gone.assets[-1].digest in left_files(store)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (5 * 365, False), (FEWEST_INVOICE_DAYS, True)])
def test_what_the_law_wants_kept_cannot_be_set_to_go(days: int, taken: bool) -> None:
    with nullcontext() if taken else pytest.raises(ValueError, match="2192 and more"):
        Settings(keep_invoices_days=days)


def test_done_jobs_old_answers_and_what_is_over_go(store: Store) -> None:
    past = Past(store)
    with store.open_work() as work:
        jobs = [("done", 15), ("given_up", 15), ("done", 13), ("waiting", 99)]
        put(work, tables.job, [a_job(status, days) for status, days in jobs])
        put(work, account_tables.idempotency, [an_answer(past, "old", 3), an_answer(past, "new", 1)])
        someone = user(work, past)
        put(work, account_tables.login_link, [a_link(someone, 2), a_link(someone, 0)])
        put(work, account_tables.session, [a_session(someone, 2), a_session(someone, 2, seen_days_ago=0)])

    sweep(store)

    kept = {one.name: count(store, one) for one in (tables.job, account_tables.idempotency)}
    assert kept == {"job": 2, "idempotency": 1}
    assert (count(store, account_tables.login_link), count(store, account_tables.session)) == (1, 1)


def test_replays_that_ended_go(store: Store) -> None:
    past = Past(store)
    with store.open_work() as work:
        replays = [("done", 91), ("stopped", 91), ("running", 91), ("done", 89)]
        put(work, tables.replay, [a_replay(past, status, days) for status, days in replays])

    sweep(store)

    assert count(store, tables.replay) == 2


def test_hourly_counts_go(store: Store) -> None:
    past = Past(store)
    counts = {"endpoint_id": past.endpoint.id, "worker": "w", "delivered": 1, "failed": 0, "milliseconds": 9}
    with store.open_work() as work:
        put(work, tables.endpoint_hour, [{**counts, "hour": ago(days)} for days in (91, 89)])

    sweep(store)

    assert count(store, tables.endpoint_hour) == 1


def test_tokens_of_deleted_endpoints_go(store: Store) -> None:
    kept, deleted = Past(store, "kept"), Past(store, "deleted")
    deleted.endpoint.deleted_at = NOW
    with store.open_work() as work:
        work.endpoints.save(deleted.endpoint)
        put(work, tables.token, [{"endpoint_id": one.endpoint.id, "sealed": b"x"} for one in (kept, deleted)])

    sweep(store)

    assert count(store, tables.token) == 1


def test_no_step_touches_more_rows_than_it_may(store: Store) -> None:
    past = Past(store)
    past.told(91, events=25)

    steps = [step for step in sweep(store, limit=10) if step.rule == "deliveries"]

    assert [(step.looked_at, step.removed, step.over) for step in steps] == [
        (10, 10, False),
        (10, 10, False),
        (5, 5, True),
    ]


def test_every_account_comes_round(store: Store) -> None:
    for number in range(7):
        Past(store, f"account {number}").told(91 if number % 3 == 0 else 1, events=3)

    sweep(store, limit=2)

    assert count(store, tables.delivery) == 4 * 3


def test_rows_that_stay_are_passed_by(store: Store) -> None:
    past = Past(store)
    past.told(95, events=7, status="waiting")
    past.told(91, events=3)

    sweep(store, limit=2)

    assert count(store, tables.delivery) == 7


def test_a_step_that_was_cut_off_is_taken_again(store: Store) -> None:
    past = Past(store)
    past.told(91, events=6)
    one_step(store, limit=2)
    with pytest.raises(ZeroDivisionError):
        cut_off_step(store)
    cut_off = count(store, tables.delivery)

    sweep(store, limit=2)

    assert (cut_off, count(store, tables.delivery)) == (4, 0)


def test_a_table_is_gone_through_once_an_hour(store: Store) -> None:
    sweep(store)
    Past(store).told(90.5)
    Past(store, "another").told(90)

    at_once, soon = sweep(store), sweep(store, now=NOW + HOUR - SECOND)
    later = sweep(store, now=NOW + HOUR)

    assert (at_once, soon) == ([], [])
    assert sum(step.removed for step in later) == 2


def test_how_far_it_has_come_is_known(store: Store) -> None:
    Past(store).told(91, events=3)
    one_step(store, limit=2)

    half = {one.rule: one.complete_at for one in sweeps(store)}
    sweep(store, limit=2)
    whole = {one.rule: (one.complete_at, one.removed, one.keeps_days) for one in sweeps(store)}

    assert half["deliveries"] is None
    assert whole["deliveries"] == (NOW, 3, 90.0)
    assert whole["attempts"] == (None, 0, None)


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_no_rule_reads_a_table_of_many_rows_from_end_to_end(store: Store, rule: Rule) -> None:
    """Asked of SQLite: PostgreSQL plans by how much there is, and here is nothing."""
    few = (account_tables.session, account_tables.login_link, tables.token, tables.endpoint_hour)
    with store.open_work() as work:
        listening = Listening(work.retention(Settings())._transaction)
        if listening.postgresql or rule.table in few:
            return
        settings = Settings(keep_attempts_days=30, keep_invoices_days=FEWEST_INVOICE_DAYS)
        retention = SqlRetention(listening, settings, [rule])
        an_account(work)
        retention.step(now=NOW, limit=10)
        plans = [plan for plan in listening.plans() if rule.table.name in plan]

    assert plans
    for plan in plans:
        assert f"SEARCH {rule.table.name} USING" in plan
        assert f"SCAN {rule.table.name}" not in plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan


class Listening:
    """A transaction that remembers what it was asked to read."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._asked: list[str] = []
        self.postgresql = transaction.postgresql
        self.locked, self.write, self.take_turn = transaction.locked, transaction.write, transaction.take_turn
        self.run, self.run_each = transaction.run, transaction.run_each
        self.look_up, self.take = transaction.look_up, transaction.take

    def read(self, statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        assert isinstance(statement, Select)
        spelt_out = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        self._asked.append(str(spelt_out))
        return self._transaction.read(statement, values)

    def plans(self) -> list[str]:
        explained = [self._transaction.read(text(f"EXPLAIN QUERY PLAN {one}")) for one in self._asked]
        return ["; ".join(row.detail for row in rows) for rows in explained]


def cut_off_step(store: Store) -> None:
    with store.open_work() as work:
        work.retention(Settings()).step(now=NOW, limit=2)
        raise ZeroDivisionError


def an_issued_invoice(shop: Shop) -> Invoice:
    invoice = shop.order()
    shop.issue(invoice)
    shop.draw(invoice)
    return shop.kept(invoice)


def left_files(store: Store) -> list[Digest]:
    with store.open_work() as work:
        return work.books.invoices.left_files(limit=100)


# ── what is there ────────────────────────────────────────────────────────────


def sweeps(store: Store) -> list[Sweep]:
    with store.open_work() as work:
        return work.retention(Settings()).sweeps()


def user(work: SqlWork, past: Past) -> UserId:
    one = User(
        id=UserId(new_uuid()),
        account_id=past.account_id,
        email="ana@example.com",
        name="Ana",
        password=None,
        created_at=NOW,
    )
    work.accounts.add_user(one)
    return one.id


def ago(days: float) -> int:
    return micros(NOW - days * DAY)


def a_mail(past: Past, envelope_id: str) -> dict[str, object]:
    return {
        "id": new_uuid(),
        "account_id": past.account_id,
        "envelope_id": envelope_id,
        "recipient": "bruno@example.com",
        "subject": "Contrato",
        "sealed_body": b"x",
        "kind": "invitation",
        "at": ago(401),
        "outcome": "sent",
        "detail": "",
    }


def a_job(status: str, days: float) -> dict[str, object]:
    over = status in ("done", "given_up")
    return {
        "id": new_uuid(),
        "kind": "quick",
        "key": new_uuid(),
        "fingerprint": "0" * 64,
        "payload": {},
        "status": status,
        "created_at": ago(days),
        "due_at": ago(days),
        "settled_at": ago(days) if over else None,
    }


def an_answer(past: Past, key: str, days: float) -> dict[str, object]:
    return {
        "account_id": past.account_id,
        "key": key,
        "request_digest": "0" * 64,
        "status": 201,
        "sealed_body": b"x",
        "created_at": ago(days),
    }


def a_replay(past: Past, status: str, days: float) -> dict[str, object]:
    return {
        "id": new_uuid(),
        "account_id": past.account_id,
        "fingerprint": new_uuid(),
        "wanted": {},
        "asked_by": "user:ana",
        "status": status,
        "events": 0,
        "deliveries": 0,
        "hurried": 0,
        "created_at": ago(days),
    }


def a_link(user_id: UserId, days: float) -> dict[str, object]:
    return {"digest": new_uuid(), "user_id": user_id, "expires_at": ago(days)}


def a_session(user_id: UserId, days: float, *, seen_days_ago: float = 2) -> dict[str, object]:
    return {
        "digest": new_uuid(),
        "user_id": user_id,
        "created_at": ago(days),
        "seen_at": ago(seen_days_ago),
    }
