"""What machines ask of a running server."""

from __future__ import annotations

import httpx2


def test_a_live_process_says_ok(client: httpx2.Client) -> None:
    assert client.get("/healthz").text == "ok"


def test_readiness_names_the_workers(client: httpx2.Client) -> None:
    said = client.get("/readyz")

    assert said.status_code == (200 if said.json()["workers"] else 503)


def test_what_waits_is_measured(client: httpx2.Client) -> None:
    measures = client.get("/metrics")

    assert measures.headers["content-type"].startswith("text/plain; version=0.0.4")
    for name in ("lacre_workers", "lacre_deliveries_due", "lacre_jobs_due"):
        assert f"# TYPE {name} gauge" in measures.text
