"""What a DPS says of the service: what, where, and what only some have to say."""

from __future__ import annotations

import nfelib.nfse.bindings.v1_0 as layout

from lacre.engines.nfse.form import line, money, paragraphs
from lacre.fiscal.note import Note
from lacre.fiscal.particulars import ForeignTrade, Occasion, Site, Works


def service(note: Note) -> layout.Tcserv:
    one, notes = note.service, line(note.service.notes)
    return layout.Tcserv(
        locPrest=layout.TclocPrest(cLocPrestacao=one.city_code or None, cPaisPrestacao=one.country or None),
        cServ=layout.Tccserv(
            cTribNac=one.national_code,
            cTribMun=one.municipal_code or None,
            xDescServ=paragraphs(one.description),
            cNBS=one.nbs or None,
            cIntContrib=one.internal_code or None,
        ),
        comExt=_trade(note.trade),
        obra=_works(note.works),
        atvEvento=_occasion(note.occasion),
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


def _works(works: Works | None) -> layout.TcinfoObra | None:
    if works is None:
        return None
    return layout.TcinfoObra(
        inscImobFisc=line(works.property_registration) or None,
        cObra=line(works.code) or None,
        cCIB=line(works.cib) or None,
        end=layout.TcenderObraEvento(**_site(works.site)) if works.site else None,
    )


def _occasion(occasion: Occasion | None) -> layout.TcatvEvento | None:
    if occasion is None:
        return None
    return layout.TcatvEvento(
        xNome=line(occasion.name),
        dtIni=occasion.starts_on.isoformat(),
        dtFim=occasion.ends_on.isoformat(),
        idAtvEvt=line(occasion.code) or None,
        end=layout.TcenderecoSimples(**_site(occasion.site)) if occasion.site else None,
    )


def _site(site: Site) -> dict[str, object]:
    """The layout has two types for the same."""
    abroad = layout.TcenderExtSimples(
        cEndPost=line(site.postal_code), xCidade=line(site.city), xEstProvReg=line(site.region)
    )
    return {
        **({"endExt": abroad} if site.city else {"CEP": site.postal_code}),
        "xLgr": line(site.street),
        "nro": line(site.number),
        "xCpl": line(site.complement) or None,
        "xBairro": line(site.neighborhood),
    }
