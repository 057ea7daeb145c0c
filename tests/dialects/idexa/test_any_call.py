"""Whatever the dialect's OpenAPI document lets a machine think of is answered, and nothing breaks the server.

A few tries of each call by default, hundreds with `LACRE_LONG_FAULTS=1`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lacre.dialects.idexa.door import PREFIX
from lacre.dialects.idexa.routes import PATHS
from lacre.dialects.idexa.routes.reference import document_of
from tests.dialects.idexa.test_webhooks_api import WHOLE
from tests.support.idexa_desk import PDF, Desk, Installation

EXAMPLES = 300 if os.environ.get("LACRE_LONG_FAULTS") else 6
SCHEMA = schemathesis.openapi.from_dict(document_of(PATHS, public_url="http://testserver"))
CALLS = [(start + path, verb) for path, verbs in PATHS.items() for verb in verbs for start in (PREFIX, "")]
TRIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(10**40), st.text(max_size=30),
    st.sampled_from(["", "http://a.test/:id", ":id", "\0", "é" * 3000, "GET", "a.b.c"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)  # fmt: skip


@pytest.fixture(scope="module")
def office(whole_run: Installation) -> tuple[Desk, dict[str, str]]:
    """An account with a document: half of the calls are about that, the others about nothing."""
    desk = whole_run.desk()
    return desk, {"document": desk.upload()["id"], "webhook": "x"}


@pytest.mark.parametrize(("path", "verb"), CALLS, ids=[f"{verb} {path}" for path, verb in CALLS])
def test_any_call_is_answered(office: tuple[Desk, dict[str, str]], path: str, verb: str) -> None:
    operation = SCHEMA[path][verb]

    @TRIES
    @given(case=operation.as_strategy(), about_it=st.booleans())
    def is_answered(case: Any, about_it: bool) -> None:  # noqa: ANN401 - schemathesis's
        assert answer(office, case, about_it=about_it) < 500

    is_answered()


@settings(TRIES, max_examples=EXAMPLES * 10)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(WHOLE, ODD)))
def test_any_webhook_is_taken_or_refused(office: tuple[Desk, dict[str, str]], said: dict[str, Any]) -> None:
    assert office[0].client.post("/document_webhooks", json={**WHOLE, **said}).status_code < 500


@settings(TRIES, max_examples=EXAMPLES * 5)
@given(st.fixed_dictionaries({"type": st.text(max_size=12), "pages": st.text(max_size=12)}))
def test_any_form_is_taken_or_refused(office: tuple[Desk, dict[str, str]], said: dict[str, str]) -> None:
    answer = office[0].client.post("/documents/upload", data=said, files={"files": PDF})

    assert answer.status_code < 500


def answer(office: tuple[Desk, dict[str, str]], case: Any, *, about_it: bool) -> int:  # noqa: ANN401
    desk, known = office
    if about_it:
        case.path_parameters = {name: known.get(name, "x") for name in case.path_parameters or {}}
    asked = case.as_transport_kwargs(base_url="http://testserver")
    said = dict(asked.get("headers") or {})
    types = {name: str(value) for name, value in said.items() if str(name).lower() == "content-type"}
    asked["headers"] = {"IDEXA-API-KEY": desk.key} | types
    asked.pop("cookies", None)
    if asked.get("files"):
        asked["files"] = [(name, ("x.pdf", repr(value).encode())) for name, value in asked["files"]]
    if isinstance(asked.get("data"), bytes):
        asked["content"] = asked.pop("data")
    return desk.client.request(**asked).status_code
