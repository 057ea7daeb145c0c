"""What is asked while the database is away, or there is no room."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lacre.dialects.native.routes import routes
from lacre.kit.outage import Outage
from lacre.web.app import build
from tests.support.services import services_with
from tests.support.settings import settings_in


class Raising:
    """A store of which nothing can be had."""

    def __init__(self, problem: Exception) -> None:
        self._problem = problem

    @contextmanager
    def __call__(self) -> Iterator[None]:
        raise self._problem
        yield


def client(problem: Exception) -> TestClient:
    services = services_with(
        open_work=Raising(problem), public_url="https://lacre.test", settings=settings_in(Path("nowhere"))
    )
    app = build(services, {}, routes(services))
    return TestClient(app, raise_server_exceptions=False, headers={"Authorization": "Bearer lacre_key"})


PATHS = ("/verify/0a0b0c0d-0000-4000-8000-00000000f15c", "/api/lacre/v1/envelopes")
AWAY = Outage("OperationalError: the server is gone")
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("problem", [AWAY, FULL])
def test_whoever_asks_is_told_to_come_back(path: str, problem: Exception) -> None:
    answer = client(problem).get(path)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["code"] == "unavailable"


@pytest.mark.parametrize("path", PATHS)
def test_a_file_that_is_missing_is_a_bug_of_ours(path: str) -> None:
    answer = client(FileNotFoundError(errno.ENOENT, "No such file")).get(path)

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")


def test_people_see_a_page() -> None:
    answer = client(AWAY).get(PATHS[0], headers={"accept": "text/html"})

    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")


def test_a_process_without_its_database_lives_and_is_not_ready() -> None:
    asked = client(AWAY)

    assert asked.get("/healthz").status_code == 200
    assert (asked.get("/readyz").status_code, asked.get("/readyz").json()) == (503, {"database": "away"})
