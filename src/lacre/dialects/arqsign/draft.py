"""A process as it is asked for, made an envelope of ours: all but its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from lacre.accounts.account import User
from lacre.dialects.arqsign import errors, kept, words
from lacre.dialects.arqsign.asked import questions
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.dialects.arqsign.kept import OURS
from lacre.dialects.arqsign.wire import (
    LEGAL_PERSON,
    PERSON,
    NewProcess,
    Position,
    Recipient,
    Security,
    SignOnline,
)
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
OTHER = 4
"""Of the kinds of documents: one that the sender describes."""
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
        title=said.nome_processo,
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
    _check_files(said)
    _require_distinct([one.nome_com_extensao.lower() for one in said.documentos], "nomeComExtensao")
    _require_distinct([one.ordem_documento for one in said.documentos], "ordemDocumento")
    for one in said.destinatarios:
        _check_recipient(one, said)
    _check_order(said)


def _check_files(said: NewProcess) -> None:
    """Named with the extension, which tells nobody anything: it is always this one."""
    for one in said.documentos:
        stem, _, extension = one.nome_com_extensao.strip().rpartition(".")
        if not stem or extension.lower() != "pdf":
            raise Declined(422, errors.ONLY_PDF.format(one.nome_com_extensao))
        if not one.arquivo and not one.link_do_arquivo:
            raise errors.missing(["arquivo"])
        if one.arquivo and one.link_do_arquivo:
            raise Declined(422, errors.TWO_FILES)


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
        for document, place in _places(position, one.assinar_online, said, envelope.documents)
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
    asked, told = words.NOTIFICATIONS[one.alterar_notificacoes]
    copy_by = _channels(one) if told else ()
    if one.id_tipo_acao != SIGNS or online is None:
        return SignerOptions(notify_by=(), copy_by=copy_by)
    own = online.mensagem_personalizada
    return SignerOptions(
        lock_email=True,
        lock_phone=True,
        ask_email=False,
        ask_phone=False,
        draw=one.representacao_visual_assinatura != DRAWN_NAME,
        certificate=online.id_tipo_assinatura != ELECTRONIC,
        notify_by=_channels(one) if asked else (),
        copy_by=copy_by,
        message=own.texto if own else said.mensagem_padrao.texto,
        subject=own.titulo if own else said.mensagem_padrao.titulo,
        passcode=passcode_of(call, online.seguranca) if online.seguranca else None,
        questions=tuple(questions(online)) if online.id_tipo_assinatura == ELECTRONIC else (),
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
    return [*online.roles_of_person, *online.roles_of_company] if online else []


def _kept_of(one: Recipient, online: SignOnline) -> dict[str, Json]:
    mine: dict[str, Json] = {
        "tipoAcao": one.id_tipo_acao,
        "ordem": one.ordem_assinatura,
        "alterarNotificacoes": one.alterar_notificacoes,
    }
    if one.assinar_online is None:
        return mine
    return {
        **mine,
        "tipoAssinatura": online.id_tipo_assinatura,
        "assinarComo": online.assinar_como,
        "papelPessoaFisica": list(online.roles_of_person),
        "papelPessoaJuridica": list(online.roles_of_company),
    }


def _check_recipient(one: Recipient, said: NewProcess) -> None:
    if not one.email and not one.telefone:
        raise errors.missing(["email"])
    if one.email and one.telefone:
        raise Declined(422, errors.TWO_WAYS)
    if one.id_tipo_acao == COPY:
        return
    asked, _ = words.NOTIFICATIONS[one.alterar_notificacoes]
    if not asked and not one.retornar_link_processo:
        raise errors.missing(["retornarLinkProcesso"])
    online = one.assinar_online
    if online is None:
        raise errors.missing(["assinarOnline"])
    if one.telefone and online.id_tipo_assinatura != ELECTRONIC:
        raise Declined(422, errors.BY_PHONE)
    _require_distinct([wanted.anexo_documento_nome.lower() for wanted in online.anexos], "anexoDocumentoNome")
    _check_kinds(online)
    _check_security(one, online.seguranca)
    if not said.usar_posicao_assinatura_automatica:
        _check_positions(online, len(said.documentos))


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


def _check_kinds(online: SignOnline) -> None:
    """A document that is none of theirs has to be described."""
    said = online.assinatura_eletronica
    if said is None or online.id_tipo_assinatura != ELECTRONIC:
        return
    if said.tipo_documento_a_informar == OTHER and said.configuracao_documento_outro is None:
        raise Declined(
            422, errors.UNNAMED_KIND.format("configuracaoDocumentoOutro", "tipoDocumentoAInformar")
        )
    if said.tipo_documento_empresa_a_informar == OTHER and said.configuracao_documento_empresa_outro is None:
        names = ("configuracaoDocumentoEmpresaOutro", "tipoDocumentoEmpresaAInformar")
        raise Declined(422, errors.UNNAMED_KIND.format(*names))


def _check_positions(online: SignOnline, files: int) -> None:
    """One box in each file for each that they sign as; boxes of the other are left out."""
    said = online.definir_posicao_assinatura_manual
    if not said:
        raise errors.missing(["definirPosicaoAssinaturaManual"])
    for name, kind, boxes in (
        ("pessoaFisica", PERSON, [one.documento_de_ordem for one in said if one.pessoa_fisica]),
        ("pessoaJuridica", LEGAL_PERSON, [one.documento_de_ordem for one in said if one.pessoa_juridica]),
    ):
        # of the only file, nobody has to say which
        placed = {*boxes} if files > 1 else {1 for _ in boxes}
        if online.signs_as(kind) and len(placed) < files:
            raise Declined(422, errors.NO_PLACE.format(name, kind))
        if online.signs_as(kind) and len(placed) != len(boxes):
            raise Declined(422, errors.PLACED_TWICE)


def _require_distinct(values: Sequence[object], name: str) -> None:
    said = [one for one in values if one is not None]
    if len({*said}) != len(said):
        raise errors.misshapen([name])


# ── places ───────────────────────────────────────────────────────────────────


def _places(
    position: Position, online: SignOnline, said: NewProcess, documents: Sequence[Document]
) -> Iterator[tuple[Document, Place]]:
    document = _document_at(position.documento_de_ordem, said, documents)
    for box, kind in ((position.pessoa_fisica, PERSON), (position.pessoa_juridica, LEGAL_PERSON)):
        if box is None or not online.signs_as(kind):
            continue
        page = box.pagina - 1
        if page >= len(document.pages):
            raise Declined(422, errors.NO_PAGE.format(box.pagina))
        size = document.pages[page]
        yield (
            document,
            Place.from_millimetres(
                size, page=page, left=box.posicao_x, top=box.posicao_y, width=box.largura, height=box.altura
            ),
        )


def _document_at(order: int, said: NewProcess, documents: Sequence[Document]) -> Document:
    if len(documents) == 1:
        return documents[0]
    orders = [one.ordem_documento or place for place, one in enumerate(said.documentos, 1)]
    try:
        return documents[orders.index(order)]
    except ValueError:
        raise Declined(422, errors.NO_DOCUMENT.format(order)) from None
