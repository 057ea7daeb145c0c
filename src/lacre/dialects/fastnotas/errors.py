"""How this dialect says no. The shape is nowhere shown: we chose `{"errors": {field: [sentence]}}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from lacre.accounts import actions as accounts
from lacre.fiscal import errors
from lacre.kit.refusal import NotFound, Refusal
from lacre.webhooks import errors as webhook_errors

Problems = Mapping[str, Sequence[str]]
BASE = "base"
"""Of what is no field's fault, as Rails calls it."""
UNAUTHORIZED = "Chave de API ausente ou inválida."
NOT_FOUND = "Recurso não encontrado."
NOT_ALLOWED = "Método não permitido."
MALFORMED = "O corpo da requisição não é um JSON válido."
TOO_FAST = "Limite de requisições excedido. Tente novamente em {} segundo(s)."
BROKEN_OFF: Mapping[int, str] = {
    408: "A requisição não chegou a tempo.",
    413: "A requisição é maior do que este servidor aceita.",
}
REQUIRED = "não pode ficar em branco"
INVALID = "não é válido"
TOO_LONG = "é muito longo"
TAX_ID = "não é um CPF nem um CNPJ válido"
AMOUNT = "não é um valor entre 0.01 e 9999999999999.99 com até duas casas decimais"


class Declined(Exception):
    """A refusal of this dialect: a sentence, or problems by field."""

    def __init__(
        self, status: int, said: str | Problems, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(said)
        self.status, self.headers = status, headers
        self.body: Mapping[str, object] = (
            {"error": said}
            if isinstance(said, str)
            else {"errors": {name: list(each) for name, each in said.items()}}
        )


def unprocessable(problems: Problems) -> Declined:
    return Declined(422, problems)


REFUSALS: Mapping[type[Refusal], str] = {
    accounts.AccountSuspended: "Esta conta está suspensa.",
    accounts.NotAPartner: "Esta conta não pode abrir empresas: quem opera o Lacre permite.",
    errors.CertificateMissing: "O tipo de documento ainda não tem certificado A1.",
    errors.SchemaInactive: "O tipo de documento está inativo.",
    errors.SequencePassed: "O próximo número já é {0}: só pode ser aumentado.",
    errors.InvoiceNotIssued: "Só um documento emitido pode ser cancelado.",
    errors.AlreadyReplaced: "Outro documento já substituiu este.",
    errors.NotToBeCorrected: "Só se corrige um documento que não foi emitido nem será.",
    errors.AlreadyCorrected: "Outro documento já foi pedido no lugar deste.",
    errors.CompanyKnown: "Outra empresa desta conta já tem este CNPJ neste ambiente.",
    errors.InvoiceToReplaceNotIssued: "Só um documento emitido pode ser substituído.",
    errors.InvoiceToReplaceCanceled: "O documento a substituir já foi cancelado, ou está sendo.",
    errors.ReplacedByAnotherCompany: "Um documento só é substituído por outro da mesma empresa.",
    errors.ReplacedInAnotherEnvironment: "O documento a substituir foi emitido em outro ambiente.",
    errors.ReplacementReasonInvalid: "Informe em 15 a 255 caracteres o motivo da substituição.",
    errors.AlreadyCanceled: "O documento já foi cancelado, ou está sendo.",
    errors.BeingReplaced: "Outro documento, em emissão, vai substituir este.",
    errors.ReasonTooShort: "Informe em 15 a 255 caracteres o motivo do cancelamento.",
    errors.NotToBeRetried: "Só pode ser tentado de novo o que falhou sem ser julgado.",
    errors.NoCompany: "Ainda não há empresa emissora.",
    webhook_errors.UrlNotAllowed: "A URL não pode receber webhooks.",
}
FIELDS: Mapping[type[errors.FieldInvalid], str] = {
    errors.TaxIdInvalid: TAX_ID,
    errors.FieldMissing: REQUIRED,
    errors.NumberInvalid: "não é um número com até duas casas decimais",
    errors.DayInvalid: "não é uma data",
    errors.ChoiceInvalid: "não pode ser {1}",
    errors.ListExpected: "não é uma lista",
    errors.GroupExpected: "tem vários campos",
    errors.FieldUnknown: "não é conhecido",
    errors.ValueInvalid: INVALID,
    errors.ItemsDiffer: "difere entre os itens: uma nota tem um só serviço",
    errors.CityCodeInvalid: "não é um código do IBGE de sete dígitos",
    errors.CountryInvalid: "não é o código ISO de um país, como US ou PT",
    errors.ForeignIdInvalid: "não é um número de identificação estrangeiro de até {1} caracteres",
    errors.SeriesInvalid: "não é um número de 1 a {1}",
    errors.AmountInvalid: AMOUNT,
}
_CERTIFICATES: Mapping[str, str] = {
    "not_pkcs12": "não é um certificado A1 (.pfx ou .p12)",
    "wrong_password": "a senha não abre o certificado",
    "no_key": "não traz a chave privada",
    "not_rsa": "não é RSA",
    "expired": "está vencido",
    "other_company": "é de outra empresa",
    "no_client_auth": "não serve para autenticação de cliente",
}


def declined(refusal: Refusal) -> Declined:
    """One without a word here says itself, in English: none of fiscal's is, as a test sees to."""
    match refusal:
        case NotFound():
            return Declined(404, NOT_FOUND)
        case errors.InvoiceNotPossible():
            return unprocessable(_by_field(refusal))
        case errors.CertificateNotUsable():
            code, reason = refusal.args
            return unprocessable({"credentials.certificate": [_CERTIFICATES.get(str(code), str(reason))]})
        case errors.FieldInvalid():
            return unprocessable({refusal.field: [FIELDS[type(refusal)].format(*refusal.args)]})
    said = REFUSALS.get(type(refusal))
    return unprocessable({BASE: [said.format(*refusal.args) if said else refusal.message]})


def invalid(problem: ValidationError) -> Declined:
    """Every field that is wrong, by its path: `address.zipcode`."""
    found: dict[str, list[str]] = {}
    for one in problem.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(str(part) for part in one["loc"]) or BASE
        said = _SAID.get(one["type"], INVALID)
        if said not in found.setdefault(path, []):
            found[path].append(said)
    return unprocessable(found)


def broken_off(status: int, headers: Mapping[str, str] | None) -> Declined:
    return Declined(status, BROKEN_OFF.get(status, MALFORMED), headers=headers)


_SAID = {
    **dict.fromkeys(("missing", "string_too_short", "too_short"), REQUIRED),
    **dict.fromkeys(("string_too_long", "too_long"), TOO_LONG),
}


def _by_field(refusal: errors.InvoiceNotPossible) -> Problems:
    found: dict[str, list[str]] = {}
    for one in refusal.problems:
        found.setdefault(one.field, []).append(one.advice)
    return found
