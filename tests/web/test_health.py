"""What machines ask of a running server."""

from __future__ import annotations

import httpx2


def test_a_live_process_says_ok(client: httpx2.Client) -> None:
    assert client.get("/healthz").text == "ok"


def test_readiness_names_the_workers(client: httpx2.Client) -> None:
    said = client.get("/readyz")

    assert said.status_code == (200 if said.json()["workers"] else 503)
