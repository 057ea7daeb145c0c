"""Any JSON at any address that takes some: understood or refused, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacre.bootstrap import Installation
from lacre.dialects.native.routes import PATH as NATIVE
from lacre.dialects.native.wire.envelopes import NewEnvelope
from lacre.dialects.zapsign import wire
from lacre.services import Uncounted
from tests.security.tenants import PDF_TEXT, Tenant, native_addresses, zapsign_addresses
from tests.support.house import House

TRIES = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
WRITING = ("POST", "PUT", "PATCH", "DELETE")
# halves of pairs too, which JSON can spell and nothing can hold
SIGNS = st.characters(exclude_categories=())
WORDS = st.one_of(
    st.text(SIGNS, max_size=20),
    st.sampled_from(["", "2027-01-01", "x@y.test", "https://a.test/", "0", PDF_TEXT, "\x00", "\ud800"]),
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([10**400, -(10**30), 1e308, 2**63, 0.1]))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS)
KEYS = sorted(
    {
        name
        for kind in vars(wire).values()
        if isinstance(kind, type) and issubclass(kind, wire.Said)
        for name in kind.model_fields
    }
    | set(NewEnvelope.model_fields)
    | {"url", "types", "secret", "name", "options", "fields", "anchor", "text", "reason", "base64"}
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYS) | WORDS, inner, max_size=6),
    ),
    max_leaves=20,
)
BODIES = st.one_of(
    ANYTHING.map(lambda said: json.dumps(said).encode()),
    st.binary(max_size=60),
    st.sampled_from([b"[" * 50_000, b'{"a":' * 20_000, b"1e999999", b"-" + b"9" * 5_000, b"\xff\xfe{}"]),
)


def addresses() -> list[tuple[str, str]]:
    return [one for one in (*zapsign_addresses(), *native_addresses()) if one[0] in WRITING]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Where nobody counts who comes how often: what is turned away is not understood."""
    with House(tmp_path_factory.mktemp("any_json"), furnish=_unhurried) as opened:
        yield opened


@pytest.fixture(scope="module")
def ana(house: House) -> Tenant:
    tenant = Tenant(house, house.installation.app)
    tenant.settle()
    return tenant


@pytest.mark.parametrize(("method", "path"), addresses())
@TRIES
@given(body=BODIES)
def test_any_json_is_understood_or_refused(ana: Tenant, method: str, path: str, body: bytes) -> None:
    answer = _asked(ana, method, path.format(**ana.things), body)

    # theirs breaks on it, and their own SDK's tests want it so
    if (path, body.strip()) != ("/api/v1/signers/{signer}", b"null"):
        assert answer.status_code < 500, answer.text
    answer.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/docs/", f"{NATIVE}/envelopes"])
def test_a_body_of_megabytes_without_a_file_is_refused(ana: Tenant, path: str) -> None:
    """Each small thing in it would take many times its size once it is read."""
    body = b'{"signers":[' + b'{"name":"a"},' * 800_000 + b'{"name":"a"}]}'

    assert _asked(ana, "POST", path, body).status_code == 413


def _unhurried(opened: Installation) -> Installation:
    return replace(opened, services=replace(opened.services, turnstile=Uncounted()))


def _asked(ana: Tenant, method: str, path: str, body: bytes) -> Any:  # noqa: ANN401 - an answer
    key = ana.keys["native" if path.startswith(NATIVE) else "zapsign"]
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    return ana.client.request(method, path, content=body, headers=headers)
