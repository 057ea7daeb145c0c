"""The layout's own schemas (1.01), as nfelib ships them, with what the tax office has changed since."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from threading import local

from lxml import etree

from lacre.engines.nfse.form import NAMESPACE
from lacre.engines.nfse.letters import Letters
from lacre.engines.nfse.wording import problem
from lacre.fiscal.ports import Problem

DPS, NFSE = "DPS_v1.01.xsd", "NFSe_v1.01.xsd"
EVENT_REQUEST, EVENT = "pedRegEvento_v1.01.xsd", "evento_v1.01.xsd"

NOT_IN_LAYOUT = "This does not follow the national layout ({0})."
_FOLDER = Path("nfse", "schemas", "v1_0")
# a schema's list of errors is its own: threads must not share one
_kept = local()


def parse(xml: bytes) -> etree._Element:
    """Raises `etree.XMLSyntaxError`; reads no entity, no file and no network."""
    return etree.fromstring(xml, _parser())


def violations(document: etree._Element, schema: str) -> tuple[Problem, ...]:
    judge = _schema(schema)
    if judge.validate(document):
        return ()
    return tuple(_problem(document, error) for error in judge.error_log)


def _problem(document: etree._Element, error: etree._LogEntry) -> Problem:
    return problem(_names(document, error.path), NOT_IN_LAYOUT, code="schema", fill=_plain(error.message))


def _names(document: etree._Element, path: str | None) -> str:
    """`DPS/infDPS/toma/xNome` of libxml's `/*/*/*[9]/*[2]`."""
    found = document.xpath(path) if path else []
    if not isinstance(found, list) or not found:
        return ""
    steps = [*reversed([*found[0].iterancestors()]), found[0]]
    return "/".join(etree.QName(step).localname for step in steps)


def _plain(message: str) -> str:
    return re.sub(r" by the pattern '.*'", " by its pattern", message.replace(f"{{{NAMESPACE}}}", ""))


def _schema(name: str) -> etree.XMLSchema:
    compiled: dict[str, etree.XMLSchema] = _kept.__dict__.setdefault("schemas", {})
    if name not in compiled:
        compiled[name] = etree.XMLSchema(etree.parse(str(_library() / _FOLDER / name), _of_schemas()))
    return compiled[name]


def _library() -> Path:
    """Where nfelib is, without loading it."""
    found = find_spec("nfelib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("nfelib")
    return Path(found.origin).parent


def _of_schemas() -> etree.XMLParser:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Letters())
    return parser


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
