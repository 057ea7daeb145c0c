"""Drafts of declarations and of requests for events: written, judged by the schema, signed.

Apart from `office`, which imports it once it is needed: nfelib's classes take a second to load.
"""

from __future__ import annotations

from lacre.engines.nfse import schema
from lacre.engines.nfse.algorithm import Algorithm
from lacre.engines.nfse.certificate import same_root
from lacre.engines.nfse.dps import declaration
from lacre.engines.nfse.event import request_for
from lacre.engines.nfse.signature import signed
from lacre.engines.nfse.wording import problem
from lacre.engines.nfse.writing import xml_of
from lacre.fiscal.note import Cancellation, Note
from lacre.fiscal.ports import Certificate, Draft, Refused, Signed

_OTHER_COMPANY = problem(
    "certificate", "Sign with the certificate of the company that issues.", code="other_company"
)
_ISSUER = slice(11, 25)
"""Of a DPS's id: a CNPJ, or a CPF after three zeros."""


def draft_of(note: Note) -> Draft | Refused:
    written = declaration(note)
    xml = xml_of(written)
    wrong = schema.violations(schema.parse(xml), schema.DPS)
    return (
        Refused(problems=wrong)
        if wrong
        else Draft(environment=note.environment, id=written.infDPS.Id, xml=xml)
    )


def signed_draft(draft: Draft, certificate: Certificate, algorithm: Algorithm) -> Signed | Refused:
    if _is_anothers(certificate, _issuer(draft.id)):
        return Refused(problems=(_OTHER_COMPANY,))
    xml = signed(draft.xml, draft.id, certificate.pem, algorithm)
    return Signed(environment=draft.environment, id=draft.id, xml=xml)


def signed_request(asked: Cancellation, certificate: Certificate, algorithm: Algorithm) -> Signed | Refused:
    if _is_anothers(certificate, asked.author_tax_id):
        return Refused(problems=(_OTHER_COMPANY,))
    written = request_for(asked)
    xml = xml_of(written)
    wrong = schema.violations(schema.parse(xml), schema.EVENT_REQUEST)
    if wrong:
        return Refused(problems=wrong)
    request_id = written.infPedReg.Id
    return Signed(
        environment=asked.environment,
        id=request_id,
        xml=signed(xml, request_id, certificate.pem, algorithm),
    )


def _issuer(draft_id: str) -> str:
    filled = draft_id[_ISSUER]
    return filled[3:] if draft_id[10] == "1" else filled


def _is_anothers(certificate: Certificate, company: str) -> bool:
    """One that says of nobody whose it is, the Sefin will judge."""
    return bool(certificate.tax_id) and not same_root(certificate.tax_id, company)
