"""How ArqSIGN's API says no: status and sentence of each refusal, in Portuguese.

The sentences are theirs. What stands around them is nowhere shown: we chose `{"codigo", "mensagem"}`,
and an installation may choose others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError

from lacre.accounts import actions as accounts
from lacre.dialects.uploads import NOT_BASE64, NOT_PDF
from lacre.documents.fetching import NotFetched
from lacre.kit.refusal import NotFound, Refusal
from lacre.signing import errors
from lacre.signing.ports import Unusable
from lacre.webhooks import errors as webhook_errors


class Declined(Exception):
    """A refusal of this dialect."""

    def __init__(self, status: int, said: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(said)
        self.status, self.said, self.headers = status, said, headers

    def body(self, names: str) -> dict[str, object]:
        """`names`: of the code and of the sentence, as `codigo,mensagem`."""
        code, _, sentence = names.partition(",")
        return {code: self.status, sentence: self.said}


UNAUTHORIZED = "Acesso não autorizado."
NO_METHOD = "Método não encontrado."
WRONG = "Algum parâmetro está incorreto ou é inexistente."
DELETED = "Documento excluído."
MISSING = "O(s) item(ns) listado(s) é(são) obrigatório(s): “{}”."
MISSHAPEN = "O(s) item(ns) listado(s) está(ão) com o formato incorreto: “{}”."
UNKNOWN_IDS = "O(s) id(s) listado(s) não existe(m): “{}”."
TWO_WAYS = "Somente é possível enviar o processo para um e-mail ou telefone. Escolha uma forma de envio."
TWO_FILES = "Somente é permitido informar linkDoArquivo ou arquivo."
NOT_FETCHED = "O link do arquivo {} está inválido ou o arquivo não foi encontrado."
BY_PHONE = (
    "Somente é possível enviar processos por WhatsApp para signatários com tipo de assinatura eletrônica"
    " ou com ação de receber cópia."
)
TWICE_IN_ORDER = (
    "Existem destinatários duplicados na mesma posição de ordem de assinatura. Verifique a lista de"
    " destinatários e configure uma ordem de assinatura diferente para os destinatários duplicados ou remova"
    " os repetidos"
)
ONLY_PDF = "O arquivo {} é inválido. Somente é permitido arquivo do tipo PDF."
PLACED_TWICE = "Somente é permitido uma representação por tipo de assinatura."
NO_PLACE = (
    "É necessário enviar os parâmetros {0} em definirPosicaoAssinaturaManual para os signatários com o"
    " parâmetro assinarComo = {1} ou 3 em todos os arquivos do processo."
)
NO_PAGE = "A página “{}” não existe no arquivo."
NO_DOCUMENT = "Não existe o documento na ordem {} informada no parâmetro “documentoDeOrdem”."
UNNAMED_KIND = "O parâmetro {} é obrigatório quando {} for igual a 4."
TOO_MUCH = "A requisição é maior do que o permitido: envie até 25 arquivos que somem até 100 MB."
BROKEN_OFF: Mapping[int, str] = {
    408: "A requisição não chegou a tempo.",
    413: TOO_MUCH,
}
TOO_FAST = "Limite de requisições excedido. Tente novamente em {} segundo(s)."
_UNREADABLE = frozenset({"extra_forbidden", "json_invalid", "json_type", "model_type", "dict_type"})

REFUSALS: Mapping[type[Refusal], tuple[int, str]] = {
    NotFound: (404, NO_METHOD),
    accounts.AccountSuspended: (401, UNAUTHORIZED),
    errors.NoDocuments: (422, "Informe de 1 a 25 documentos."),
    errors.NoSigners: (422, "Informe pelo menos um destinatário que assine o documento."),
    errors.FieldOffPage: (422, "Posicionamento definirPosicaoAssinaturaManual fora dos limites da página."),
    errors.GroupsNotContiguous: (422, "A ordem de assinatura deve ser contínua."),
    errors.SignerHasSigned: (422, "O signatário já assinou o documento."),
    errors.AlreadySigned: (422, "O signatário já assinou o documento."),
    errors.LimitPassed: (422, "O prazo de expiração já passou."),
    errors.CertificateSigned: (422, "O documento já foi assinado com certificado digital."),
    webhook_errors.UrlNotAllowed: (400, MISSHAPEN.format("urlPublicar")),
}
UNUSABLE: Mapping[str, str] = {
    "too_large": "O arquivo é maior do que o permitido.",
    "password": "O arquivo está protegido por senha.",
    "active_content": "O arquivo contém conteúdo ativo e não pode ser usado.",
}


def declined(refusal: Refusal) -> Declined:
    """One without a sentence here says itself, in English."""
    for kind in type(refusal).__mro__:
        if kind in REFUSALS:
            status, text = REFUSALS[kind]
            return Declined(status, text.format(*refusal.args))
    return Declined(422, refusal.message)


def unusable(problem: Unusable | NotFetched, name: str) -> Declined:
    if isinstance(problem, NotFetched):
        return Declined(422, NOT_FETCHED.format(name))
    if problem == NOT_BASE64:
        return misshapen(["arquivo"])
    if problem.code == NOT_PDF:
        return Declined(422, ONLY_PDF.format(name))
    reason = UNUSABLE.get(problem.code)
    return Declined(422, f"{name}: {reason}") if reason else misshapen(["arquivo"])


def missing(names: Iterable[str]) -> Declined:
    return Declined(400, MISSING.format(_listed(names)))


def misshapen(names: Iterable[str]) -> Declined:
    return Declined(400, MISSHAPEN.format(_listed(names)))


def unknown(ids: Iterable[str]) -> Declined:
    return Declined(400, UNKNOWN_IDS.format(_listed(ids)))


def invalid(problem: ValidationError) -> Declined:
    """Exactly one sentence: of what nobody knows, else of what is missing, else of what is misshapen."""
    kinds: dict[str, list[str]] = {}
    for one in problem.errors(include_url=False, include_context=False, include_input=False):
        item = _path(one["loc"])
        # a body that is none of theirs at all has no item to name
        kinds.setdefault(_kind(one["type"]) if item else "wrong", []).append(item)
    if "wrong" in kinds:
        return Declined(400, WRONG)
    return missing(kinds["missing"]) if "missing" in kinds else misshapen(kinds["misshapen"])


def broken_off(status: int, headers: Mapping[str, str] | None) -> Declined:
    return Declined(status, BROKEN_OFF.get(status, WRONG), headers=headers)


def _kind(of: str) -> str:
    if of in _UNREADABLE:
        return "wrong"
    # an empty list is as good as none
    return "missing" if of in ("missing", "too_short") else "misshapen"


def _path(loc: Sequence[int | str]) -> str:
    """The item's own name: `nome` of `("destinatarios", 0, "nome")`."""
    return next((part for part in reversed(loc) if isinstance(part, str)), "")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
