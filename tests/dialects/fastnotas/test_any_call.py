"""Whatever the dialect's OpenAPI document lets a machine think of is answered, and nothing breaks the server.

A few tries of each call by default, hundreds with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lacre.dialects.fastnotas.routes import PATHS
from lacre.dialects.fastnotas.routes.reference import BODIES, LISTS, document_of
from tests.support.fastnotas_desk import FiscalDesk, Installation, basic

EXAMPLES = 300 if os.environ.get("LACRE_LONG_FAULTS") else 3
SCHEMA = schemathesis.openapi.from_dict(document_of(PATHS, public_url="http://testserver"))
CALLS = [(path, verb) for path, verbs in PATHS.items() for verb in verbs]
TRIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Firm:
    """An account with an issued document: half of the calls are about that, the others about nothing."""

    desk: FiscalDesk
    known: dict[str, str]

    def answer(self, case: Any, *, about_it: bool) -> int:  # noqa: ANN401 - schemathesis's
        if about_it and "id" in (case.path_parameters or {}):
            case.path_parameters = {"id": self._named(case.path)}
        asked = case.as_transport_kwargs(base_url="http://testserver")
        asked["headers"] = {"Authorization": basic(self.desk.key)} | _plain(asked.get("headers"))
        asked.pop("cookies", None)
        if asked.get("files"):
            asked["files"] = [(name, ("x.pfx", repr(value).encode())) for name, value in asked["files"]]
        if isinstance(asked.get("data"), bytes):
            asked["content"] = asked.pop("data")
        self.desk.installation.clock.push(minutes=1)
        return self.desk.client.request(**asked).status_code

    def _named(self, path: str) -> str:
        return self.known.get(path.split("/")[2], "x")


@pytest.fixture(scope="module")
def firm(whole_run: Installation) -> Firm:
    shop = whole_run.desk().shop()
    issued = shop.issued()
    last = issued["last_operation"]
    known = {
        "companies": shop.company["id"],
        "customers": shop.customer["id"],
        "document_schemas": shop.schema["id"],
        "items": shop.item["id"],
        "documents": issued["id"],
        "operations": last["id"],
        "transactions": last["last_transaction"]["id"],
        "assets": shop.desk.call("GET", f"documents/{issued['id']}/assets")[0]["id"],
    }
    return Firm(shop.desk, known)


def _plain(headers: Any) -> dict[str, str]:  # noqa: ANN401 - schemathesis's
    """Of those that it thinks of, the ones that a client could send at all."""
    said = dict(headers or {})
    return {str(name): str(value) for name, value in said.items() if str(name).lower() == "content-type"}


def test_every_call_that_reads_a_body_or_lists_is_described_so() -> None:
    handlers = {one for verbs in PATHS.values() for one in verbs.values()}

    assert BODIES.keys() | LISTS <= handlers
    assert {one for verbs in PATHS.values() for verb, one in verbs.items() if verb in ("POST", "PUT")} <= (
        BODIES.keys()
    )


@pytest.mark.parametrize(("path", "verb"), CALLS, ids=[f"{verb} {path}" for path, verb in CALLS])
def test_any_call_is_answered(firm: Firm, path: str, verb: str) -> None:
    operation = SCHEMA[path][verb]

    @TRIES
    @given(case=operation.as_strategy(), about_it=st.booleans())
    def is_answered(case: Any, about_it: bool) -> None:  # noqa: ANN401 - schemathesis's
        assert firm.answer(case, about_it=about_it) < 500

    is_answered()
