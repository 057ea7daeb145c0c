"""What ArqSIGN's clients send, as types; no behaviour.

Names come in any case, and `null` and `""` are "not given".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

from lacre.kit.ids import as_uuid

_EMAIL = r"^[^@\s]+@[^@\s]+$"
_PHONE = r"^\+?[\d\s().-]{8,25}$"
PERSON, LEGAL_PERSON, BOTH = 1, 2, 3
"""As what somebody signs."""
MOST_RECIPIENTS = 500
"""Theirs names no bound; a request of megabytes could hold a hundred thousand of them."""


class Said(BaseModel):
    """What is not in the contract is an error there."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _in_any_case(cls, said: object) -> object:
        if not isinstance(said, Mapping):
            return said
        known = _names(cls)
        return {
            known.get(str(name).lower(), name): value
            for name, value in said.items()
            if value is not None and value != ""
        }


def _names(kind: type[BaseModel]) -> dict[str, str]:
    """Every name that a field may come under, by its small letters."""
    names: dict[str, str] = {}
    for field in kind.model_fields.values():
        choices = field.validation_alias
        more = choices.choices if isinstance(choices, AliasChoices) else [field.alias or ""]
        names |= {str(one).lower(): str(one) for one in more}
    return names


def _guid(said: object) -> str:
    found = as_uuid(said) if isinstance(said, str) else None
    if found is None:
        raise ValueError("no GUID")
    return found


def _said_at_all(said: object) -> object:
    """An object of which nothing is filled in is none."""
    if isinstance(said, Mapping) and all(value in (None, "") for value in said.values()):
        return None
    return said


def _without_spaces(said: object) -> object:
    return "".join(said.split()) if isinstance(said, str) else said


Guid = Annotated[str, BeforeValidator(_guid), WithJsonSchema({"type": "string", "format": "uuid"})]
Email = Annotated[str, Field(max_length=320, pattern=_EMAIL)]
Phone = Annotated[str, Field(max_length=25, pattern=_PHONE)]
RoleName = Annotated[str, Field(max_length=50)]
Title = Annotated[str, Field(max_length=150)]


# ── sending ──────────────────────────────────────────────────────────────────


class Advanced(Said):
    tempo_expiracao_documento_dias: int = Field(0, ge=0, le=999)
    aviso_antes_expiracao_documento_dias: int = Field(0, ge=0, le=99)
    frequencia_lembretes_dias: int = Field(0, ge=0, le=999)
    gerar_qr_code: bool = Field(False, validation_alias=AliasChoices("gerarQrCode", "gerarQRCode"))
    obrigar_leitura: bool = False


class Message(Said):
    titulo: Title = ""
    texto: str = Field("", max_length=5000)


class OwnMessage(Said):
    """Both or neither."""

    titulo: Annotated[str, Field(min_length=1, max_length=150)]
    texto: Annotated[str, Field(min_length=1, max_length=5000)]


class Security(Said):
    codigo_seguranca: str = Field(pattern=r"^\d{4}$")
    id_meio_envio: Literal[1, 2, 3, 4]
    codigo_seguranca_email: Email | None = None
    codigo_seguranca_telefone: Phone | None = None
    reenviar_codigo: bool = False


class AttachmentAsked(Said):
    """All of it or none."""

    anexo_documento_nome: str = Field(min_length=1, max_length=75)
    anexo_obrigatorio: bool
    anexo_exibir_todos_destinatarios: bool


class Box(Said):
    """Millimetres from the page's left and top edges; pages count from 1."""

    pagina: int = Field(ge=1)
    altura: float = Field(gt=0)
    largura: float = Field(gt=0)
    posicao_x: float = Field(ge=0)
    posicao_y: float = Field(ge=0)


class Position(Said):
    documento_de_ordem: int = Field(1, ge=1)
    pessoa_fisica: Box | None = None
    pessoa_juridica: Box | None = None


class OtherDocument(Said):
    nome_documento: str = Field(max_length=50)
    formato_dados_documento: Literal[1, 2] = 1
    qtde_caracteres_documento: int = Field(0, ge=0, le=100)


