"""Answers with what changes from run to run replaced by names, so that they can be compared with a file."""

from __future__ import annotations

import re
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_QUERY = re.compile(r"expires=\d+&key=\d+&signature=[\w-]+")


class Names:
    """The same thing has the same name throughout one story."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def settle(self, said: Any) -> Any:  # noqa: ANN401 - JSON
        """Tokens become `uuid-1`, `uuid-2` …; instants and the proofs of links become words."""
        if isinstance(said, dict):
            return {name: self.settle(value) for name, value in said.items()}
        if isinstance(said, list):
            return [self.settle(one) for one in said]
        return self._settle_text(said) if isinstance(said, str) else said

    def _settle_text(self, text: str) -> str:
        without_query = _QUERY.sub("proof", text)
        without_tokens = _UUID.sub(self._name, without_query)
        return _INSTANT.sub("instant", without_tokens)

    def _name(self, found: re.Match[str]) -> str:
        return self._known.setdefault(found.group(), f"uuid-{len(self._known) + 1}")
