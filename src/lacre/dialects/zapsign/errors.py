"""How ZapSign's API says no: status and body of each refusal, in Portuguese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lacre.accounts import actions as accounts
from lacre.documents.fetching import NotFetched
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound, Refusal
from lacre.signing import errors
from lacre.signing.ports import Unusable
from lacre.webhooks import errors as webhook_errors

_OUR_FAULT = 500


class Declined(Exception):
    """A refusal of this dialect alone; a text becomes `{"detail": text}`."""

    def __init__(
        self,
        status: int,
        said: str | Mapping[str, Json],
        *,
        headers: Mapping[str, str] | None = None,
        passes: bool = False,
    ) -> None:
        """`passes`: the same may go better later, though its status does not say so."""
        super().__init__(said)
        self.status, self.headers = status, headers
        self.body: Mapping[str, Json] = {"detail": said} if isinstance(said, str) else said
        self.passes = passes or status >= _OUR_FAULT

    @property
    def reason(self) -> str:
        """A sentence of it."""
        told = (self.body.get(name) for name in ("detail", "message", "error"))
        return next((one for one in told if isinstance(one, str)), str(dict(self.body)))


NOT_FOUND = "Não encontrado."
NO_TOKEN = "As credenciais de autenticação não foram fornecidas."  # noqa: S105 - a message
BAD_TOKEN = "Você não tem permissão para executar essa ação."  # noqa: S105 - a message
MALFORMED = "O JSON enviado está inválido"
NULL_SIGN = "Caracteres nulos não são permitidos."
BROKEN_OFF: Mapping[int, str] = {
    408: "A requisição não chegou a tempo.",
    413: "A requisição é maior do que este servidor aceita.",
}
OWNER_STAYS = "Não é possível remover usuários com permissão de proprietário da organização."
REQUIRED = "Este campo é obrigatório."
INVALID = "Este campo não é válido."
TOO_LONG = "Certifique-se de que este campo não tenha mais de {} caracteres."
TOO_MANY = "Certifique-se de que este campo não tenha mais de {} elementos."

REFUSALS: Mapping[type[Refusal], tuple[int, str | Mapping[str, Json]]] = {
    NotFound: (404, NOT_FOUND),
    accounts.OwnerStays: (
        400,
        "Não é possível remover usuários com permissão de proprietário da organização.",
    ),
    accounts.EmailTaken: (400, "O e-mail {0} já pertence a um usuário de outra organização."),
    errors.EnvelopeClosed: (400, "Este documento já foi encerrado e não pode mais ser alterado."),
    errors.EnvelopeNotDraft: (400, "Este documento já foi enviado."),
    errors.NoDocuments: (400, "Um envelope deve ter de 1 a 15 documentos."),
    errors.NoSigners: (400, "O documento deve ter pelo menos um signatário."),
    errors.AlreadySigned: (400, "O signatário já assinou o documento."),
    errors.NotNeeded: (400, "O mínimo de assinaturas do grupo já foi atingido."),
    errors.AlreadyRefused: (400, "O signatário já recusou o documento."),
    errors.NotTheirTurn: (400, "Ainda não é a vez deste signatário."),
    errors.RefusalNotAllowed: (403, "A reprovação deste documento não é permitida"),
    errors.ReasonMissing: (400, "Você deve encaminhar o rejected_reason (string)"),
    errors.ValueMissing: (400, "O campo '{0}' deve ser preenchido."),
    errors.ValueInvalid: (400, "O campo '{0}' não tem um valor válido."),
    errors.TermsNotAccepted: (400, "A assinatura eletrônica não foi aceita."),
    errors.MarkMissing: (400, "Falta a assinatura."),
    errors.IdentificationMissing: (400, "Falta confirmar o código enviado."),
    errors.PhotoMissing: (400, "Falta a foto pedida."),
    errors.AttachmentMissing: (400, "Falta o arquivo pedido: {0}."),
    errors.AnswerDiffers: (400, "O valor informado em '{0}' não confere."),
    errors.CertificateMissing: (400, "Este documento é assinado com certificado digital ICP-Brasil."),
    errors.CertificateUnreadable: (400, "O arquivo não é um certificado digital."),
    errors.CertificatePasswordWrong: (400, "A senha do certificado digital não confere."),
    errors.CertificateUnfit: (400, "O certificado digital não serve para assinar."),
    errors.CertificateNotYetValid: (400, "O certificado digital ainda não é válido."),
    errors.CertificateExpired: (400, "O certificado digital está vencido."),
    errors.CertificateRevoked: (400, "O certificado digital foi revogado."),
    errors.CertificateNotTrusted: (400, "O certificado digital não é da ICP-Brasil."),
    errors.CertificateNameless: (400, "O certificado digital não informa CPF nem CNPJ."),
    errors.CertificateOfAnother: (400, "O certificado digital não pertence ao signatário."),
    errors.CertificateSigned: (
        400,
        "Há uma assinatura com certificado digital: o documento não pode mais ser alterado.",
    ),
    errors.TryAgain: (400, "Outra pessoa assinou no mesmo momento. Tente de novo."),
    errors.CodeWrong: (400, "O código está errado ou venceu."),
    errors.CodeLocked: (400, "O limite de tentativas foi atingido."),
    errors.TooManyCodes: (400, "O limite diário de códigos foi atingido."),
    errors.CodeTooSoon: (400, "Um código acabou de ser enviado."),
    errors.TaxIdWrong: (400, "O CPF informado não confere."),
    errors.AttemptsLeft: (400, {"error": "Signatário tem tentativas"}),
    errors.LastSigner: (400, "Não é possível remover o único signatário do documento"),
    errors.SignerHasSigned: (400, "Não é possível alterar um signatário que já assinou o documento"),
    errors.GroupsNotContiguous: (400, "A numeração dos grupos deve ser contínua."),
    errors.FieldOffPage: (400, "A posição na página {0} não cabe na página."),
    errors.FieldForStranger: (400, "Há uma posição para um signatário que não é deste documento."),
    errors.FieldBesideSignatures: (400, "Um PDF que já vem assinado não aceita campos além de assinaturas."),
    errors.OrderIncomplete: (400, "Informe todos os tokens dos documentos do envelope, cada um uma vez."),
    errors.FolderNotUsable: (
        400,
        "O folder_path pode ter até 5 níveis de pasta, de até 50 caracteres cada, e 255 no total.",
    ),
    errors.LimitPassed: (400, "A data limite para assinar já passou."),
    errors.TemplateClosed: (403, "Este modelo foi excluído ou está inativo."),
    errors.VariableUnknown: (400, "O modelo não tem a variável '{0}'."),
    errors.OptionsMissing: (400, "A variável '{0}' precisa de opções."),
    errors.AnswerMissing: (400, "O campo '{0}' deve ser preenchido."),
    errors.AnswerInvalid: (400, "O campo '{0}' não tem um valor válido."),
    errors.FormNotFilled: (400, "O signatário ainda não preencheu o formulário."),
    errors.FormFilled: (400, "O formulário já foi preenchido."),
    errors.NotNotifiedYet: (400, "Aguarde {0} minutos entre um lembrete e outro."),
    webhook_errors.UrlNotAllowed: (400, "A url não pode receber webhooks."),
    webhook_errors.PlaceUnknown: (400, "A url tem um parâmetro que não existe."),
    webhook_errors.HeaderNotAllowed: (400, "O header '{0}' não pode ser enviado."),
    webhook_errors.SecretNotUsable: (400, "O segredo não pode ser usado."),
    webhook_errors.AuthorizationNotUsable: (400, "A autorização não pode ser usada."),
    webhook_errors.CertificateNotUsable: (400, "O certificado não pode ser usado."),
    webhook_errors.RetryNotUsable: (400, "As tentativas não podem ser prometidas."),
    webhook_errors.RateNotUsable: (400, "O ritmo dos envios não pode ser mantido."),
    webhook_errors.ContentNotPossible: (400, "O webhook não pode contar isso."),
    webhook_errors.BehindAnother: (400, "O envio espera pelo anterior."),
    webhook_errors.TooMuchWaits: (400, "Há envios demais à espera para mudar a ordem do webhook."),
    webhook_errors.EndpointNotActive: (400, "O webhook está pausado."),
    webhook_errors.EndpointDeleted: (404, NOT_FOUND),
    errors.DocumentsFixed: (400, "Não é possível adicionar documentos depois da primeira assinatura."),
}

REFUSE_TEXTS: Mapping[str, str] = {
    "missing_doc_token": "Você deve encaminhar o doc_token (string)",
    "missing_rejected_reason": "Você deve encaminhar o rejected_reason (string)",
    "invalid_json": "O JSON enviado está inválido",
    "document_already_signed": "Não se pode cancelar um documento assinado",
    "document_already_refused": "Não se pode cancelar um documento que já foi cancelado/recusado",
    "refuse_not_allowed": "A reprovação deste documento não é permitida",
    "document_not_found": "Documento não encontrado",
    "missing_user_agent": "O header User-Agent é obrigatório",
}
"""Of cancelling a document, whose errors alone have codes."""

UNUSABLE: Mapping[str, str] = {
    "not_a_pdf": "O arquivo não é um PDF.",
    "password": "O PDF está protegido por senha.",
    "no_pages": "O PDF não tem páginas.",
    "active_content": "O PDF contém conteúdo ativo (JavaScript ou ações) e não pode ser assinado.",
    "certified_final": "O PDF foi certificado como final e não aceita novas assinaturas.",
    "too_large": "O arquivo é grande demais.",
    "broken": "O PDF está corrompido e não pôde ser lido.",
    "changed_by_repair": "O PDF está corrompido e não pôde ser consertado sem alterar o seu conteúdo.",
    "too_slow": "O arquivo demorou demais para ser analisado.",
    "not_a_docx": "O arquivo não é um DOCX.",
    "docx_password": "O documento está protegido por senha ou é de um formato antigo: envie um .docx.",
    "docx_broken": "O DOCX está corrompido e não pôde ser lido.",
    "macros": "O DOCX contém macros ou controles e não pode ser usado.",
    "external_link": "O DOCX mostra arquivos que estão em outro lugar. Coloque-os dentro do documento.",
    "no_office": "Esta instalação não converte DOCX em PDF: falta o LibreOffice no servidor.",
    "busy": "Há documentos demais sendo convertidos. Tente de novo em um minuto.",
}


def payment_required(why: str = "") -> Declined:
    """What is not part of the plan there; here, what this installation or this account does not have."""
    return Declined(402, {"error": "Payment Required", **({"message": why} if why else {})})


def declined(refusal: Refusal) -> Declined:
    """The wording of a rule's refusal; one without a word here says itself, in English."""
    if isinstance(refusal, accounts.AccountSuspended):
        return payment_required()
    for kind in type(refusal).__mro__:
        if kind in REFUSALS:
            status, text = REFUSALS[kind]
            return Declined(status, text.format(*refusal.args) if isinstance(text, str) else text)
    return Declined(400, refusal.message)


