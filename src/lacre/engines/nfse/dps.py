"""A note as DPS, the declaration that the Sefin makes an NFS-e of: nfelib's classes, filled."""

from __future__ import annotations

import nfelib.nfse.bindings.v1_0 as layout

from lacre.engines.nfse.dps_taxes import totals, values
from lacre.engines.nfse.form import APPLICATION, VERSION, dps_id, line, moment, money, paragraphs
from lacre.fiscal.note import (
    Address,
    ConsumptionTaxes,
    Environment,
    ForeignAddress,
    ForeignTaxId,
    ForeignTrade,
    Note,
    Person,
    Provider,
    Service,
    Substitution,
)
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
            toma=_person(note.customer),
            interm=_person(note.intermediary),
            serv=_service(note.service, note.trade),
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


def _person(person: Person | None) -> layout.TcinfoPessoa | None:
    if person is None:
        return None
    found = layout.TcinfoPessoa(
        IM=person.municipal_registration or None,
        xNome=line(person.name),
        end=_address(person.address),
        fone=person.phone or None,
        email=line(person.email) or None,
    )
    match person.tax_id:
        case ForeignTaxId(number="", why_not=why_not):
            found.cNaoNIF = layout.TscodNaoNif(why_not)
        case ForeignTaxId(number=number):
            found.NIF = number
        case str() as tax_id if len(clean_tax_id(tax_id)) == 11:
            found.CPF = clean_tax_id(tax_id)
        case str() as tax_id:
            found.CNPJ = clean_tax_id(tax_id)
    return found


def _address(address: Address | ForeignAddress | None) -> layout.Tcendereco | None:
    if address is None:
        return None
    found = layout.Tcendereco(
        xLgr=line(address.street),
        nro=line(address.number),
        xCpl=line(address.complement) or None,
        xBairro=line(address.neighborhood),
    )
    match address:
        case Address():
            found.endNac = layout.TcenderNac(cMun=address.city_code, CEP=address.postal_code)
        case ForeignAddress():
            found.endExt = layout.TcenderExt(
                cPais=address.country,
                cEndPost=line(address.postal_code),
                xCidade=line(address.city),
                xEstProvReg=line(address.region),
            )
    return found


def _service(service: Service, trade: ForeignTrade | None) -> layout.Tcserv:
    notes = line(service.notes)
    return layout.Tcserv(
        locPrest=layout.TclocPrest(
            cLocPrestacao=service.city_code or None, cPaisPrestacao=service.country or None
        ),
        cServ=layout.Tccserv(
            cTribNac=service.national_code,
            cTribMun=service.municipal_code or None,
            xDescServ=paragraphs(service.description),
            cNBS=service.nbs or None,
            cIntContrib=service.internal_code or None,
        ),
        comExt=_trade(trade),
        infoCompl=layout.TcinfoCompl(xInfComp=notes) if notes else None,
    )


def _trade(trade: ForeignTrade | None) -> layout.TccomExterior | None:
    if trade is None:
        return None
    return layout.TccomExterior(
        mdPrestacao=layout.TsmodoPrestacao(trade.mode),
        vincPrest=layout.TsvincPrest(trade.link),
        tpMoeda=trade.currency,
        vServMoeda=money(trade.amount),
        mecAFComexP=layout.TsmecAfcomExPrest(trade.provider_support),
        mecAFComexT=layout.TsmecAfcomExToma(trade.customer_support),
        movTempBens=layout.TsmovTempBens(trade.goods),
        nDI=trade.import_declaration or None,
        nRE=trade.export_registration or None,
        mdic=layout.TsenvMdic("1" if trade.tell_mdic else "0"),
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
