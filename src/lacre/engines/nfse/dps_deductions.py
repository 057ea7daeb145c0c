"""What a DPS says of deductions: an amount, a rate, or the documents that they are told by."""

from __future__ import annotations

import nfelib.nfse.bindings.v1_0 as layout
from xsdata.models.datatype import XmlDate

from lacre.engines.nfse.dps_persons import person
from lacre.engines.nfse.form import filled, line, money, rate
from lacre.fiscal.note import Amounts
from lacre.fiscal.particulars import DeductedDocument, MunicipalNote, PaperNote


def deductions(amounts: Amounts) -> layout.TcinfoDedRed | None:
    if amounts.documents:
        documents = [_document(one) for one in amounts.documents]
        return layout.TcinfoDedRed(documentos=layout.TclistaDocDedRed(docDedRed=documents))
    if amounts.deduction_rate is not None:
        return layout.TcinfoDedRed(pDR=rate(amounts.deduction_rate))
    return layout.TcinfoDedRed(vDR=money(amounts.deduction)) if amounts.deduction else None


def _document(one: DeductedDocument) -> layout.TcdocDedRed:
    return layout.TcdocDedRed(
        chNFSe=one.nfse_key or None,
        chNFe=one.nfe_key or None,
        NFSeMun=_municipal_note(one.municipal_note),
        NFNFS=_paper_note(one.paper_note),
        nDocFisc=line(one.fiscal_number) or None,
        nDoc=line(one.other_number) or None,
        tpDedRed=layout.TsideDedRed(one.kind),
        xDescOutDed=line(one.description) or None,
        dtEmiDoc=XmlDate.from_date(one.issued_on),
        vDedutivelRedutivel=money(one.deductible),
        vDeducaoReducao=money(one.deducted),
        fornec=person(one.supplier),
    )


def _municipal_note(note: MunicipalNote | None) -> layout.TcdocOutNfse | None:
    if note is None:
        return None
    return layout.TcdocOutNfse(
        cMunNFSeMun=note.city_code, nNFSeMun=filled(note.number, 15), cVerifNFSeMun=note.verification_code
    )


def _paper_note(note: PaperNote | None) -> layout.TcdocNfnfs | None:
    if note is None:
        return None
    return layout.TcdocNfnfs(nNFS=filled(note.number, 7), modNFS=filled(note.model, 15), serieNFS=note.series)
