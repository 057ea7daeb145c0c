"""Killed at any moment, a process has lost nothing that it acknowledged, and left nothing half done."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from lacre.kit.ids import AccountId, EnvelopeId
from lacre.signing.audit import first_break
from lacre.signing.envelope import Envelope
from lacre.signing.repositories import EnvelopeFilter
from lacre.store.opening import Store
from lacre.store.work import SqlWork
from lacre.webhooks.filters import DeliveryFilter
from tests.support.kept import an_account, an_endpoint, open_store


@pytest.mark.slow
def test_what_was_acknowledged_is_there_and_whole(database_url: str, tmp_path: Path) -> None:
    account_id = prepare(database_url, tmp_path)

    acknowledged = [
        one for wait in (0.02, 0.09) for one in kill_after(wait, database_url, tmp_path, account_id)
    ]

    store = open_store(database_url, tmp_path / "data")
    with store.open_work() as work:
        kept = work.envelopes.find(account_id, EnvelopeFilter(), offset=0, limit=100_000).items
        assert set(acknowledged) <= {one.id for one in kept}
        assert all(b - a == 1 for a, b in pairwise(sorted(one.number for one in kept)))
        for envelope in kept:
            check_whole(work, store, envelope)
    store.close()


def prepare(url: str, tmp_path: Path) -> AccountId:
    store = open_store(url, tmp_path / "data")
    with store.open_work() as work:
        account_id = an_account(work)
        work.endpoints.add(an_endpoint(account_id))
    store.close()
    return account_id


def kill_after(seconds: float, url: str, tmp_path: Path, account_id: AccountId) -> list[EnvelopeId]:
    """What the process said it had done."""
    data_dir = str(tmp_path / "data")
    command = [sys.executable, "-m", "tests.support.acknowledging", url, data_dir, account_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(seconds)
        child.kill()
        said = first + child.stdout.read()
    return [EnvelopeId(line.strip()) for line in said.splitlines(keepends=True) if line.endswith("\n")]


def check_whole(work: SqlWork, store: Store, envelope: Envelope) -> None:
    entries, hashes = zip(*work.audit.entries(envelope.id), strict=True)
    told = work.events.of_subject(envelope.account_id, envelope.id)
    owed = work.deliveries.count(envelope.account_id, DeliveryFilter(subject_id=envelope.id), most=9)

    assert first_break(entries, hashes) is None
    assert [entry.what for entry in entries] == [one.event.type for one in told]
    assert owed == len(told) == 2
    assert store.files.size(envelope.documents[0].original) > 0
