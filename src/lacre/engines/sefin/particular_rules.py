"""Rules about what only some services say: works, events, deductions, suspensions, benefits, trade abroad."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from lxml import etree

from lacre.engines.nfse.form import NAMESPACE
from lacre.engines.sefin.declared import Declared

_N = f"{{{NAMESPACE}}}"
_MUN = "valores/trib/tribMun"
_SUSPENDED, _BENEFIT, _DEDUCTION = f"{_MUN}/exigSusp", f"{_MUN}/BM", "valores/vDedRed"
_PC = "valores/trib/tribFed/piscofins"
WITH_WORKS = frozenset(
    "070201 070202 070401 070501 070502 070601 070602 070701 070801 071701 071901".split()  # noqa: SIM905
)
_DEDUCTED_IN_SIMPLES = ("0601", "0602", "0702", "0705")

Breach = Callable[[Declared], bool]


def _special(it: Declared) -> bool:
    return it.text("prest/regTrib/regEspTrib") != "0"


def _abroad(it: Declared) -> bool:
    return it.has("serv/locPrest/cPaisPrestacao")


def _site(group: str, *, abroad: bool, has: str, there: bool) -> Breach:
    """Of an address that is said at all."""

    def breach(it: Declared) -> bool:
        place = f"serv/{group}/end"
        return it.has(place) and _abroad(it) is abroad and it.has(f"{place}/{has}") is there

    return breach


def _no_address_abroad(who: str) -> Breach:
    return lambda it: it.has(f"{who}/NIF") and it.has("prest/CNPJ") and not it.has(f"{who}/end/endExt")


def _zero(field: str, zero: str) -> Breach:
    return lambda it: it.text(f"serv/comExt/{field}") == zero


def _goods(kind: str, field: str) -> Breach:
    return lambda it: it.text("serv/comExt/movTempBens") == kind and not it.has(f"serv/comExt/{field}")


def _document(breach: Callable[[etree._Element, Declared], bool]) -> Breach:
    """Of any."""
    return lambda it: any(breach(one, it) for one in it.all(f"{_DEDUCTION}/documentos/docDedRed"))


def _said(one: etree._Element, *path: str) -> str:
    return one.findtext("/".join(f"{_N}{step}" for step in path)) or ""


def _has(one: etree._Element, *path: str) -> bool:
    return one.find("/".join(f"{_N}{step}" for step in path)) is not None


def _supplied_from_nowhere(one: etree._Element, _it: Declared) -> bool:
    registered = _has(one, "fornec", "CNPJ") or _has(one, "fornec", "CPF")
    return registered and not _has(one, "fornec", "end", "endNac")


PARTICULAR_RULES: Mapping[str, Breach] = {
    "E0242": _no_address_abroad("toma"),
    "E0286": lambda it: it.text("interm/cNaoNIF") == "0",
    "E0293": lambda it: it.text(f"{_MUN}/tpRetISSQN") == "3" and not it.has("interm/end/endNac"),
    "E0298": _no_address_abroad("interm"),
    "E0341": _zero("mecAFComexP", "00"),
    "E0343": _zero("mecAFComexT", "00"),
    "E0345": _zero("movTempBens", "0"),
    "E0352": _goods("2", "nDI"),
    "E0354": lambda it: (
        it.text("serv/comExt/movTempBens") == "1" and (it.has("serv/comExt/nDI") or it.has("serv/comExt/nRE"))
    ),
    "E0356": _goods("3", "nRE"),
    "E0370": lambda it: it.service_code in WITH_WORKS and not it.has("serv/obra"),
    "E0372": lambda it: it.has("serv/obra") and it.service_code not in WITH_WORKS | {"990101"},
    "E0382": _site("obra", abroad=True, has="CEP", there=True),
    "E0384": _site("obra", abroad=True, has="endExt", there=False),
    "E0386": _site("obra", abroad=False, has="endExt", there=True),
    "E0390": lambda it: it.service_code.startswith("12") and not it.has("serv/atvEvento"),
    "E0392": lambda it: (
        it.has("serv/atvEvento") and not it.service_code.startswith("12") and it.service_code != "990101"
    ),
    "E0400": _site("atvEvento", abroad=True, has="CEP", there=True),
    "E0402": _site("atvEvento", abroad=True, has="endExt", there=False),
    "E0404": _site("atvEvento", abroad=False, has="endExt", there=True),
    "E0435": lambda it: it.iss_kind != "1" and it.has(_DEDUCTION),
    "E0436": lambda it: it.simples == "2" and it.has(_DEDUCTION),
    "E0437": lambda it: it.has(_SUSPENDED) and it.has(_DEDUCTION),
    "E0438": lambda it: _special(it) and it.has(_DEDUCTION),
    "E0442": lambda it: (
        it.by_simples and it.has(_DEDUCTION) and not it.service_code.startswith(_DEDUCTED_IN_SIMPLES)
    ),
    "E0453": lambda it: it.has(f"{_DEDUCTION}/pDR") and not 0 < it.money(f"{_DEDUCTION}/pDR") <= 100,
    "E0468": _document(lambda one, _: _said(one, "tpDedRed") == "99" and not _has(one, "xDescOutDed")),
    "E0470": _document(lambda one, _: _said(one, "tpDedRed") != "99" and _has(one, "xDescOutDed")),
    "E0472": _document(lambda one, it: _said(one, "dtEmiDoc") > it.text("dCompet")),
    "E0474": _document(
        lambda one, _: Decimal(_said(one, "vDeducaoReducao")) > Decimal(_said(one, "vDedutivelRedutivel"))
    ),
    "E0476": _document(lambda one, it: Decimal(_said(one, "vDeducaoReducao")) > it.service_amount),
    "E0477": _document(lambda one, _: not (_has(one, "chNFSe") or _has(one, "chNFe") or _has(one, "fornec"))),
    "E0490": _document(lambda one, _: _said(one, "fornec", "cNaoNIF") == "0"),
    "E0492": _document(_supplied_from_nowhere),
    "E0533": lambda it: it.has(_BENEFIT) and it.iss_kind != "1",
    "E0534": lambda it: it.has(_BENEFIT) and it.simples == "2",
    "E0535": lambda it: it.has(_BENEFIT) and _special(it),
    "E0538": lambda it: it.has(_BENEFIT) and it.has(_SUSPENDED),
    "E0585": lambda it: it.has(_SUSPENDED) and it.iss_kind != "1",
    "E0589": lambda it: it.has(_SUSPENDED) and it.withheld,
    "E0606": lambda it: it.has(_SUSPENDED) and it.has(f"{_MUN}/pAliq"),
    "E0688": lambda it: (
        it.text(f"{_PC}/CST") in ("04", "06")
        and any(it.money(f"{_PC}/{rate}") for rate in ("pAliqPis", "pAliqCofins"))
    ),
}
"""In the order of their codes."""
