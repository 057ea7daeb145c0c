"""Rules that a DPS may break, by the published codes (ANEXO I, sheet "RN DPS_NFS-e").

Those that can be judged without the registers of taxpayers (CNPJ, CPF, CNC) and of postal codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from lacre.engines.nfse.form import dps_id
from lacre.engines.sefin.cities import Cities
from lacre.engines.sefin.declared import Declared
from lacre.engines.sefin.particular_rules import PARTICULAR_RULES
from lacre.kit.tax_ids import is_cnpj, is_cpf

_CLOCKS_DIFFER = timedelta(seconds=5)
_OWN_SERIES = range(1, 50_000)


@dataclass(frozen=True, kw_only=True)
class Office:
    """What it judges by."""

    environment: str
    """tpAmb of what it takes."""
    now: datetime
    cities: Cities


Breach: TypeAlias = Callable[[Declared, Office], bool]


def broken(declared: Declared, office: Office) -> list[str]:
    """Codes, in their order."""
    found = [code for code, is_broken in RULES.items() if is_broken(declared, office)]
    found += [code for code, is_broken in PARTICULAR_RULES.items() if is_broken(declared)]
    return sorted(found)


def _id_differs(it: Declared, _office: Office) -> bool:
    return it.id != dps_id(it.city, it.issuer, str(int(it.text("serie"))), int(it.text("nDPS")))


def _is_early(it: Declared, office: Office) -> bool:
    return it.issued_at > office.now + _CLOCKS_DIFFER


def _own_root(path: str) -> Breach:
    def same(it: Declared, _office: Office) -> bool:
        other = it.text(f"{path}/CNPJ")
        return bool(other) and other[:8] == it.text("prest/CNPJ")[:8]

    return same


def _bad(path: str, kind: str) -> Breach:
    def wrong(it: Declared, _office: Office) -> bool:
        number = it.text(f"{path}/{kind}")
        return bool(number) and not (is_cnpj(number) if kind == "CNPJ" else is_cpf(number))

    return wrong


def _unknown_city(path: str) -> Breach:
    def unknown(it: Declared, office: Office) -> bool:
        code = it.text(path)
        return bool(code) and not office.cities.name(code)

    return unknown


def _bad_mail(path: str) -> Breach:
    def bad(it: Declared, _office: Office) -> bool:
        mail = it.text(path)
        return bool(mail) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail)

    return bad


def _bad_percentage(path: str) -> Breach:
    def bad(it: Declared, _office: Office) -> bool:
        return it.has(path) and not 0 <= it.money(path) <= 100

    return bad


def _share_of_service(path: str) -> Breach:
    def bad(it: Declared, _office: Office) -> bool:
        return it.has(path) and not 0 < it.money(path) < it.service_amount

    return bad


def _within_service(path: str) -> Breach:
    def bad(it: Declared, _office: Office) -> bool:
        return it.has(path) and not 0 <= it.money(path) <= it.service_amount

    return bad


def _wrong_product(amount: str, rate: str) -> Breach:
    def wrong(it: Declared, _office: Office) -> bool:
        if not it.has(f"{_PC}/{amount}") or not it.has(f"{_PC}/{rate}"):
            return False
        product = it.money(f"{_PC}/vBCPisCofins") * it.money(f"{_PC}/{rate}") / 100
        return abs(it.money(f"{_PC}/{amount}") - product) >= Decimal("0.01")

    return wrong


def _withheld_by(code: str, who: str) -> Breach:
    def unnamed(it: Declared, _office: Office) -> bool:
        named = it.text(f"{who}/CNPJ") or it.text(f"{who}/CPF")
        return it.text(f"{_MUN}/tpRetISSQN") == code and not named

    return unnamed


def _is_exported(it: Declared) -> bool:
    return it.has("toma/end/endExt") or it.has("serv/locPrest/cPaisPrestacao") or it.iss_kind == "3"


def _too_much(it: Declared, _office: Office) -> bool:
    parts = ("valores/vDescCondIncond/vDescIncond", "valores/vDescCondIncond/vDescCond", f"{_FED}/vRetCP")
    return sum((it.money(part) for part in (*parts, f"{_FED}/vRetIRRF", f"{_FED}/vRetCSLL")), Decimal(0)) > (
        it.service_amount
    )


def _no_base(it: Declared) -> bool:
    return it.has(_PC) and it.text(f"{_PC}/CST") not in ("00", "08", "09")


_MUN = "valores/trib/tribMun"
_FED = "valores/trib/tribFed"
_PC = f"{_FED}/piscofins"
_TOT = "valores/trib/totTrib"
_RATE = f"{_MUN}/pAliq"


def _set_there(it: Declared, office: Office) -> bool:
    """The municipality of incidence takes part, and has its rates in the national system."""
    return office.cities.takes_part(it.city)


RULES: Mapping[str, Breach] = {
    "E0004": _id_differs,
    "E0006": lambda it, office: it.text("tpAmb") != office.environment,
    "E0008": _is_early,
    "E0010": lambda it, _: int(it.text("serie")) not in _OWN_SERIES,
    "E0015": lambda it, _: it.competence_on > it.issued_at.date(),
    "E9996": lambda it, _: it.text("tpEmit") != "1",
    "E0029": lambda it, _: it.has("cMotivoEmisTI"),
    "E0037": _unknown_city("cLocEmi"),
    "E0038": lambda it, office: (
        bool(office.cities.name(it.city)) and it.simples != "2" and not office.cities.takes_part(it.city)
    ),
    "E0078": lambda it, _: it.text("subst/cMotivo") == "99" and not it.text("subst/xMotivo"),
    "E0080": _bad("prest", "CNPJ"),
    "E0096": _bad("prest", "CPF"),
    "E0112": lambda it, _: it.has("prest/NIF"),
    "E0114": lambda it, _: it.has("prest/cNaoNIF"),
    "E0121": lambda it, _: it.has("prest/xNome"),
    "E0128": lambda it, _: it.has("prest/end"),
    "E0148": _bad_mail("prest/email"),
    "E0162": lambda it, _: it.simples != "3" and it.has("prest/regTrib/regApTribSN"),
    "E0166": lambda it, _: it.simples == "3" and not it.has("prest/regTrib/regApTribSN"),
    "E0172": lambda it, _: it.iss_kind != "1" and it.text("prest/regTrib/regEspTrib") != "0",
    "E0174": lambda it, _: it.simples == "2" and it.text("prest/regTrib/regEspTrib") != "0",
    "E0175": lambda it, _: it.by_simples and it.text("prest/regTrib/regEspTrib") != "0",
    "E0188": _bad("toma", "CNPJ"),
    "E0202": _own_root("toma"),
    "E0204": _withheld_by("2", "toma"),
    "E0206": _bad("toma", "CPF"),
    "E0223": lambda it, _: it.has("toma/end/endExt") and not (it.has("toma/NIF") or it.has("toma/cNaoNIF")),
    "E0226": lambda it, _: it.text("toma/cNaoNIF") == "0",
    "E0237": lambda it, _: it.text(f"{_MUN}/tpRetISSQN") == "2" and not it.has("toma/end/endNac"),
    "E0238": _unknown_city("toma/end/endNac/cMun"),
    "E0246": lambda it, _: it.text("toma/end/endExt/cPais") == "BR",
    "E0247": _bad_mail("toma/email"),
    "E0248": _bad("interm", "CNPJ"),
    "E0262": _own_root("interm"),
    "E0264": _withheld_by("3", "interm"),
    "E0266": _bad("interm", "CPF"),
    "E0294": _unknown_city("interm/end/endNac/cMun"),
    "E0300": _bad_mail("interm/email"),
    "E0302": lambda it, office: (
        it.text("serv/locPrest/cLocPrestacao") != "0000000"
        and _unknown_city("serv/locPrest/cLocPrestacao")(it, office)
    ),
    "E0304": lambda it, _: it.text("serv/locPrest/cPaisPrestacao") == "BR",
    "E0310": lambda it, office: not office.cities.administers(it.service_code),
    "E0318": lambda it, _: (
        (it.has("toma/end/endExt") or it.has("serv/locPrest/cPaisPrestacao"))
        and not it.has("serv/cServ/cNBS")
    ),
    "E0322": lambda it, _: it.has("IBSCBS") and not it.has("serv/cServ/cNBS"),
    "E0330": lambda it, _: _is_exported(it) and not it.has("serv/comExt"),
    "E0333": lambda it, _: it.text("serv/comExt/mdPrestacao") == "0",
    "E0424": lambda it, _: it.has("valores/vServPrest/vReceb"),
    "E0427": lambda it, _: it.base < 0,
    "E0428": _too_much,
    "E0431": _share_of_service("valores/vDescCondIncond/vDescIncond"),
    "E0432": _share_of_service("valores/vDescCondIncond/vDescCond"),
    "E0532": lambda it, _: it.service_code == "990101" and it.iss_kind != "4",
    "E0580": lambda it, _: it.withheld and it.iss_kind != "1",
    "E0583": lambda it, _: it.withheld and it.simples == "2",
    "E0588": lambda it, _: it.withheld and it.text("prest/regTrib/regEspTrib") != "0",
    "E0592": lambda it, _: (it.iss_kind == "2") != it.has(f"{_MUN}/tpImunidade"),
    "E0593": lambda it, _: it.text(f"{_MUN}/tpImunidade") == "0",
    "E0595": lambda it, _: it.money(_RATE) > 5,
    "E0600": lambda it, _: it.simples == "2" and it.has(_RATE),
    "E0602": lambda it, _: it.iss_kind != "1" and it.has(_RATE),
    "E0604": lambda it, _: it.text("prest/regTrib/regEspTrib") != "0" and it.has(_RATE),
    "E0617": lambda it, office: it.simples == "1" and it.has(_RATE) and _set_there(it, office),
    "E0621": lambda it, _: it.by_simples and it.withheld and it.money(_RATE) < Decimal("1.8"),
    "E0625": lambda it, _: it.by_simples and not it.withheld and it.has(_RATE),
    "E0635": lambda it, office: (
        it.simples == "3" and not it.by_simples and it.has(_RATE) and _set_there(it, office)
    ),
    "E0675": lambda it, _: it.has("prest/CPF") and it.has(_FED),
    "E0676": lambda it, _: it.simples == "2" and it.has(_FED),
    "E0677": lambda it, _: it.money(f"{_PC}/vBCPisCofins") > it.service_amount,
    "E0678": lambda it, _: _no_base(it) and not it.has(f"{_PC}/vBCPisCofins"),
    "E0682": lambda it, _: it.has(_PC) and not _no_base(it) and it.has(f"{_PC}/vBCPisCofins"),
    "E0684": lambda it, _: it.has(f"{_PC}/vBCPisCofins") and not it.has(f"{_PC}/pAliqPis"),
    "E0690": lambda it, _: it.has(f"{_PC}/vBCPisCofins") and not it.has(f"{_PC}/pAliqCofins"),
    "E0694": _wrong_product("vPis", "pAliqPis"),
    "E0696": _wrong_product("vCofins", "pAliqCofins"),
    "E0698": lambda it, _: _no_base(it) and not it.has(f"{_PC}/tpRetPisCofins"),
    "E0699": _share_of_service(f"{_FED}/vRetCP"),
    "E0700": _share_of_service(f"{_FED}/vRetIRRF"),
    "E0701": _share_of_service(f"{_FED}/vRetCSLL"),
    "E0702": _within_service(f"{_TOT}/vTotTrib/vTotTribFed"),
    "E0703": _within_service(f"{_TOT}/vTotTrib/vTotTribEst"),
    "E0704": _within_service(f"{_TOT}/vTotTrib/vTotTribMun"),
    "E0706": _bad_percentage(f"{_TOT}/pTotTrib/pTotTribFed"),
    "E0707": _bad_percentage(f"{_TOT}/pTotTrib/pTotTribEst"),
    "E0708": _bad_percentage(f"{_TOT}/pTotTrib/pTotTribMun"),
    "E0710": lambda it, _: it.simples == "2" and it.has(f"{_TOT}/pTotTribSN"),
    "E0712": lambda it, _: it.simples == "3" and it.has(f"{_TOT}/indTotTrib"),
    "E0713": lambda it, _: (
        it.simples == "1" and (it.has(f"{_TOT}/indTotTrib") or it.has(f"{_TOT}/pTotTribSN"))
    ),
}
"""Of every note; those that only some have to mind are beside (`particular_rules`)."""
