"""What is wrong with a note, in the two languages that the engine speaks; the console knows more."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.engines.nfse.findings import REMEDIES
from lacre.fiscal.ports import Problem


def problem(field: str, text: str, *, code: str = "invalid", published: str = "", fill: str = "") -> Problem:
    """With what to do about it: as the published rule has it, or in words of our own."""
    remedy = REMEDIES[published] if published else PORTUGUESE[text]
    return Problem(field=field, code=code, text=text, remedy=remedy, fill=fill)


PORTUGUESE: Mapping[str, str] = {
    "Give the reason in 15 to 255 letters.": "Informe o motivo em 15 a 255 caracteres.",
    "An ME/EPP says how it reckons taxes: 1 to 3.": "Informe o regime de apuração da ME/EPP: 1 a 3.",
    "Only an ME/EPP says how it reckons taxes.": "Só ME/EPP informa o regime de apuração.",
    "Choose a series from 1 to 49999, in digits.": "Escolha uma série de 1 a 49999, em dígitos.",
    "The number has one to fifteen digits.": "O número tem de um a quinze dígitos.",
    "The time of issue needs its offset.": "A hora de emissão precisa do fuso.",
    "The customer withholds ISS, and must be named.": "O cliente retém o ISS: identifique-o.",
    "The intermediary withholds ISS, and must be named.": "O intermediário retém o ISS: identifique-o.",
    "Give a name.": "Informe o nome.",
    "Write 6 to 20 digits, area code first.": "Escreva o telefone com 6 a 20 dígitos, começando pelo DDD.",
    "Brazil is not abroad.": "O Brasil não é exterior: informe outro país.",
    "Give the street.": "Informe o logradouro.",
    "Give the number in the street, or S/N.": "Informe o número do endereço, ou S/N.",
    "Give the neighborhood.": "Informe o bairro.",
    "Neither a CPF nor a CNPJ: check its digits.": "Não é CPF nem CNPJ: confira os dígitos.",
    "Write the national service code (cTribNac): six digits.": (
        "Escreva o código de tributação nacional (cTribNac): seis dígitos."
    ),
    "Write the IBGE code of the city: seven digits.": "Escreva o código do IBGE do município: sete dígitos.",
    "Write the two letters of a country (ISO 3166-1), such as US.": (
        "Escreva as duas letras de um país (ISO 3166-1), como US."
    ),
    "Write the CEP: eight digits.": "Escreva o CEP: oito dígitos.",
    "Write the note's key: 50 signs.": "Escreva a chave da nota: 50 caracteres.",
    "Write the benefit's number: 14 digits.": "Escreva o número do benefício: 14 dígitos.",
    "Describe the service.": "Descreva o serviço.",
    "All lines together are described in 2000 characters at most.": (
        "A descrição de todos os itens, somada, tem no máximo 2000 caracteres."
    ),
    "Say where it was rendered: a city's code, or a country abroad.": (
        "Informe onde o serviço foi prestado: o código do município, ou um país no exterior."
    ),
    "A note is of more than nothing.": "O valor da nota precisa ser maior que zero.",
    "Discount and deduction are more than the service.": "Desconto e dedução somam mais do que o serviço.",
    "A discount is less than the service.": "O desconto precisa ser menor que o serviço.",
    "An amount is 0 to 999999999999999.99.": "Um valor vai de 0 a 999999999999999,99.",
    "An amount has two decimals at most.": "Um valor tem no máximo duas casas decimais.",
    "ISS is 0 to 5 percent, with two decimals.": "O ISS vai de 0 a 5%, com até duas casas decimais.",
    "What is immune says why, and nothing else does.": (
        "Informe o tipo de imunidade, e só quando a operação é imune."
    ),
    "A rate is 0 to 100 percent, with two decimals.": (
        "Um percentual vai de 0 a 100%, com até duas casas decimais."
    ),
    "Write the process' number: 1 to 30 digits.": "Escreva o número do processo: 1 a 30 dígitos.",
    "What goes abroad needs the group of foreign trade.": (
        "O que vai ao exterior precisa das informações de comércio exterior."
    ),
    "Choose one of {0}.": "Escolha entre {0}.",
    "Say a deduction as an amount, as a rate, or by documents.": (
        "Informe a dedução em valor, em percentual ou por documentos: um só dos três."
    ),
    "A note deducts a thousand documents at most.": "Uma nota deduz no máximo mil documentos.",
    "Say a benefit's amount or its rate.": "Informe o benefício em valor ou em percentual, não os dois.",
    "Say one of code, cib and site.": "Identifique a obra por um só: código (CNO ou CEI), CIB ou endereço.",
    "Say one of code and site.": "Identifique o evento por um só: código ou endereço.",
    "An event ends on the day that it begins, or later.": "O evento termina no dia em que começa, ou depois.",
    "Say one of nfse_key, nfe_key, municipal_note, paper_note, fiscal_number and other_number.": (
        "Identifique o documento por um só: chave de NFS-e, chave de NF-e, nota municipal, nota em "
        "papel, número fiscal ou outro número."
    ),
    "Sign with the certificate of the company that issues.": "Assine com o certificado da empresa que emite.",
    "This installation issues no notes of legal value: set LACRE_NFSE_PRODUCTION=true to let it.": (
        "Esta instalação não emite notas de valor legal: quem a opera libera com LACRE_NFSE_PRODUCTION=true."
    ),
    "This installation has no Sefin of its own: run `lacre sefin` and set LACRE_NFSE_SANDBOX_URL.": (
        "Esta instalação não tem um sistema nacional simulado: quem a opera roda `lacre sefin` e define "
        "LACRE_NFSE_SANDBOX_URL."
    ),
    "This does not follow the national layout ({0}).": "Isto não segue o leiaute nacional ({0}).",
}
"""Of what no published rule says."""
