"""The DANFSe, an NFS-e on one page (NT 008/2026): BrazilFiscalReport lives here and in `paper`."""

from __future__ import annotations

from typing import cast

from lxml import etree

from lacre.engines.nfse.cities import city_name, state_of
from lacre.engines.nfse.form import NAMESPACE
from lacre.engines.nfse.schema import parse
from lacre.fiscal.ports import Draft

_N = f"{{{NAMESPACE}}}"
_ENCODING = "cp1252"
"""Of the fonts that every reader of PDFs has; the layout's own fields are Latin-1, but for descriptions."""
_NO_KEY = "0" * 50


class DanfsePrinter:
    """A `NotePrinter`; some forty milliseconds for a note."""

    def print(self, nfse: bytes, *, cancelled: bool = False, replaced_by: str = "") -> bytes:
        return _drawn(parse(nfse), cancelled=cancelled, replaced_by=replaced_by)

    def preview(self, draft: Draft, *, issuer_name: str = "") -> bytes:
        """Without key and number, and marked as the government marks notes of its test environment."""
        return _drawn(_as_if_issued(parse(draft.xml), issuer_name))


def _drawn(note: etree._Element, *, cancelled: bool = False, replaced_by: str = "") -> bytes:
    # two hundred milliseconds of imports, for those who print
    from brazilfiscalreport.danfse import DanfseConfig  # noqa: PLC0415

    from lacre.engines.nfse.paper import Page  # noqa: PLC0415

    # the library writes one word across the page, and `CANCELADA` rather than `SUBSTITUÍDA`
    config = DanfseConfig(
        watermark_cancelled=cancelled and not replaced_by, watermark_replaced=bool(replaced_by)
    )
    page = Page(xml=_printable(note), config=config, replaced_by=replaced_by)
    return bytes(cast("bytearray", page.output()))


def _printable(note: etree._Element) -> str:
    """What the fonts cannot show is a question mark; the note itself keeps it."""
    for element in note.iter():
        if element.text:
            element.text = element.text.encode(_ENCODING, "replace").decode(_ENCODING)
    text: str = etree.tostring(note, encoding="unicode")
    return text


def _as_if_issued(declared: etree._Element, issuer_name: str) -> etree._Element:
    inside = declared[0]
    kind = inside.find(f"{_N}tpAmb")
    if kind is not None:
        kind.text = "2"
    note = etree.Element(f"{_N}NFSe", nsmap={None: NAMESPACE}, versao=declared.get("versao", ""))
    told = etree.SubElement(note, f"{_N}infNFSe", Id=f"NFS{_NO_KEY}")
    for name, text in _outside(inside).items():
        etree.SubElement(told, f"{_N}{name}").text = text
    told.append(_issuer(inside, issuer_name))
    amounts = etree.SubElement(told, f"{_N}valores")
    etree.SubElement(amounts, f"{_N}vLiq").text = _in(inside, "valores/vServPrest/vServ")
    told.append(declared)
    return note


def _outside(inside: etree._Element) -> dict[str, str]:
    return {
        "xLocEmi": _city(_in(inside, "cLocEmi")),
        "xLocPrestacao": _city(_in(inside, "serv/locPrest/cLocPrestacao")),
        "nNFSe": "0",
        "xTribNac": _in(inside, "serv/cServ/cTribNac"),
        "ambGer": "2",
        "tpEmis": "1",
        "cStat": "100",
        "dhProc": _in(inside, "dhEmi"),
    }


def _issuer(inside: etree._Element, name: str) -> etree._Element:
    issuer = etree.Element(f"{_N}emit")
    tax_id = _in(inside, "prest/CNPJ") or _in(inside, "prest/CPF")
    etree.SubElement(issuer, f"{_N}{'CNPJ' if len(tax_id) == 14 else 'CPF'}").text = tax_id
    etree.SubElement(issuer, f"{_N}xNome").text = name or tax_id
    where, code = etree.SubElement(issuer, f"{_N}enderNac"), _in(inside, "cLocEmi")
    etree.SubElement(where, f"{_N}cMun").text = code
    etree.SubElement(where, f"{_N}UF").text = state_of(code)
    return issuer


def _city(code: str) -> str:
    return city_name(code) or code


def _in(element: etree._Element, path: str) -> str:
    return element.findtext("/".join(f"{_N}{step}" for step in path.split("/"))) or ""
