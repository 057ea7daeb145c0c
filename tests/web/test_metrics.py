"""What Prometheus is told, and that what we hand to operators asks for nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from lacre.services import Services
from lacre.web.metrics import FRESH, Metrics
from tests.support.house import House
from tests.support.kept import SettableClock
from tests.support.working import eventually

OPERATE = Path(__file__).parents[2] / "docs" / "operate"
NOT_FOUND = b'lacre_requests_total{status="4xx"} '
SUFFIX = re.compile(r"_(bucket|count|sum)$")


def test_what_waits_and_what_was_done_is_measured(client: httpx2.Client) -> None:
    measures = client.get("/metrics")

    assert measures.headers["content-type"].startswith("text/plain; version=0.0.4")
    for name in ("lacre_workers", "lacre_deliveries_due", "lacre_jobs_due"):
        assert f"# TYPE {name} gauge" in measures.text
    assert "# TYPE lacre_attempts_total counter" in measures.text
    assert "# TYPE lacre_first_attempt_seconds histogram" in measures.text


def test_requests_are_counted(house: House) -> None:
    with httpx2.Client(base_url=house.url, trust_env=False, timeout=120) as client:
        client.get("/nothing-here")

    eventually(lambda: NOT_FOUND in bytes(metrics(house.services).body))


def test_nothing_in_it_names_an_account_or_an_endpoint(client: httpx2.Client) -> None:
    labels = set(re.findall(r"[{,](\w+)=", client.get("/metrics").text))

    ours = {"class", "status", "rule", "kind", "outcome", "result", "reason", "type", "of", "le"}
    assert labels <= ours | {"generation"}


@pytest.mark.parametrize(
    ("said", "status"),
    [("", 401), ("Bearer wrong", 401), ("muito-secreto", 401), ("Bearer muito-secreto", 200)],
)
def test_with_a_token_only_who_says_it_sees_them(house: House, said: str, status: int) -> None:
    settings = house.services.settings.model_copy(update={"metrics_token": SecretStr("muito-secreto")})

    assert metrics(replace(house.services, settings=settings), said).status_code == status


def test_whoever_asks_often_is_told_the_same_for_a_moment(house: House) -> None:
    clock = SettableClock()
    shown = Metrics(replace(house.services, clock=clock))
    first = shown.shown(asking()).body
    house.services.measures.gone(1)

    again = shown.shown(asking()).body
    clock.at += FRESH
    later = shown.shown(asking()).body

    assert again == first
    assert later != first


@pytest.mark.parametrize("file", ["dashboard.json", "alerts.yml"])
def test_what_operators_import_asks_for_metrics_that_exist(client: httpx2.Client, file: str) -> None:
    known = set(re.findall(r"^# TYPE (\w+)", client.get("/metrics").text, re.MULTILINE))
    asked = set(re.findall(r"\b(?:lacre|process)_\w+", (OPERATE / file).read_text()))

    assert len(asked) > 8
    assert {one for one in asked if one not in known and SUFFIX.sub("", one) not in known} == set()


def test_every_measure_of_ours_is_on_the_dashboard(client: httpx2.Client) -> None:
    known = set(re.findall(r"^# TYPE (lacre_\w+)", client.get("/metrics").text, re.MULTILINE))
    shown = (OPERATE / "dashboard.json").read_text()

    assert {one for one in known if one not in shown} == set()


def test_every_panel_asks_for_something_and_stands_in_its_own_place() -> None:
    panels = json.loads((OPERATE / "dashboard.json").read_text())["panels"]

    places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in panels]
    assert len(set(places)) == len(panels) == len({one["id"] for one in panels})
    assert all(target["expr"] for one in panels for target in one["targets"])


def metrics(services: Services, authorization: str = "") -> Response:
    return Metrics(services).shown(asking(authorization))


def asking(authorization: str = "") -> Request:
    return Request({"type": "http", "headers": [(b"authorization", authorization.encode())]})
