"""Our API as it describes itself: whole, valid, and the same shapes for what is answered and what is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from lacre.dialects.native import catalogue, words
from lacre.dialects.native.routes import PARTS, application
from tests.support.native_api import described
from tests.support.services import services_with


@pytest.fixture(scope="module")
def api() -> FastAPI:
    return application(services_with(public_url="https://lacre.test"))


def test_it_is_an_openapi_document() -> None:
    OpenAPI.model_validate(described())

    assert described()["openapi"] == "3.1.0"


def test_every_route_is_in_it() -> None:
    routes = {
        (one.path, method.lower())
        for part in PARTS
        for one in part.router.routes
        if isinstance(one, APIRoute)
        for method in one.methods or ()
    }

    written = {(path, method) for path, methods in described()["paths"].items() for method in methods}

    assert len(routes) > 80
    assert written == routes


def test_every_answer_has_a_shape() -> None:
    shapeless = [
        operation["operationId"]
        for methods in described()["paths"].values()
        for operation in methods.values()
        for status, said in operation["responses"].items()
        if status.startswith("2") and status != "204" and not _schema(said)
    ]

    assert shapeless == []


def test_every_shape_is_a_schema_and_every_reference_leads_to_one() -> None:
    shapes = described()["components"]["schemas"]

    for shape in shapes.values():
        jsonschema_rs.meta.validate(shape)
    named = {str(said["$ref"]).rpartition("/")[2] for said in _objects(described()) if "$ref" in said}
    assert named == set(shapes)


def test_every_default_can_be_said() -> None:
    for said in _objects(described()["components"]["schemas"]):
        if "default" in said:
            whole = {**said, "components": described()["components"]}
            assert jsonschema_rs.is_valid(whole, said["default"]), said


def test_every_webhook_is_in_it() -> None:
    assert set(described()["webhooks"]) == {*words.EVENTS, words.TEST}
    for name, said in described()["webhooks"].items():
        body = _schema(said["post"]["requestBody"])
        assert body["properties"]["type"]["const"] == name
        assert body["properties"]["data"]["$ref"].startswith("#/components/schemas/Told")


def test_what_is_told_has_the_shapes_of_what_is_answered(api: FastAPI) -> None:
    """Two descriptions of one shape would be one too many."""
    answered = get_openapi(title="", version="", routes=api.routes)["components"]["schemas"]

    differing = [
        name for name, said in catalogue.components().items() if name in answered and answered[name] != said
    ]

    assert differing == []


def _schema(said: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    kinds = [*said.get("content", {}).values()]
    return kinds[0]["schema"] if kinds else None


def _objects(said: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(said, Mapping):
        yield said
        for value in said.values():
            yield from _objects(value)
    elif isinstance(said, list):
        for value in said:
            yield from _objects(value)
