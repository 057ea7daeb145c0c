"""The OpenAPI document of the dialect: published, whole, and made from the routes."""

from __future__ import annotations

import inspect
import json

import pytest

from lacre.dialects.arqsign.routes import PATHS
from lacre.dialects.arqsign.routes.reference import BODIES, PATH, path_of
from tests.support.arqsign_desk import ArqDesk

OPERATIONS = [
    pytest.param(path, verb, one, id=f"{verb} {path}")
    for path, verbs in PATHS.items()
    for verb, one in verbs.items()
]


def test_it_is_published_and_names_every_call(desk: ArqDesk) -> None:
    answer = desk.client.get(PATH, headers={"AppKey": "", "SubscriptionKey": ""})

    said = answer.json()
    theirs = {
        (path_of(path, one), verb.lower()) for path, verbs in PATHS.items() for verb, one in verbs.items()
    }
    assert answer.status_code == 200
    assert {(path, verb) for path, verbs in said["paths"].items() for verb in verbs} == theirs
    assert "$defs" not in json.dumps(said)


@pytest.mark.parametrize(("path", "verb", "handler"), OPERATIONS)
def test_what_a_call_reads_is_said(path: str, verb: str, handler: object) -> None:  # noqa: ARG001
    source = inspect.getsource(handler)  # type: ignore[arg-type]

    assert ("call.read(" not in source) or handler in BODIES
