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

from lacre.dialects.zapsign.routes import PATHS
from lacre.dialects.zapsign.routes.reference import document_of
from tests.support.zapsign_desk import Desk, Installation

EXAMPLES = 300 if os.environ.get("LACRE_LONG_FAULTS") else 6
SCHEMA = schemathesis.openapi.from_dict(document_of(PATHS, public_url="http://testserver"))
CALLS = [(path, verb) for path, verbs in PATHS.items() for verb in verbs]
TRIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Office:
    """An account with a document: half of the calls are about that, the others about nothing."""

    desk: Desk
    known: dict[str, str]

    def answer(self, case: Any, *, about_it: bool) -> int:  # noqa: ANN401 - schemathesis's
        if about_it:
            case.path_parameters = {name: self.known.get(name, "x") for name in case.path_parameters or {}}
        asked = case.as_transport_kwargs(base_url="http://testserver")
        asked["headers"] = {"Authorization": f"Bearer {self.desk.token}"} | _plain(asked.get("headers"))
        asked.pop("cookies", None)
        if asked.get("files"):
            asked["files"] = [(name, ("x.pdf", repr(value).encode())) for name, value in asked["files"]]
        if isinstance(asked.get("data"), bytes):
            asked["content"] = asked.pop("data")
        self.desk.installation.clock.push(minutes=1)
        return self.desk.client.request(**asked).status_code


@pytest.fixture(scope="module")
def office(installation: Installation) -> Office:
    desk = installation.desk()
    made = desk.create()
    known = {"doc": made["token"], "signer": made["signers"][0]["token"], "email": "ninguem@x.test"}
    return Office(desk, known)


def _plain(headers: Any) -> dict[str, str]:  # noqa: ANN401 - schemathesis's
    """Of those that it thinks of, the ones that a client could send at all."""
    said = dict(headers or {})
    return {str(name): str(value) for name, value in said.items() if str(name).lower() == "content-type"}


@pytest.mark.parametrize(("path", "verb"), CALLS, ids=[f"{verb} {path}" for path, verb in CALLS])
def test_any_call_is_answered(office: Office, path: str, verb: str) -> None:
    operation = SCHEMA[f"{path}/"][verb]

    @TRIES
    @given(case=operation.as_strategy(), about_it=st.booleans())
    def is_answered(case: Any, about_it: bool) -> None:  # noqa: ANN401 - schemathesis's
        status = office.answer(case, about_it=about_it)
        assert status < 500 or status == 503

    is_answered()
