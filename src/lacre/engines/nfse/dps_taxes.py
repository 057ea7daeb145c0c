"""The money of a DPS: amounts, and the taxes on them."""

from __future__ import annotations

from decimal import Decimal

import nfelib.nfse.bindings.v1_0 as layout

from lacre.engines.nfse.dps_deductions import deductions
from lacre.engines.nfse.form import filled, money, rate
from lacre.fiscal.note import ZERO, Amounts, FederalTaxes, Iss, Note, TotalAmounts, TotalRates, TotalSimples
from lacre.fiscal.particulars import Benefit, Suspension
from lacre.fiscal.persons import SimplesNacional


def values(note: Note, total: layout.TctribTotal) -> layout.TcinfoValores:
    amounts = note.amounts
    return layout.TcinfoValores(
        vServPrest=layout.TcvservPrest(vServ=money(amounts.service)),
        vDescCondIncond=_discounts(amounts),
        vDedRed=deductions(amounts),
        trib=layout.TcinfoTributacao(tribMun=_iss(note.iss), tribFed=_federal(note.federal), totTrib=total),
    )


def totals(note: Note) -> layout.TctribTotal:
    """What is not stated, only an MEI may say so (E0710, E0713); the others state zero percent."""
    match note.total_taxes:
        case TotalAmounts() as stated:
            return layout.TctribTotal(
                vTotTrib=layout.TctribTotalMonet(
                    vTotTribFed=money(stated.federal),
                    vTotTribEst=money(stated.state),
                    vTotTribMun=money(stated.municipal),
                )
            )
        case TotalRates() as stated:
            return _rates(stated)
        case TotalSimples(rate=percent):
            return layout.TctribTotal(pTotTribSN=rate(percent))
        case None if note.provider.simples is SimplesNacional.MEI:
            return layout.TctribTotal(indTotTrib=layout.TstipoIndTotTrib("0"))
        case None:
            return _rates(TotalRates(federal=ZERO, state=ZERO, municipal=ZERO))


def _rates(stated: TotalRates) -> layout.TctribTotal:
    return layout.TctribTotal(
        pTotTrib=layout.TctribTotalPercent(
            pTotTribFed=rate(stated.federal),
            pTotTribEst=rate(stated.state),
            pTotTribMun=rate(stated.municipal),
        )
    )


def _discounts(amounts: Amounts) -> layout.TcvdescCondIncond | None:
    if not amounts.discount and not amounts.conditional_discount:
        return None
    return layout.TcvdescCondIncond(
        vDescIncond=money(amounts.discount) if amounts.discount else None,
        vDescCond=money(amounts.conditional_discount) if amounts.conditional_discount else None,
    )


def _iss(iss: Iss) -> layout.TctribMunicipal:
    return layout.TctribMunicipal(
        tribISSQN=layout.TstribIssqn(iss.kind.value),
        cPaisResult=iss.result_country or None,
        tpImunidade=layout.TstipoImunidadeIssqn(iss.immunity) if iss.immunity else None,
        exigSusp=_suspension(iss.suspension),
        BM=_benefit(iss.benefit),
        tpRetISSQN=layout.TstipoRetIssqn(iss.withheld.value),
        pAliq=_percent(iss.rate),
    )


def _suspension(suspension: Suspension | None) -> layout.TcexigSuspensa | None:
    if suspension is None:
        return None
    return layout.TcexigSuspensa(
        tpSusp=layout.TsopExigSuspensa(suspension.kind), nProcesso=filled(suspension.process, 30)
    )


def _benefit(benefit: Benefit | None) -> layout.TcbeneficioMunicipal | None:
    if benefit is None:
        return None
    return layout.TcbeneficioMunicipal(
        nBM=benefit.number, vRedBCBM=_amount(benefit.amount), pRedBCBM=_percent(benefit.rate)
    )


def _federal(taxes: FederalTaxes | None) -> layout.TctribFederal | None:
    if taxes is None:
        return None
    return layout.TctribFederal(
        piscofins=_pis_and_cofins(taxes) if taxes.cst else None,
        vRetCP=_amount(taxes.withheld_social_security),
        vRetIRRF=_amount(taxes.withheld_income_tax),
        vRetCSLL=_amount(taxes.withheld_csll),
    )


def _pis_and_cofins(taxes: FederalTaxes) -> layout.TctribOutrosPisCofins:
    return layout.TctribOutrosPisCofins(
        CST=layout.TstipoCst(taxes.cst),
        vBCPisCofins=_amount(taxes.base),
        pAliqPis=_percent(taxes.pis_rate),
        pAliqCofins=_percent(taxes.cofins_rate),
        vPis=_amount(taxes.pis),
        vCofins=_amount(taxes.cofins),
        tpRetPisCofins=layout.TstipoRetPiscofins(taxes.withheld_kind) if taxes.withheld_kind else None,
    )


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else money(amount)


def _percent(percent: Decimal | None) -> str | None:
    return None if percent is None else rate(percent)
