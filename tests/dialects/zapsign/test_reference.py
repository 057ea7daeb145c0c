"""The OpenAPI document of the dialect: published, whole, and made from the routes."""

from __future__ import annotations

import inspect
import json

import pytest

from lacre.dialects.zapsign.door import Open
from lacre.dialects.zapsign.routes import PATHS
from lacre.dialects.zapsign.routes.reference import BODIES, PATH
from tests.support.zapsign_desk import Desk

OPERATIONS = [
    pytest.param(one.handler if isinstance(one, Open) else one, id=f"{verb} {path}")
    for path, verbs in PATHS.items()
    for verb, one in verbs.items()
]


def test_it_is_published_and_names_every_call(desk: Desk) -> None:
    answer = desk.client.get(PATH, headers={"Authorization": ""})

    said = answer.json()
    assert answer.status_code == 200
    assert {f"{path}/" for path in PATHS} <= set(said["paths"])
    assert "$defs" not in json.dumps(said)


@pytest.mark.parametrize("handler", OPERATIONS)
def test_what_a_call_reads_is_said(handler: object) -> None:
    source = inspect.getsource(handler)  # type: ignore[arg-type]

    assert ("call.read(" not in source) or handler in BODIES
