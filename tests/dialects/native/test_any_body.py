"""Whatever a client sends is answered with success or a problem, and never breaks the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.native_api import described
from tests.support.native_desk import DOCX_TEXT, PDF_TEXT, Desk

OPENAPI: Mapping[str, Any] = described()
SCHEMAS: Mapping[str, Any] = OPENAPI["components"]["schemas"]
TRIES = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**40, -1, 0, 2**31, 2**63]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.text(alphabet="é\u202e\U0001f600ß%_\\\x00\n", max_size=300),
    st.sampled_from(
        [
            "",
            "true",
            "0001-01-01",
            "9999-12-31",
            "9999-12-31T23:59:59-23:59",
            "2027-01-01",
            "1e9",
            "x@y.test",
            "/",
            "http://a.test",
            "javascript:alert(1)",
            "https://[::1",
            "env_" + "0" * 32,
            "whsec_",
            "Assinatura:",
        ]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


def of(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that nearly fit a schema."""
    if "$ref" in schema:
        return of_shape(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return st.one_of(*(of(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "array":
            return st.lists(of(schema["items"]), max_size=2)
        case "integer":
            return st.integers(min_value=-1, max_value=3)
        case "number":
            return st.floats(min_value=-1, max_value=120)
        case "boolean":
            return st.booleans()
        case "string":
            return st.text(min_size=1, max_size=20)
        case _:
            return ODD


def of_shape(name: str) -> st.SearchStrategy[Any]:
    said = SCHEMAS[name]
    if "properties" not in said:
        return of(said)
    required = set(said.get("required", ()))
    values = {one: of(schema) | ODD for one, schema in said["properties"].items()}
    if "base64" in values:
        values["base64"] = st.just(PDF_TEXT) | ODD
    return st.fixed_dictionaries(
        {one: value for one, value in values.items() if one in required},
        optional={one: value for one, value in values.items() if one not in required},
    )


def shape_of(body: Mapping[str, Any]) -> str:
    schema = body["content"]["application/json"]["schema"]
    named = schema.get("$ref") or next(one["$ref"] for one in schema["anyOf"] if "$ref" in one)
    return str(named.rpartition("/")[2])


def with_bodies() -> list[tuple[str, str, str]]:
    """Method, path and the body's shape of each operation that takes one."""
    return [
        (method.upper(), path, shape_of(said["requestBody"]))
        for path, methods in OPENAPI["paths"].items()
        for method, said in methods.items()
        if "requestBody" in said
    ]


def with_queries() -> list[tuple[str, list[str]]]:
    return [
        (path, [one["name"] for one in said["get"].get("parameters", ()) if one["in"] == "query"])
        for path, said in OPENAPI["paths"].items()
        if "get" in said and "{" not in path
    ]


def things(desk: Desk) -> dict[str, str]:
    """Those of the example before, unless it ended them."""
    pending = desk.call("GET", "envelopes", params={"status": "pending", "q": "Locação"})["data"]
    envelope = desk.call("GET", f"envelopes/{pending[0]['id']}") if pending else desk.create()
    endpoints = desk.call("GET", "endpoints")["data"] or [desk.subscribe()]
    signer_id = envelope["signers"][0]["id"]
    said = {"name": "Modelo", "base64": DOCX_TEXT}
    templates = desk.call("GET", "templates")["data"] or [desk.call("POST", "templates", said)]
    invoices = desk.call("GET", "invoices")["data"] or [desk.invoice()]
    scan = {"type": 1, "base64": PDF_TEXT}
    extractions = desk.call("GET", "extractions")["data"] or [desk.call("POST", "extractions", scan)]
    types = [one for one in desk.call("GET", "document-types")["data"] if one["number"] > 1000]
    kinds = types or [desk.call("POST", "document-types", {"name": "Meu", "fields": []})]
    return {
        "extraction_id": extractions[0]["id"],
        "field": "valor",
        "number": str(kinds[0]["number"]),
        "invoice_id": invoices[0]["id"],
        **desk.books(),
        "template_id": templates[0]["id"],
        "envelope_id": envelope["id"],
        "signer_id": signer_id,
        "endpoint_id": endpoints[0]["id"],
    }


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path", "shape"), with_bodies())
@TRIES
@given(data=st.data())
def test_any_body_is_understood_or_refused(
    desk: Desk, data: st.DataObject, method: str, path: str, shape: str
) -> None:
    ids = things(desk)

    answer = desk.ask(method, path[1:].format(**ids), data.draw(of_shape(shape) | ODD))

    assert answer.status_code < 300 or answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code < 500
    assert desk.call("GET", f"envelopes/{ids['envelope_id']}")


@pytest.mark.slow
@pytest.mark.parametrize(("path", "names"), with_queries())
@TRIES
@given(data=st.data())
def test_any_query_lists_or_is_refused(desk: Desk, data: st.DataObject, path: str, names: list[str]) -> None:
    some = st.dictionaries(st.sampled_from(names or ["x"]), st.text(max_size=30) | ODD.map(str), max_size=4)

    answer = desk.ask("GET", path[1:], params=data.draw(some))

    assert answer.status_code in (200, 404, 422)


@TRIES
@given(body=st.binary(max_size=300))
def test_any_bytes_are_refused(desk: Desk, body: bytes) -> None:
    answer = desk.ask("POST", "envelopes", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422)


@pytest.mark.slow
@TRIES
@given(body=st.binary(max_size=300))
def test_any_bytes_in_a_form_are_refused(desk: Desk, body: bytes) -> None:
    whole = b'--a\r\nContent-Disposition: form-data; name="json"\r\n\r\n' + body + b"\r\n--a--\r\n"

    answer = desk.ask(
        "POST", "envelopes", content=whole, headers={"Content-Type": "multipart/form-data; boundary=a"}
    )

    assert answer.status_code in (400, 422)
