"""An NFS-e made of a DPS that holds: numbered, reckoned, signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509 import Certificate
from lxml import etree

from lacre.engines.nfse.algorithm import Algorithm
from lacre.engines.nfse.form import NAMESPACE, VERSION, inscription, moment, money, rate
from lacre.engines.nfse.signature import signed_with, written
from lacre.engines.sefin.cities import Cities
from lacre.engines.sefin.declared import Declared

APPLICATION = "LacreSefin_1.0"
_N = f"{{{NAMESPACE}}}"
_CENT = Decimal("0.01")
_WEIGHTS = range(2, 10)
_TEST_RATES = {"uf": Decimal("0.10"), "mun": Decimal(0), "fed": Decimal("0.90")}
"""IBS and CBS of 2026, in percent."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """The Sefin's signature."""

    key: RSAPrivateKey
    certificate: Certificate

    def on(self, root: etree._Element, signed_id: str) -> bytes:
        return signed_with(written(root), signed_id, self.key, self.certificate, Algorithm.SHA256)


def note_key(it: Declared, number: int, code: int) -> str:
    """Municipality, environment, issuer, number, month of issue, a code, and a check digit: fifty signs."""
    digits = f"{it.city}2{inscription(it.issuer)}{number:013}{it.issued_at:%y%m}{code:09}"
    return f"{digits}{check_digit(digits)}"


def check_digit(signs: str) -> int:
    """Modulo 11 with weights 2 to 9 from the right; a letter of a CNPJ counts there as in the CNPJ itself."""
    total = sum((ord(sign) - 48) * _WEIGHTS[place % 8] for place, sign in enumerate(reversed(signs)))
    rest = total % 11
    return 0 if rest < 2 else 11 - rest


def issued(
    it: Declared, *, key: str, number: int, place: int, name: str, now: datetime, cities: Cities
) -> etree._Element:
    """Unsigned; the declaration in it as it came, its signature and all."""
    root = etree.Element(f"{_N}NFSe", nsmap={None: NAMESPACE}, versao=VERSION)
    told = etree.SubElement(root, f"{_N}infNFSe", Id=f"NFS{key}")
    _add(told, **_head(it, number, place, now, cities))
    told.append(_issuer(it, name, cities))
    told.append(_amounts(it, cities))
    if it.has("IBSCBS"):
        told.append(_consumption(it, cities))
    told.append(it.root)
    return root


def _head(it: Declared, number: int, place: int, now: datetime, cities: Cities) -> dict[str, str]:
    rendered = it.text("serv/locPrest/cLocPrestacao")
    due = {"cLocIncid": it.city, "xLocIncid": cities.name(it.city)} if it.iss_kind == "1" else {}
    return {
        "xLocEmi": cities.name(it.city),
        "xLocPrestacao": cities.name(rendered) or it.text("serv/locPrest/cPaisPrestacao") or rendered,
        "nNFSe": str(number),
        **due,
        "xTribNac": f"Serviço {it.service_code}",
        "verAplic": APPLICATION,
        "ambGer": "2",
        "tpEmis": "1",
        "procEmi": "1",
        "cStat": "107" if it.simples == "2" else "100",
        "dhProc": moment(now),
        "nDFSe": str(place),
    }


def _issuer(it: Declared, name: str, cities: Cities) -> etree._Element:
    issuer = etree.Element(f"{_N}emit")
    kind = "CNPJ" if it.has("prest/CNPJ") else "CPF"
    registration = {"IM": it.text("prest/IM")} if it.has("prest/IM") else {}
    _add(issuer, **{kind: it.issuer}, **registration, xNome=name)
    where = etree.SubElement(issuer, f"{_N}enderNac")
    address = {"xLgr": "Endereço do cadastro CNPJ", "nro": "S/N", "xBairro": "Centro", "cMun": it.city}
    _add(where, **address, UF=cities.state(it.city), CEP="00000000")
    for name_, path in (("fone", "prest/fone"), ("email", "prest/email")):
        if it.has(path):
            _add(issuer, **{name_: it.text(path)})
    return issuer


def _amounts(it: Declared, cities: Cities) -> etree._Element:
    """Only what is left to pay where no ISS is reckoned (E1302, E1303, E1307, E1311)."""
    amounts, iss = etree.Element(f"{_N}valores"), Decimal(0)
    plain = it.simples != "2" and it.iss_kind == "1" and it.text("prest/regTrib/regEspTrib") == "0"
    plain = plain and not it.has("valores/trib/tribMun/exigSusp")
    if plain:
        _add(amounts, **_reductions(it))
    if plain and not (it.by_simples and not it.withheld):
        percent = it.money("valores/trib/tribMun/pAliq") or cities.rate(it.city, it.service_code)
        iss = (it.base * percent / 100).quantize(_CENT, ROUND_HALF_UP)
        _add(amounts, vBC=money(it.base), pAliqAplic=rate(percent), vISSQN=money(iss))
    kept = _withheld(it) + (iss if it.withheld else Decimal(0))
    if kept:
        _add(amounts, vTotalRet=money(kept))
    _add(amounts, vLiq=money(max(it.service_amount - _discounts(it) - kept, Decimal(0))))
    return amounts


def _reductions(it: Declared) -> dict[str, str]:
    """What of them had to be reckoned."""
    by_documents = it.has("valores/vDedRed/pDR") or it.has("valores/vDedRed/documentos")
    by_rate = it.has("valores/trib/tribMun/BM/pRedBCBM")
    return {
        **({"vCalcDR": money(it.deducted)} if by_documents else {}),
        **({"vCalcBM": money(it.benefit)} if by_rate else {}),
    }


def _withheld(it: Declared) -> Decimal:
    federal = "valores/trib/tribFed"
    return sum((it.money(f"{federal}/{tax}") for tax in ("vRetCP", "vRetIRRF", "vRetCSLL")), Decimal(0))


def _discounts(it: Declared) -> Decimal:
    group = "valores/vDescCondIncond"
    return it.money(f"{group}/vDescIncond") + it.money(f"{group}/vDescCond")


def _consumption(it: Declared, cities: Cities) -> etree._Element:
    group, base = etree.Element(f"{_N}IBSCBS"), it.base
    due = {
        part: (base * percent / 100).quantize(_CENT, ROUND_HALF_UP) for part, percent in _TEST_RATES.items()
    }
    _add(group, cLocalidadeIncid=it.city, xLocalidadeIncid=cities.name(it.city))
    values = etree.SubElement(group, f"{_N}valores")
    _add(values, vBC=money(base))
    for part, (stated, effective) in _RATE_NAMES.items():
        percent = rate(_TEST_RATES[part])
        _add(etree.SubElement(values, f"{_N}{part}"), **{stated: percent, effective: percent})
    totals = etree.SubElement(group, f"{_N}totCIBS")
    _add(totals, vTotNF=money(it.service_amount))
    ibs = etree.SubElement(totals, f"{_N}gIBS")
    _add(ibs, vIBSTot=money(due["uf"] + due["mun"]))
    _add(etree.SubElement(ibs, f"{_N}gIBSUFTot"), vIBSUF=money(due["uf"]))
    _add(etree.SubElement(ibs, f"{_N}gIBSMunTot"), vIBSMun=money(due["mun"]))
    _add(etree.SubElement(totals, f"{_N}gCBS"), vCBS=money(due["fed"]))
    return group


_RATE_NAMES = {
    "uf": ("pIBSUF", "pAliqEfetUF"),
    "mun": ("pIBSMun", "pAliqEfetMun"),
    "fed": ("pCBS", "pAliqEfetCBS"),
}


def _add(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, f"{_N}{name}").text = text
