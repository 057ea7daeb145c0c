"""One story through our API on each database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.database import database_url, migrated_file, postgres_server
from tests.support.native_desk import Installation, a_contract

__all__ = ["database_url", "migrated_file", "postgres_server"]


@pytest.mark.slow
def test_an_envelope_is_sent_told_replayed_and_retried(database_url: str, tmp_path: Path) -> None:
    with Installation.open(tmp_path / "data", database_url) as installation:
        desk, stranger = installation.desk(), installation.desk()
        desk.subscribe()
        once = [desk.ask("POST", "envelopes", a_contract(), headers={"Idempotency-Key": "k"}) for _ in "ab"]
        made = once[0].json()
        desk.sign(made["id"], 0)
        desk.attempt(status=500)

        failed = desk.call("GET", "deliveries", params={"status": "discarded"})["data"]
        again = desk.call("POST", f"deliveries/{failed[0]['id']}/retry")
        desk.call("POST", f"envelopes/{made['id']}/reprocess", {"resend_webhooks": True})
        desk.attempt()

        assert once[0].content == once[1].content
        assert [one["event_type"] for one in failed] == [
            "signer.sealed",
            "signer.signed",
            "envelope.sent",
            "envelope.created",
        ]
        assert desk.call("GET", f"deliveries/{again['id']}")["status"] == "delivered"
        first = desk.call("GET", "deliveries", params={"limit": 5})
        rest = desk.call("GET", "deliveries", params={"cursor": first["next"]})
        # what was tried again waits already, and is not told twice by the reprocessing
        assert len({one["id"] for one in (*first["data"], *rest["data"])}) == 8
        assert desk.call("GET", f"envelopes/{made['id']}/audit")["intact"]
        assert stranger.call("GET", "envelopes")["data"] == []
