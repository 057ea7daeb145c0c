"""CNPJs with letters in the layout's schemas, which nfelib ships as they were before.

The package of 27 July 2026, in force since 10 August 2026, is of the same version (1.01) and differs in the
patterns of these types alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

_X = "{http://www.w3.org/2001/XMLSchema}"
_SIMPLE_TYPES = "tiposSimples_v1.01.xsd"
KEY = "[0-9]{9}[0-9A-Z]{14}[0-9]{27}"
"""Of an NFS-e: the issuer's CNPJ is the tenth to the twenty-third of its fifty signs."""
_ISSUER = "(1[0-9]{14}|2[0-9A-Z]{14})"
PATTERNS: Mapping[str, str] = {
    "TSCNPJ": "[0-9A-Z]{14}",
    "TSIdDPS": f"DPS[0-9]{{7}}{_ISSUER}[0-9]{{20}}",
    "TSIdNFSe": f"NFS{KEY}",
    # published with the letters three places too early, 7 to 20: theirs is taken, and what it means
    "TSChaveNFSe": "[0-9]{6}[0-9A-Z]{17}[0-9]{27}",
    "TSChaveNFe": "[0-9]{6}[0-9A-Z]{14}[0-9]{24}",
    "TSIdPedRegEvt": f"PRE[0-9]{{8}}{_ISSUER}[0-9]{{33}}",
    "TSIdEvento": f"EVT[0-9]{{8}}{_ISSUER}[0-9]{{36}}",
    "TSIdNumEvento": f"[0-9]{{8}}{_ISSUER}[0-9]{{36}}",
}


class Letters(etree.Resolver):  # type: ignore[misc]  # lxml is untyped
    """Gives the parser of a schema the simple types with these patterns."""

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # noqa: ANN401, ARG002 - lxml's
        if not system_url.endswith(_SIMPLE_TYPES):
            return None
        return self.resolve_string(_amended(Path(system_url)), context, base_url=system_url)


def _amended(file: Path) -> bytes:
    types = etree.fromstring(file.read_bytes(), etree.XMLParser(no_network=True))
    for one in types.iter(f"{_X}simpleType"):
        wanted, pattern = PATTERNS.get(one.get("name", "")), one.find(f".//{_X}pattern")
        if wanted is not None and pattern is not None:
            pattern.set("value", wanted)
    return bytes(etree.tostring(types))
