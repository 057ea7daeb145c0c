"""What is few among very many is found without reading those, also before PostgreSQL has analysed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

import pytest
from sqlalchemy import text

from lacre.kit.ids import AccountId
from lacre.signing.envelope import EnvelopeStatus
from lacre.signing.repositories import EnvelopeFilter
from lacre.store.opening import Store
from lacre.store.work import SqlWork
from lacre.webhooks.filters import DeliveryFilter
from tests.store.test_deliveries import endpoint, owe
from tests.support.database import PostgresServer
from tests.support.kept import an_account, an_envelope, open_store

Found = TypeVar("Found")
OTHERS = 3_000
OWN = 5
_MORE = (
    """
    INSERT INTO envelope (id, account_id, number, status, title, search, folder, external_id,
        created_at, updated_at, state)
    SELECT 'envelope ' || n, account_id, number + n, 'completed', title, search, folder, 'A-' || n,
        created_at + n, updated_at, state
    FROM envelope CROSS JOIN generate_series(1, :others) AS numbers(n)
    """,
    """
    INSERT INTO signer (id, envelope_id, account_id, email, link_digest)
    SELECT 'signer ' || n, 'envelope ' || n, account_id, 'davi@example.com', 'link ' || n
    FROM signer CROSS JOIN generate_series(1, :others) AS numbers(n)
    """,
    """
    INSERT INTO event (id, account_id, type, subject_id, at, position, place, facts)
    SELECT 'event ' || n, account_id, type, 'envelope ' || n, at + n, position, place + n, facts
    FROM (SELECT * FROM event LIMIT 1) AS one CROSS JOIN generate_series(1, :others) AS numbers(n)
    """,
    """
    INSERT INTO delivery (id, account_id, event_id, endpoint_id, status, created_at, due_at)
    SELECT 'delivery ' || n, account_id, 'event ' || n, endpoint_id, 'waiting', created_at + n, due_at
    FROM (SELECT * FROM delivery LIMIT 1) AS one CROSS JOIN generate_series(1, :others) AS numbers(n)
    """,
)
_READ = text("SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[Store]:
    url = postgres_server.create(template="lacre_template")
    with closing(open_store(url, tmp_path_factory.mktemp("crowded"))) as store:
        yield store


@pytest.fixture(scope="module")
def owner(crowded: Store) -> AccountId:
    """Of thousands of envelopes; the first is a draft without an id of its sender's, and Bruno's alone."""
    with crowded.open_work() as work:
        account_id = an_account(work)
        kept = an_envelope(account_id, signers=1)
        kept.status = EnvelopeStatus.DRAFT
        work.envelopes.add(kept)
    to = endpoint(crowded, account_id)
    for subject in (kept.id, *map(str, range(19))):
        for _ in range(OWN):
            owe(crowded, to, 1, subject_id=subject)
    with crowded.open_work() as work:
        # when each of few envelopes had a share of all events: as if it had still
        work.envelopes._transaction.write(text("ANALYZE event"))
        for statement in _MORE:
            work.envelopes._transaction.write(text(statement), {"others": OTHERS})
    return account_id


@pytest.mark.parametrize(
    ("which", "found"),
    [
        (EnvelopeFilter(external_id="A-7"), 1),
        (EnvelopeFilter(external_id="A-0"), 0),
        (EnvelopeFilter(signer_email="bruno@example.com"), 1),
        (EnvelopeFilter(statuses=(EnvelopeStatus.DRAFT,)), 1),
        (EnvelopeFilter(statuses=(EnvelopeStatus.REFUSED,)), 0),
    ],
)
def test_few_envelopes_are_found_without_the_others(
    crowded: Store, owner: AccountId, which: EnvelopeFilter, found: int
) -> None:
    listed, read = reading(crowded, lambda work: work.envelopes.listed(owner, which, limit=9))

    assert len(listed) == found
    assert read < OTHERS / 100


def test_what_somebody_signed_who_signs_everything_is_met_in_the_list(
    crowded: Store, owner: AccountId
) -> None:
    davi = EnvelopeFilter(signer_email="davi@example.com")

    with crowded.open_work() as work:
        page = work.envelopes.find(owner, davi, offset=0, limit=2)

    assert (len(page.items), page.total) == (2, OTHERS)


def test_deliveries_of_one_envelope_are_found_without_the_others(crowded: Store, owner: AccountId) -> None:
    (draft,) = envelopes(crowded, owner, EnvelopeFilter(statuses=(EnvelopeStatus.DRAFT,)))
    which = DeliveryFilter(subject_id=draft)

    listed, read = reading(crowded, lambda work: work.deliveries.search(owner, which, limit=9))
    counted, read_to_count = reading(crowded, lambda work: work.deliveries.count(owner, which, most=9))

    assert (len(listed), counted) == (OWN, OWN)
    assert max(read, read_to_count) < OTHERS / 100


def envelopes(store: Store, owner: AccountId, which: EnvelopeFilter) -> list[str]:
    with store.open_work() as work:
        return [one.id for one in work.envelopes.listed(owner, which, limit=9)]


def reading(store: Store, ask: Callable[[SqlWork], Found]) -> tuple[Found, int]:
    """And how many rows of all tables were read for it."""
    with store.open_work() as work:
        before = _rows_read(work)
        found = ask(work)
        return found, _rows_read(work) - before


def _rows_read(work: SqlWork) -> int:
    return int(work.envelopes._transaction.read(_READ).scalar_one())
