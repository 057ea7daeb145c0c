"""An NFS-e as it came: what it says of itself, and whether it was made of our declaration."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from lacre.engines.nfse.form import NAMESPACE
from lacre.engines.nfse.schema import parse
from lacre.fiscal.ports import Accepted, Cancelled, Finding, Rejected

_N = f"{{{NAMESPACE}}}"
_S = "{http://www.w3.org/2000/09/xmldsig#}"

TAKEN = Rejected(
    errors=(
        Finding(
            code="E0014",
            text="Conjunto de Série, Número, Código do Município Emissor e CNPJ/CPF informado nesta DPS já "
            "existe em uma NFS-e gerada a partir de uma DPS enviada anteriormente.",
            remedy="Outra nota já usa este número: ajuste a sequência da empresa e emita de novo.",
        ),
    )
)


def accepted(xml: bytes, ours: bytes, alerts: tuple[Finding, ...] = ()) -> Accepted | Rejected | None:
    """`TAKEN` of a note that was made of another declaration; None of what is no NFS-e at all."""
    try:
        root, declared = parse(xml), parse(ours)
        told = root[0]
        issued = Accepted(
            key=told.attrib["Id"].removeprefix("NFS"),
            number=_text(told, "nNFSe"),
            xml=xml,
            processed_at=datetime.fromisoformat(_text(told, "dhProc")),
            alerts=alerts,
        )
        theirs = told.find(f"{_N}DPS")
    except (etree.XMLSyntaxError, IndexError, KeyError, ValueError):
        return None
    return issued if theirs is not None and _is_same(theirs, declared) else TAKEN


def cancelled(xml: bytes) -> Cancelled | None:
    try:
        return Cancelled(xml=xml, registered_at=datetime.fromisoformat(_text(parse(xml)[0], "dhProc")))
    except (etree.XMLSyntaxError, IndexError, ValueError):
        return None


def is_event_of(xml: bytes, key: str, kind: str) -> bool:
    """Not another note's, and no other event."""
    try:
        return str(parse(xml)[0].get("Id")).startswith(f"EVT{key}{kind}")
    except (etree.XMLSyntaxError, IndexError):
        return False


def signature_value(root: etree._Element) -> str:
    """Without the line breaks that some put into Base64; empty where there is no signature."""
    return "".join((root.findtext(f"{_S}Signature/{_S}SignatureValue") or "").split())


def request_of(event: bytes) -> etree._Element | None:
    """The request that an event was registered for."""
    try:
        return parse(event).find(f"{_N}infEvento/{_N}pedRegEvento")
    except etree.XMLSyntaxError:
        return None


def _is_same(theirs: etree._Element, ours: etree._Element) -> bool:
    """By the signature, which nobody else could make; or by every sign that is declared."""
    value = signature_value(ours)
    if value and value == signature_value(theirs):
        return True
    return _canonical(theirs) == _canonical(ours)


def _canonical(declaration: etree._Element) -> bytes:
    inside = declaration.find(f"{_N}infDPS")
    return b"" if inside is None else etree.tostring(inside, method="c14n", exclusive=True)


def _text(element: etree._Element, name: str) -> str:
    return element.findtext(f"{_N}{name}") or ""
