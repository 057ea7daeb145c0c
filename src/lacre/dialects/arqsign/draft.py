"""A process as it is asked for, made an envelope of ours: all but its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from lacre.accounts.account import User
from lacre.dialects.arqsign import errors, kept
from lacre.dialects.arqsign.asked import questions
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.dialects.arqsign.kept import OURS
from lacre.dialects.arqsign.wire import NewProcess, Position, Recipient, Security, SignOnline
from lacre.dialects.arqsign.words import CODE_WAYS
from lacre.kit.ids import AttachmentId, EnvelopeId, FieldId, SignerId
from lacre.kit.json import Json
from lacre.signing import errors as refusals
from lacre.signing.asking import Wanted
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.layout import Field, FieldKind, Place
from lacre.signing.options import ALERT_DAYS, EnvelopeOptions
from lacre.signing.signer import Channel, Passcode, Role, Signer, SignerOptions

ELECTRONIC, ICP_BRASIL = 1, 3
SIGNS, COPY = 1, 2
DRAWN_NAME = 1
"""Of the looks of a signature: the name, set in type."""
USUAL_DAYS = 30
"""Until a process expires, where its sender says nothing."""


def draft(call: Call, said: NewProcess, sender: User, folder: str, language: str) -> Envelope:
    """Without its documents, their fields, its number and its end."""
    check(said)
    envelope_id = EnvelopeId(call.services.tokens.uuid())
    return Envelope(
        id=envelope_id,
        account_id=call.account_id,
        number=0,
        title=said.nome_processo or said.documentos[0].nome_com_extensao.removesuffix(".pdf"),
        language=language,
        created_at=call.now,
        updated_at=call.now,
        documents=[],
        signers=list(_signers(call, said)),
        options=_options(said, sender, folder),
        dialect_data={OURS: _kept(said, sender)},
    )


def end_of(envelope: Envelope, day: timedelta, now: datetime) -> datetime:
    """When it expires, sent or sent again now."""
    return now + int(kept.of(envelope).get("expiracaoDias") or USUAL_DAYS) * day


def check(said: NewProcess) -> None:
    """What no single item can know; raises the first complaint."""
    if not any(one.id_tipo_acao == SIGNS for one in said.destinatarios):
        raise errors.declined(refusals.NoSigners())
    if len(said.documentos) > 1 and any(one.ordem_documento is None for one in said.documentos):
        raise errors.missing(["ordemDocumento"])
    _require_distinct([one.nome_com_extensao.lower() for one in said.documentos], "nomeComExtensao")
    _require_distinct([one.ordem_documento for one in said.documentos], "ordemDocumento")
    for one in said.destinatarios:
        _check_recipient(one, said)
    _check_order(said)


def fields(call: Call, said: NewProcess, envelope: Envelope) -> list[Field]:
    """Where each person signs in each document; none where the place is chosen by us."""
    if said.usar_posicao_assinatura_automatica:
        return []
    pairs = zip(envelope.signers, said.destinatarios, strict=True)
    return [
        Field(
            id=FieldId(call.services.tokens.uuid()),
            document_id=document.id,
            signer_id=signer.id,
            kind=FieldKind.SIGNATURE,
            place=place,
        )
        for signer, one in pairs
        if one.assinar_online is not None
        for position in one.assinar_online.definir_posicao_assinatura_manual
        for document, place in _places(position, said, envelope.documents)
    ]


def _options(said: NewProcess, sender: User, folder: str) -> EnvelopeOptions:
    advanced = said.configuracoes_avancadas
    notice = advanced.aviso_antes_expiracao_documento_dias
    return EnvelopeOptions(
        sequential=said.usar_ordem_assinatura,
        allow_refusal=True,
        reminder_days=advanced.frequencia_lembretes_dias,
        alert_days=(notice,) if notice else ALERT_DAYS,
        folder=folder,
        created_by=sender.email,
    )


def _kept(said: NewProcess, sender: User) -> dict[str, Json]:
    advanced = said.configuracoes_avancadas
    return {
        "idResponsavel": sender.id,
        "nomeResponsavel": sender.name or sender.email,
        "expiracaoDias": advanced.tempo_expiracao_documento_dias or USUAL_DAYS,
        "avisoExpiracaoDias": advanced.aviso_antes_expiracao_documento_dias,
        "frequenciaLembrete": advanced.frequencia_lembretes_dias,
        "gerarQrCode": advanced.gerar_qr_code,
        "obrigarLeitura": advanced.obrigar_leitura,
        "renovacaoMeses": said.renovacao_meses,
    }


# ── people ───────────────────────────────────────────────────────────────────


def _signers(call: Call, said: NewProcess) -> Iterator[Signer]:
    orders = sorted({one.ordem_assinatura or 0 for one in said.destinatarios})
    for one in said.destinatarios:
        online = one.assinar_online or SignOnline.model_construct()
        yield Signer(
            id=SignerId(call.services.tokens.uuid()),
            name=one.nome,
            email=one.email or "",
            phone_country="",
            phone=phone_of(one.telefone),
            role=Role.SIGNER if one.id_tipo_acao == SIGNS else Role.OBSERVER,
            qualification=", ".join(_roles(one)),
            group=orders.index(one.ordem_assinatura or 0),
            options=_signer_options(call, said, one),
            dialect_data={OURS: _kept_of(one, online)},
        )


def phone_of(said: str | None) -> str:
    """Digits with their country, which is Brazil's where none is said."""
    digits = "".join(sign for sign in said or "" if sign.isdigit())
    return f"55{digits}" if digits and not (said or "").startswith("+") and len(digits) <= 11 else digits


