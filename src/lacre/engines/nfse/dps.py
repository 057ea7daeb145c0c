"""A note as DPS, the declaration that the Sefin makes an NFS-e of: nfelib's classes, filled."""

from __future__ import annotations

import nfelib.nfse.bindings.v1_0 as layout

from lacre.engines.nfse.dps_persons import person
from lacre.engines.nfse.dps_services import service
from lacre.engines.nfse.dps_taxes import totals, values
from lacre.engines.nfse.form import APPLICATION, VERSION, dps_id, line, moment
from lacre.fiscal.note import ConsumptionTaxes, Environment, Note, Substitution
from lacre.fiscal.persons import Provider
from lacre.kit.tax_ids import clean_tax_id

_FROM_PROVIDER = "1"


def declaration(note: Note) -> layout.Dps:
    """Whoever calls has made sure that the note is right (`checks`)."""
    provider = note.provider
    return layout.Dps(
        versao=VERSION,
        infDPS=layout.TcinfDps(
            Id=dps_id(provider.city_code, provider.tax_id, note.series, note.number),
            tpAmb=environment_code(note.environment),
            dhEmi=moment(note.issued_at),
            verAplic=APPLICATION,
            serie=str(int(note.series)),
            nDPS=str(note.number),
            dCompet=note.competence_on.isoformat(),
            tpEmit=layout.TsemitenteDps(_FROM_PROVIDER),
            cLocEmi=provider.city_code,
            subst=_substitution(note.replaces),
            prest=_provider(provider),
            toma=person(note.customer),
            interm=person(note.intermediary),
            serv=service(note),
            valores=values(note, totals(note)),
            IBSCBS=_consumption(note.consumption),
        ),
    )


def environment_code(environment: Environment) -> layout.TstipoAmbiente:
    """1 is production and nothing else is."""
    return layout.TstipoAmbiente("1" if environment is Environment.PRODUCTION else "2")


def _provider(provider: Provider) -> layout.TcinfoPrestador:
    """Without name and address: the Sefin has them, and refuses them of who issues (E0121, E0128)."""
    clean, regime = clean_tax_id(provider.tax_id), provider.simples_regime
    return layout.TcinfoPrestador(
        CNPJ=clean if len(clean) == 14 else None,
        CPF=clean if len(clean) == 11 else None,
        IM=provider.municipal_registration or None,
        fone=provider.phone or None,
        email=line(provider.email) or None,
        regTrib=layout.TcregTrib(
            opSimpNac=layout.TsopSimpNac(provider.simples.value),
            regApTribSN=layout.TsregimeApuracaoSimpNac(regime) if regime else None,
            regEspTrib=layout.TsregEspTrib(provider.special_regime),
        ),
    )


def _substitution(replaces: Substitution | None) -> layout.Tcsubstituicao | None:
    if replaces is None:
        return None
    return layout.Tcsubstituicao(
        chSubstda=replaces.key,
        cMotivo=layout.TscodJustSubst(replaces.reason),
        xMotivo=line(replaces.text) or None,
    )


def _consumption(taxes: ConsumptionTaxes | None) -> layout.TcrtcinfoIbscbs | None:
    if taxes is None:
        return None
    codes = layout.TcrtcinfoTributosSitClas(CST=taxes.situation, cClassTrib=taxes.classification)
    return layout.TcrtcinfoIbscbs(
        finNFSe=layout.TsrtcfinNfse("0"),
        indFinal=layout.TsrtcindFinal("1" if taxes.final_consumer else "0"),
        cIndOp=taxes.operation_code,
        indDest=layout.TsrtcindDest("0"),
        valores=layout.TcrtcinfoValoresIbscbs(trib=layout.TcrtcinfoTributosIbscbs(gIBSCBS=codes)),
    )