class Holder(Said):
    """What the sender knows of a person or a company; 0 fills it in, 1 asks for it and compares."""

    nome: str = Field("", max_length=250)
    numero_documento: str = Field("", max_length=50)
    validar_documento: bool = Field(False, validation_alias=AliasChoices("validarDocumento", "validar"))
    descartar_dados_anteriores: bool = False

    @property
    def compared(self) -> bool:
        """Without a number there is nothing to compare with."""
        return self.validar_documento and bool(self.numero_documento)


class Label(Said):
    label: str = Field(max_length=100)
    valor: str = Field("", max_length=500)


class SignatureData(Said):
    signatario: Holder | None = None
    empresa: Holder | None = None
    dados_complementares: list[Label] = Field(default_factory=list, max_length=20)


class Electronic(Said):
    obrigar_signatario_informar_nome: bool = False
    obrigar_signatario_informar_numero_documento: bool = False
    tipo_documento_a_informar: Literal[1, 2, 3, 4] | None = None
    configuracao_documento_outro: OtherDocument | None = None
    obrigar_signatario_informar_nome_empresa: bool = False
    obrigar_signatario_informar_numero_documento_empresa: bool = False
    tipo_documento_empresa_a_informar: Literal[4, 5] | None = None
    configuracao_documento_empresa_outro: OtherDocument | None = None
    dados_assinatura: SignatureData | None = None


class SignOnline(Said):
    assinar_como: Literal[1, 2, 3]
    papel_pessoa_fisica: list[Annotated[str, Field(max_length=50)]] = Field(
        default_factory=list, max_length=20
    )
    papel_pessoa_juridica: list[Annotated[str, Field(max_length=50)]] = Field(
        default_factory=list, max_length=20
    )
    seguranca: Security | None = None
    mensagem_personalizada: Annotated[OwnMessage | None, BeforeValidator(_said_at_all)] = None
    anexos: list[AttachmentAsked] = Field(default_factory=list, max_length=20)
    definir_posicao_assinatura_manual: list[Position] = Field(default_factory=list, max_length=50)
    id_tipo_assinatura: Literal[1, 3, 4]
    assinatura_eletronica: Electronic | None = None
    dados_assinatura: SignatureData | None = None

    def signs_as(self, kind: int) -> bool:
        """`PERSON` or `LEGAL_PERSON`; whoever signs as both does as either."""
        return self.assinar_como in (kind, BOTH)

    @property
    def roles_of_person(self) -> Sequence[str]:
        return self.papel_pessoa_fisica if self.signs_as(PERSON) else ()

    @property
    def roles_of_company(self) -> Sequence[str]:
        return self.papel_pessoa_juridica if self.signs_as(LEGAL_PERSON) else ()

    @property
    def said_of_them(self) -> SignatureData | None:
        """Beside the electronic signature in their sample, inside it in their table."""
        inside = self.assinatura_eletronica.dados_assinatura if self.assinatura_eletronica else None
        return self.dados_assinatura or inside


class Recipient(Said):
    id_tipo_acao: Literal[1, 2]
    ordem_assinatura: int | None = Field(None, ge=0, le=999)
    representacao_visual_assinatura: Literal[1, 2, 3] | None = None
    nome: str = Field(min_length=1, max_length=150)
    email: Email | None = None
    telefone: Phone | None = None
    alterar_notificacoes: Literal[1, 2, 3, 4] | None = None
    retornar_link_processo: bool = False
    assinar_online: SignOnline | None = None


class NewFile(Said):
    """In Base64 or, in their version 3, where it lies."""

    ordem_documento: int | None = Field(None, ge=1, le=25)
    nome_com_extensao: str = Field(min_length=1, max_length=150)
    link_do_arquivo: str = Field("", max_length=2000)
    arquivo: str = ""


