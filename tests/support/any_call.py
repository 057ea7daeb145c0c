"""Calls that a machine thinks of, from a dialect's OpenAPI document, and what is answered."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.zapsign_desk import Desk

EXAMPLES = 300 if os.environ.get("LACRE_LONG_FAULTS") else 6
_TRIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Office:
    """An account with a document: half of the calls are about that, the others about nothing."""

    desk: Desk
    keys: Mapping[str, str]
    """The headers that let its client in."""
    known: Mapping[str, str]
    """By the names that paths have for them."""

    def answer(self, case: Any, *, about_it: bool) -> int:  # noqa: ANN401 - schemathesis's
        if about_it:
            case.path_parameters = {name: self.known.get(name, "x") for name in case.path_parameters or {}}
        asked = case.as_transport_kwargs(base_url="http://testserver")
        asked["headers"] = {**self.keys, **_plain(asked.get("headers"))}
        asked.pop("cookies", None)
        if asked.get("files"):
            asked["files"] = [(name, ("x.pdf", repr(value).encode())) for name, value in asked["files"]]
        if isinstance(asked.get("data"), bytes):
            asked["content"] = asked.pop("data")
        self.desk.installation.clock.push(minutes=1)
        return self.desk.client.request(**asked).status_code


def every_call_is_answered(office: Office, operation: Any) -> None:  # noqa: ANN401 - schemathesis's
    """And nothing breaks the server; a queue that is full says so."""

    @_TRIES
    @given(case=operation.as_strategy(), about_it=st.booleans())
    def is_answered(case: Any, about_it: bool) -> None:  # noqa: ANN401 - schemathesis's
        status = office.answer(case, about_it=about_it)
        assert status < 500 or status == 503

    is_answered()


def _plain(headers: Any) -> dict[str, str]:  # noqa: ANN401 - schemathesis's
    """Of those that it thinks of, the ones that a client could send at all."""
    said = dict(headers or {})
    return {str(name): str(value) for name, value in said.items() if str(name).lower() == "content-type"}
