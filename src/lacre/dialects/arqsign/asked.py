"""What a signer is asked to say about themself or their company, as our questions, and their answers."""

from __future__ import annotations

from collections.abc import Iterator

from lacre.dialects.arqsign.wire import LEGAL_PERSON, PERSON, Electronic, Holder, OtherDocument, SignOnline
from lacre.dialects.arqsign.words import DOCUMENT_KINDS
from lacre.signing.asking import AnswerKind, Question

NAME, NUMBER = "nome", "numeroDocumento"
COMPANY, COMPANY_NUMBER = "nomeEmpresa", "numeroDocumentoEmpresa"
_KINDS = {1: AnswerKind.CPF, 2: AnswerKind.DIGITS, 3: AnswerKind.TEXT, 5: AnswerKind.CNPJ}
_LENGTHS = {2: 11}
_NOBODY = Holder.model_construct(nome="", numero_documento="", validar_documento=False)


def questions(online: SignOnline) -> Iterator[Question]:
    """What is known and not asked for is none, except what their sender wants compared."""
    electronic = online.assinatura_eletronica or Electronic.model_construct()
    known = online.said_of_them
    person = (known.signatario if known else None) or _NOBODY
    company = (known.empresa if known else None) or _NOBODY
    if online.assinar_como != LEGAL_PERSON:
        yield from _of_person(electronic, person)
    if online.assinar_como != PERSON:
        yield from _of_company(electronic, company)
    for place, more in enumerate(known.dados_complementares if known else (), 1):
        yield Question(key=f"dado{place}", label=more.label, known=more.valor, required=False)


def _of_person(electronic: Electronic, person: Holder) -> Iterator[Question]:
    if electronic.obrigar_signatario_informar_nome:
        yield Question(key=NAME, label="Nome completo", known=person.nome)
    if electronic.obrigar_signatario_informar_numero_documento or person.compared:
        yield _number(
            NUMBER,
            electronic.tipo_documento_a_informar or 1,
            electronic.configuracao_documento_outro,
            person,
        )


def _of_company(electronic: Electronic, company: Holder) -> Iterator[Question]:
    if electronic.obrigar_signatario_informar_nome_empresa:
        yield Question(key=COMPANY, label="Nome da empresa", known=company.nome)
    if electronic.obrigar_signatario_informar_numero_documento_empresa or company.compared:
        yield _number(
            COMPANY_NUMBER,
            electronic.tipo_documento_empresa_a_informar or 5,
            electronic.configuracao_documento_empresa_outro,
            company,
        )


def _number(key: str, kind: int, other: OtherDocument | None, of: Holder) -> Question:
    known, check = of.numero_documento, of.compared
    if kind in _KINDS:
        return Question(
            key=key,
            label=DOCUMENT_KINDS[kind],
            kind=_KINDS[kind],
            length=_LENGTHS.get(kind, 0),
            known=known,
            check=check,
        )
    named = other or OtherDocument.model_construct(
        nome_documento="Documento", formato_dados_documento=1, qtde_caracteres_documento=0
    )
    return Question(
        key=key,
        label=named.nome_documento,
        kind=AnswerKind.DIGITS if named.formato_dados_documento == 2 else AnswerKind.TEXT,
        length=named.qtde_caracteres_documento,
        known=known,
        check=check,
    )
