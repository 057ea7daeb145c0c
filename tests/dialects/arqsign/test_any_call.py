"""Whatever the dialect's OpenAPI document lets a machine think of is answered, and nothing breaks the server.

A few tries of each call by default, hundreds with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import pytest
import schemathesis

from lacre.dialects.arqsign.routes import PATHS
from lacre.dialects.arqsign.routes.reference import document_of, path_of
from tests.dialects.arqsign.test_webhooks_api import create
from tests.support.any_call import Office, every_call_is_answered
from tests.support.arqsign_desk import arq_desk
from tests.support.zapsign_desk import Installation

SCHEMA = schemathesis.openapi.from_dict(document_of(PATHS, public_url="http://testserver"))
CALLS = [(path_of(path, one), verb) for path, verbs in PATHS.items() for verb, one in verbs.items()]


@pytest.fixture(scope="module")
def office(whole_run: Installation) -> Office:
    desk = arq_desk(whole_run)
    made = desk.send()
    known = {
        "process": made["idProcesso"],
        "file": made["documentos"][0]["id"],
        "webhook": create(desk)["id"],
    }
    return Office(desk, {"AppKey": desk.token, "SubscriptionKey": desk.second}, known)


@pytest.mark.parametrize(("path", "verb"), CALLS, ids=[f"{verb} {path}" for path, verb in CALLS])
def test_any_call_is_answered(office: Office, path: str, verb: str) -> None:
    every_call_is_answered(office, SCHEMA[path][verb])
