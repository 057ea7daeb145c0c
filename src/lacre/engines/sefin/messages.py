"""What the published rules say when they are broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def message(code: str, about: str = "") -> str:
    return _messages().get(code, "Rejeição ensaiada.").format(about)


@cache
def _messages() -> Mapping[str, str]:
    found: dict[str, str] = json.loads((files("lacre.engines.sefin") / "messages.json").read_text("utf-8"))
    return found
