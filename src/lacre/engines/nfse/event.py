"""The request for an event that cancels a note: nfelib's classes, filled; they cannot write themselves."""

from __future__ import annotations

import nfelib.nfse.bindings.v1_0 as layout
from nfelib.nfse.bindings.v1_0 import tipos_eventos_v1_01 as events

from lacre.engines.nfse.dps import environment_code
from lacre.engines.nfse.form import APPLICATION, CANCELLED, REPLACED, VERSION, event_request_id, line, moment
from lacre.fiscal.note import Cancellation
from lacre.kit.tax_ids import clean_tax_id


def kind_of(cancellation: Cancellation) -> str:
    return REPLACED if cancellation.replaced_by else CANCELLED


def request_for(cancellation: Cancellation) -> layout.PedRegEvento:
    kind, author = kind_of(cancellation), clean_tax_id(cancellation.author_tax_id)
    told = events.TcinfPedReg(
        Id=event_request_id(cancellation.key, kind),
        tpAmb=environment_code(cancellation.environment),
        verAplic=APPLICATION,
        dhEvento=moment(cancellation.asked_at),
        CNPJAutor=author if len(author) == 14 else None,
        CPFAutor=author if len(author) == 11 else None,
        chNFSe=cancellation.key,
    )
    if kind == REPLACED:
        told.e105102 = _replaced(cancellation)
    else:
        told.e101101 = _cancelled(cancellation)
    return layout.PedRegEvento(versao=VERSION, infPedReg=told)


def _cancelled(cancellation: Cancellation) -> events.Te101101:
    return events.Te101101(
        xDesc=events.Te101101XDesc("Cancelamento de NFS-e"),
        cMotivo=layout.TscodJustCanc(cancellation.reason.value),
        xMotivo=line(cancellation.text),
    )


def _replaced(cancellation: Cancellation) -> events.Te105102:
    return events.Te105102(
        xDesc=events.Te105102XDesc("Cancelamento de NFS-e por Substituição"),
        cMotivo=layout.TscodJustSubst(cancellation.replaced_reason),
        xMotivo=line(cancellation.text) or None,
        chSubstituta=cancellation.replaced_by,
    )