def _signer_options(call: Call, said: NewProcess, one: Recipient) -> SignerOptions:
    online = one.assinar_online
    if one.id_tipo_acao != SIGNS or online is None:
        return SignerOptions(notify_by=(), copy_by=_channels(one))
    own = online.mensagem_personalizada
    return SignerOptions(
        lock_email=True,
        lock_phone=True,
        ask_email=False,
        ask_phone=False,
        draw=one.representacao_visual_assinatura != DRAWN_NAME,
        certificate=online.id_tipo_assinatura != ELECTRONIC,
        notify_by=_channels(one),
        copy_by=_channels(one),
        message=own.texto if own else said.mensagem_padrao.texto,
        subject=own.titulo if own else said.mensagem_padrao.titulo,
        passcode=passcode_of(call, online.seguranca) if online.seguranca else None,
        questions=tuple(questions(online)),
        attachments=tuple(
            Wanted(
                id=AttachmentId(call.services.tokens.uuid()),
                name=wanted.anexo_documento_nome,
                required=wanted.anexo_obrigatorio,
                shown_to_all=wanted.anexo_exibir_todos_destinatarios,
            )
            for wanted in online.anexos
        ),
    )


def passcode_of(call: Call, said: Security) -> Passcode:
    channel = CODE_WAYS[said.id_meio_envio]
    phone = phone_of(said.codigo_seguranca_telefone)
    return Passcode(
        hidden=call.services.tokens.hide(said.codigo_seguranca),
        channel=channel,
        address=said.codigo_seguranca_email or "" if channel is Channel.EMAIL else phone and f"+{phone}",
        again=said.reenviar_codigo,
    )


def _channels(one: Recipient) -> tuple[Channel, ...]:
    return (Channel.EMAIL,) if one.email else (Channel.WHATSAPP,)


def _roles(one: Recipient) -> list[str]:
    online = one.assinar_online
    return [*online.papel_pessoa_fisica, *online.papel_pessoa_juridica] if online else []