def broken_off(status: int, headers: Mapping[str, str] | None) -> Declined:
    """A body that came too slowly, or grew too large."""
    return Declined(status, BROKEN_OFF.get(status, MALFORMED), headers=headers)


def unusable(problem: Unusable | NotFetched) -> Declined:
    if isinstance(problem, NotFetched):
        text = f"O arquivo não pôde ser baixado da URL informada ({problem.reason})."
        return Declined(400, text, passes=problem.passes)
    status = 503 if problem.code in ("no_office", "busy") else 400
    return Declined(status, UNUSABLE.get(problem.code, UNUSABLE["broken"]))


def invalid(problem: ValidationError) -> Declined:
    """Every field that is wrong, by its path: `signers.0.name`."""
    data: dict[str, list[str]] = {}
    for one in problem.errors(include_url=False, include_context=True, include_input=False):
        data.setdefault(_path(one["loc"]), []).append(_complaint(one["type"], one.get("ctx", {})))
    return Declined(400, {"message": "Invalid Input", "data": data})


def missing(*names: str) -> Declined:
    return Declined(400, {"message": "Invalid Input", "data": {name: [REQUIRED] for name in names}})


def _path(loc: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in loc) or "non_field_errors"


def _complaint(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "missing":
        return REQUIRED
    if kind == "string_too_long":
        return TOO_LONG.format(context.get("max_length"))
    if kind == "too_long":
        return TOO_MANY.format(context.get("max_length"))
    return INVALID
