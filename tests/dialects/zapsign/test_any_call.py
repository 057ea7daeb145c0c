"""Whatever the dialect's OpenAPI document lets a machine think of is answered, and nothing breaks the server.

A few tries of each call by default, hundreds with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import pytest
import schemathesis

from lacre.dialects.zapsign.routes import PATHS
from lacre.dialects.zapsign.routes.reference import document_of
from tests.support.any_call import Office, every_call_is_answered
from tests.support.zapsign_desk import Installation

SCHEMA = schemathesis.openapi.from_dict(document_of(PATHS, public_url="http://testserver"))
CALLS = [(path, verb) for path, verbs in PATHS.items() for verb in verbs]


@pytest.fixture(scope="module")
def office(whole_run: Installation) -> Office:
    desk = whole_run.desk()
    made = desk.create()
    known = {"doc": made["token"], "signer": made["signers"][0]["token"], "email": "ninguem@x.test"}
    return Office(desk, {"Authorization": f"Bearer {desk.token}"}, known)


@pytest.mark.parametrize(("path", "verb"), CALLS, ids=[f"{verb} {path}" for path, verb in CALLS])
def test_any_call_is_answered(office: Office, path: str, verb: str) -> None:
    every_call_is_answered(office, SCHEMA[f"{path}/"][verb])