def _kept_of(one: Recipient, online: SignOnline) -> dict[str, Json]:
    if one.assinar_online is None:
        return {"tipoAcao": one.id_tipo_acao, "ordem": one.ordem_assinatura}
    return {
        "tipoAcao": one.id_tipo_acao,
        "ordem": one.ordem_assinatura,
        "tipoAssinatura": online.id_tipo_assinatura,
        "assinarComo": online.assinar_como,
        "papelPessoaFisica": list(online.papel_pessoa_fisica),
        "papelPessoaJuridica": list(online.papel_pessoa_juridica),
    }


def _check_recipient(one: Recipient, said: NewProcess) -> None:
    if not one.email and not one.telefone:
        raise errors.missing(["email"])
    if one.email and one.telefone:
        raise Declined(422, errors.TWO_WAYS)
    if one.id_tipo_acao == COPY:
        return
    online = one.assinar_online
    if online is None:
        raise errors.missing(["assinarOnline"])
    if one.telefone and online.id_tipo_assinatura != ELECTRONIC:
        raise Declined(422, errors.BY_PHONE)
    _require_distinct([wanted.anexo_documento_nome.lower() for wanted in online.anexos], "anexoDocumentoNome")
    _check_security(one, online.seguranca)
    if not said.usar_posicao_assinatura_automatica:
        _check_positions(online.definir_posicao_assinatura_manual, len(said.documentos))


def _check_order(said: NewProcess) -> None:
    """Nobody stands twice at the same place."""
    signing = [one for one in said.destinatarios if one.id_tipo_acao == SIGNS]
    if said.usar_ordem_assinatura and any(not one.ordem_assinatura for one in signing):
        raise errors.missing(["ordemAssinatura"])
    places = [
        (
            (one.email or "").lower() or phone_of(one.telefone),
            said.usar_ordem_assinatura and one.ordem_assinatura,
        )
        for one in signing
    ]
    if len({*places}) != len(places):
        raise Declined(422, errors.TWICE_IN_ORDER)


def _check_security(one: Recipient, said: Security | None) -> None:
    """The code goes where it is said to go, or where the invitation goes."""
    if said is None or said.id_meio_envio == 4:
        return
    by_mail = CODE_WAYS[said.id_meio_envio] is Channel.EMAIL
    if by_mail and not (said.codigo_seguranca_email or one.email):
        raise errors.missing(["codigoSegurancaEmail"])
    if not by_mail and not (said.codigo_seguranca_telefone or one.telefone):
        raise errors.missing(["codigoSegurancaTelefone"])


def _check_positions(said: Sequence[Position], files: int) -> None:
    placed = {one.documento_de_ordem for one in said if one.pessoa_fisica or one.pessoa_juridica}
    if len(placed) < files:
        raise errors.missing(["definirPosicaoAssinaturaManual"])
    _require_distinct([one.documento_de_ordem for one in said], "documentoDeOrdem")


def _require_distinct(values: Sequence[object], name: str) -> None:
    said = [one for one in values if one is not None]
    if len({*said}) != len(said):
        raise errors.misshapen([name])


# ── places ───────────────────────────────────────────────────────────────────


def _places(
    position: Position, said: NewProcess, documents: Sequence[Document]
) -> Iterator[tuple[Document, Place]]:
    document = _document_at(position.documento_de_ordem, said, documents)
    for box in (position.pessoa_fisica, position.pessoa_juridica):
        if box is None:
            continue
        page = box.pagina - 1
        if page >= len(document.pages):
            raise errors.declined(refusals.FieldOffPage(box.pagina))
        size = document.pages[page]
        yield (
            document,
            Place.from_millimetres(
                size, page=page, left=box.posicao_x, top=box.posicao_y, width=box.largura, height=box.altura
            ),
        )


def _document_at(order: int, said: NewProcess, documents: Sequence[Document]) -> Document:
    orders = [one.ordem_documento or place for place, one in enumerate(said.documentos, 1)]
    try:
        return documents[orders.index(order)]
    except ValueError:
        raise errors.misshapen(["documentoDeOrdem"]) from None