class NewProcess(Said):
    id_responsavel: Guid
    nome_processo: str = Field(min_length=1, max_length=250)
    id_pasta: Guid
    configuracoes_avancadas: Advanced = Advanced.model_construct()
    renovacao_meses: int = Field(0, ge=0, le=1200)
    mensagem_padrao: Message = Message.model_construct()
    usar_ordem_assinatura: bool
    usar_posicao_assinatura_automatica: bool
    destinatarios: list[Recipient] = Field(min_length=1, max_length=MOST_RECIPIENTS)
    documentos: list[NewFile] = Field(min_length=1, max_length=25)


# ── resending ────────────────────────────────────────────────────────────────


class Resent(Said):
    id_processo_destinatario: Guid
    id_forma_envio_processo: Literal[1, 2] | None = None
    nome: Title | None = None
    email: Email | None = None
    telefone: Phone | None = None
    id_meio_envio_codigo_seguranca: Literal[1, 2, 3, 4] | None = None
    email_seguranca: Email | None = None
    telefone_seguranca: Phone | None = None
    permitir_reenviar_codigo: bool | None = None
    dados_assinatura: SignatureData | None = None


# ── looking ──────────────────────────────────────────────────────────────────


class AttachmentsAsked(Said):
    arquivo_tipo: Literal[1, 2]
    signatarios: list[Guid] = Field(default_factory=list, max_length=MOST_RECIPIENTS)


class FoldersAsked(Said):
    buscar_por: Literal[1, 2, 3]
    ativas: bool = False
    pastas: list[str] = Field(default_factory=list, max_length=200)


class UsersAsked(Said):
    ativos: bool | None = None
    usuarios: list[Guid] = Field(default_factory=list, max_length=500)


class UsageAsked(Said):
    data_inicial: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}")
    data_final: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}")
    item: Literal[0, 1, 2, 3] = 0


# ── webhooks ─────────────────────────────────────────────────────────────────


class Returned(Said):
    """What a webhook carries; a type is required where files are."""

    processo: bool = False
    signatarios: bool = False
    documentos: bool = False
    documentos_tipo: Literal[1, 2] | None = None
    link_doc_compartilhado: bool = Field(
        False, validation_alias=AliasChoices("linkDocCompartilhado", "linkDocumentoCompartilhado")
    )
    registros_assinatura: bool = False
    registros_assinatura_tipo: Literal[1, 2] | None = None


class NewWebhook(Said):
    nome: str = Field(min_length=1, max_length=150)
    status: Literal[1, 2]
    url_publicar: Annotated[str, BeforeValidator(_without_spaces), Field(min_length=1, max_length=2000)]
    aguardar_retorno: bool = Field(False, validation_alias=AliasChoices("aguardarRetorno", "aguardaRetorno"))
    usuarios: list[Guid] = Field(default_factory=list, max_length=500)
    grupos: list[Guid] = Field(default_factory=list, max_length=500)
    pastas: list[Guid] = Field(default_factory=list, max_length=500)
    gatilhos: list[Annotated[int, Field(ge=1, le=8)]] = Field(min_length=1, max_length=8)
    dados_retorno: Returned = Returned.model_construct()


class NewStatus(Said):
    status: Literal[1, 2]


ResentList: TypeAlias = Annotated[list[Resent], Field(max_length=MOST_RECIPIENTS)]
NEW_PROCESS: TypeAdapter[NewProcess] = TypeAdapter(NewProcess)
RESENT: TypeAdapter[list[Resent]] = TypeAdapter(ResentList)
ATTACHMENTS_ASKED: TypeAdapter[AttachmentsAsked] = TypeAdapter(AttachmentsAsked)
FOLDERS_ASKED: TypeAdapter[FoldersAsked] = TypeAdapter(FoldersAsked)
USERS_ASKED: TypeAdapter[UsersAsked] = TypeAdapter(UsersAsked)
USAGE_ASKED: TypeAdapter[UsageAsked] = TypeAdapter(UsageAsked)
NEW_WEBHOOK: TypeAdapter[NewWebhook] = TypeAdapter(NewWebhook)
NEW_STATUS: TypeAdapter[NewStatus] = TypeAdapter(NewStatus)
