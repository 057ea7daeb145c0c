"""Events as the Sefin registers them."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from lacre.engines.nfse.form import CANCELLED, NAMESPACE, REPLACED, VERSION, event_request_id, moment
from lacre.engines.sefin.issuing import APPLICATION

_N = f"{{{NAMESPACE}}}"
_NAMES = {CANCELLED: "Cancelamento de NFS-e", REPLACED: "Cancelamento de NFS-e por Substituição"}


def names_of(kind: str) -> str:
    return _NAMES.get(kind, kind)


def registered(request: etree._Element, request_id: str, *, now: str, place: int) -> etree._Element:
    """Unsigned; the request in it as it came, its signature and all."""
    event = etree.Element(f"{_N}evento", nsmap={None: NAMESPACE}, versao=VERSION)
    told = etree.SubElement(event, f"{_N}infEvento", Id=f"EVT{request_id.removeprefix('PRE')}001")
    facts = {"verAplic": APPLICATION, "ambGer": "2", "nSeqEvento": "1", "dhProc": now, "nDFSe": str(place)}
    for name, text in facts.items():
        etree.SubElement(told, f"{_N}{name}").text = text
    told.append(request)
    return event


def replaced_by_sefin(
    key: str, by: str, author: str, *, environment: str, now: datetime, place: int
) -> etree._Element:
    """What it registers by itself as it accepts a note in another's place."""
    request_id, at = event_request_id(key, REPLACED), moment(now)
    request = etree.Element(f"{_N}pedRegEvento", nsmap={None: NAMESPACE}, versao=VERSION)
    asked = etree.SubElement(request, f"{_N}infPedReg", Id=request_id)
    who = "CNPJAutor" if len(author) == 14 else "CPFAutor"
    facts = {"tpAmb": environment, "verAplic": APPLICATION, "dhEvento": at, who: author, "chNFSe": key}
    for name, text in facts.items():
        etree.SubElement(asked, f"{_N}{name}").text = text
    inside = etree.SubElement(asked, f"{_N}e{REPLACED}")
    for name, text in {"xDesc": _NAMES[REPLACED], "cMotivo": "99", "chSubstituta": by}.items():
        etree.SubElement(inside, f"{_N}{name}").text = text
    return registered(request, request_id, now=at, place=place)
