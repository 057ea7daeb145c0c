"""A lease with variables in every place where there can be one, and what is said about documents of it."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from tests.support.docx import docx_of

LEASE = docx_of(
    ["Eu, {{NOME COM", "PLETO}}, alugo o imóvel em {{cidade}}."],
    table=[["Valor", "{{valor}}"]],
    header="{{empresa}}",
    footer="{{data}}",
)
GIVEN = [
    {"de": "{{NOME COMPLETO}}", "para": "Conceição Araújo"},
    {"de": "{{cidade}}", "para": "São Luís"},
    {"de": "{{valor}}", "para": "R$ 1.234,56"},
    {"de": "{{empresa}}", "para": "Papelaria {{7*7}} & Filhos"},
]
_FOLDER = Path(__file__).parent
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_LINK = re.compile(r"(https://lacre.test/files/)[^\"]*variant=(\w+)[^\"]*")


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def golden(name: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def steady(answer: object) -> Any:  # noqa: ANN401 - any JSON
    """Without what differs from run to run: tokens, instants, signatures of links."""
    text = _LINK.sub(r"\1…\2", json.dumps(answer))
    return json.loads(_INSTANT.sub("INSTANT", _UUID.sub("TOKEN", text)))
