"""How this dialect says no. What IDEXA answers is not shown: `{"statusCode", "message", "error"}` is ours."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import ValidationError

from lacre.accounts import actions as accounts
from lacre.kit.refusal import NotFound, Refusal
from lacre.processing import errors
from lacre.webhooks import errors as webhook_errors


class Declined(Exception):
    """A refusal of this dialect."""

    def __init__(self, status: int, said: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(said)
        self.status, self.said, self.headers = status, said, headers

    @property
    def body(self) -> dict[str, object]:
        return {"statusCode": self.status, "message": self.said, "error": HTTPStatus(self.status).phrase}


UNAUTHORIZED = "Chave de API ausente ou inválida."
NOT_FOUND = "Não encontrado."
MALFORMED = "O corpo da requisição não é um JSON válido."
NO_FORM = "Envie o formulário como multipart/form-data."
NO_FILES = "Envie ao menos um arquivo no campo 'files'."
TOO_MANY_FILES = "Envie no máximo {} arquivos por vez."
TOO_LARGE = "O arquivo {} é maior do que {} MB."
ONE_EXTERNAL_ID = "O externalId não se repete: com ele, envie um arquivo por vez."
NO_METHOD = "Método não permitido."
NO_PLACE = "A url deve ter ':id' no caminho ou em um parâmetro."
TYPE_UNKNOWN = "O tipo de webhook {} não existe: use 0 (documento finalizado)."
WEBHOOK_EXISTS = "Já existe um webhook deste tipo. Para alterar, exclua o atual."
BROKEN_OFF: Mapping[int, str] = {
    400: NO_FORM,
    408: "A requisição não chegou a tempo.",
    413: "A requisição é maior do que este servidor aceita.",
}
_WRONG = "{}: valor inválido."
_MISSING = "{}: campo obrigatório."

REFUSALS: Mapping[type[Refusal], tuple[int, str]] = {
    NotFound: (404, NOT_FOUND),
    accounts.AccountSuspended: (402, "A conta está suspensa."),
    errors.ExternalIdTaken: (409, "O externalId '{0}' já foi usado."),
    errors.PagesNotUsable: (400, 'pages: escreva como "1,2,5-10", em ordem crescente.'),
    errors.TypeUnknown: (400, "O tipo de documento {0} não existe."),
    webhook_errors.UrlNotAllowed: (400, "A url não pode receber webhooks."),
    webhook_errors.HeaderNotAllowed: (400, "O header '{0}' não pode ser enviado."),
    webhook_errors.AuthorizationNotUsable: (400, "A autorização não pode ser usada."),
}


def declined(refusal: Refusal) -> Declined:
    """One without a sentence here says itself, in English."""
    for kind in type(refusal).__mro__:
        if kind in REFUSALS:
            status, text = REFUSALS[kind]
            return Declined(status, text.format(*refusal.args))
    return Declined(400, refusal.message)


def invalid(problem: ValidationError) -> Declined:
    """The first thing that is wrong, by the name of its field."""
    first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    name = first["loc"][0] if first["loc"] else "body"
    return Declined(400, (_MISSING if first["type"] == "missing" else _WRONG).format(name))


def broken_off(status: int, headers: Mapping[str, str] | None) -> Declined:
    return Declined(status, BROKEN_OFF.get(status, MALFORMED), headers=headers)
