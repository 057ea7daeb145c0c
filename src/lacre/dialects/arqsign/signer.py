"""A recipient as ArqSIGN's clients see one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from lacre.dialects.arqsign import asked, kept, words
from lacre.kit.json import Json
from lacre.kit.tax_ids import show_tax_id
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.evidence import Act, Certificate, act_of
from lacre.signing.signer import Channel, Role, Signer, SignerStatus

COPY = 2
Reveal: TypeAlias = Callable[[str], str]
"""Reads what was hidden."""


def shown(envelope: Envelope, signer: Signer, reveal: Reveal | None = None) -> dict[str, Any]:
    """As in the answer about a process; a webhook spells some of it otherwise, and tells no codes."""
    act = act_of(envelope.acts, signer.id)
    refused = signer.status is SignerStatus.REFUSED
    return {
        "ordemAssinatura": order(envelope, signer),
        "id": signer.id,
        "nome": signer.name,
        "email": signer.email or None,
        "telefone": signer.whole_phone or None,
        "aguardandoEnvio": words.yes(_awaits_message(envelope, signer)),
        "falhaEnvio": words.yes(signer.unreached),
        "tipoAcao": words.ACTIONS[action(signer)],
        **({"idTipoAcao": action(signer)} if reveal else {}),
        "papelSignatario": _roles(signer),
        "copiaEnviada": words.yes(_has_copy(envelope, signer)),
        "remetente": words.yes(bool(signer.email) and signer.email == envelope.options.created_by),
        "assinaturaRecusada": words.yes(refused),
        "motivoRecusa": envelope.reason if refused else None,
        **({"seguranca": _security(signer, reveal)} if reveal else {}),
        "dadosAssinatura": _signature(signer, act, numbered=reveal is not None) if act else None,
    }


def _roles(signer: Signer) -> dict[str, Json]:
    mine = kept.of(signer)
    return {
        "pessoaFisica": list(mine.get("papelPessoaFisica", ())),
        "pessoaJuridica": list(mine.get("papelPessoaJuridica", ())),
    }


def _awaits_message(envelope: Envelope, signer: Signer) -> bool:
    """Nothing has left for them yet, and there is something to come."""
    asked, told = words.NOTIFICATIONS[kept.of(signer).get("alterarNotificacoes")]
    copied = action(signer) == COPY
    owes = told and not _has_copy(envelope, signer) if copied else asked and signer.waits
    return owes and not signer.sent and not signer.unreached


def _has_copy(envelope: Envelope, signer: Signer) -> bool:
    return action(signer) == COPY and envelope.status is EnvelopeStatus.COMPLETED


def state(envelope: Envelope, signer: Signer) -> dict[str, Json]:
    """As `dados-signatarios` has it, in the mixed letters that are printed there."""
    mine, code = kept.of(signer), signer.options.passcode
    act, refused = act_of(envelope.acts, signer.id), signer.status is SignerStatus.REFUSED
    return {
        "ordem": order(envelope, signer),
        "IdProcessoDestinatario": signer.id,
        "nome": signer.name,
        "idTipoAssinatura": mine.get("tipoAssinatura"),
        "IdFormaEnvioProcesso": way(signer),
        "email": signer.email or None,
        "telefone": signer.whole_phone or None,
        "papelSignatario": _roles(signer),
        "tipoAcao": words.ACTIONS[action(signer)],
        "idTipoAcao": action(signer),
        "IdMeioEnvioCodigoSeguranca": code_way(code.channel) if code else None,
        "emailSeguranca": code.address or None if code and code.channel is Channel.EMAIL else None,
        "telefoneSeguranca": code.address or None if code and code.channel in _PHONES else None,
        "permitirReenviarCodigo": words.yes(code.again) if code else None,
        "falhaEnvio": words.yes(signer.unreached),
        "assinado": words.yes(signer.status is SignerStatus.SIGNED),
        "dataAssinatura": kept.instant(act.evidence.at) if act else None,
        "assinaturaRecusada": words.yes(refused),
        "motivoRecusa": envelope.reason if refused else None,
        "anexos": _attached(signer) or None,
    }


def order(envelope: Envelope, signer: Signer) -> int:
    """Of all who sign in no order, the first."""
    said = kept.of(signer).get("ordem")
    if not envelope.options.sequential:
        return 1
    return said if isinstance(said, int) else signer.group + 1


def action(signer: Signer) -> int:
    return 1 if signer.role is Role.SIGNER else COPY


def way(signer: Signer) -> int:
    """Also of who is told nothing: where it would go."""
    channels = signer.options.notify_by or signer.options.copy_by or signer.reached_by
    return words.SENDING_WAYS.get(channels[0], 1) if channels else 1


def code_way(channel: Channel | None) -> int:
    return next(number for number, one in words.CODE_WAYS.items() if one is channel)


_PHONES = (Channel.SMS, Channel.WHATSAPP)


def _security(signer: Signer, reveal: Reveal) -> dict[str, Json]:
    """With the code itself, which whoever asks has chosen."""
    code = signer.options.passcode
    return {
        "codigoSeguranca": reveal(code.hidden) if code else None,
        "codigoSegurancaEmail": code.address or None if code and code.channel is Channel.EMAIL else None,
        "codigoSegurancaTelefone": code.address or None if code and code.channel in _PHONES else None,
    }


def _signature(signer: Signer, act: Act, *, numbered: bool) -> dict[str, Any]:
    evidence, answers = act.evidence, signer.answers
    kind = kept.of(signer).get("tipoAssinatura", 3 if evidence.certificate else 1)
    place = f"{evidence.latitude},{evidence.longitude}" if evidence.latitude else None
    labels = {one.key: one.label for one in signer.options.questions}
    return {
        "tipoAssinatura": words.SIGNATURE_KINDS[kind],
        **({"idTipoAssinatura": kind} if numbered else {}),
        "dataAssinatura": kept.instant(evidence.at),
        "ip": evidence.origin.ip,
        "geoLocalizacao": place,
        "dadosCertificado": _certificate(evidence.certificate) if evidence.certificate else None,
        "dadosPessoaFisica": {
            "nomePessoaFisica": answers.get(asked.NAME) or signer.name,
            "tipoDocumentoPessoaFisica": labels.get(asked.NUMBER) or ("CPF" if signer.tax_id else None),
            "numeroDocumentoPessoaFisica": show_tax_id(answers.get(asked.NUMBER) or signer.tax_id) or None,
        },
        "dadosPessoaJuridica": {
            "nomeEmpresa": answers.get(asked.COMPANY),
            "tipoDocumentoEmpresa": labels.get(asked.COMPANY_NUMBER),
            "numeroDocumentoEmpresa": show_tax_id(answers.get(asked.COMPANY_NUMBER, "")) or None,
        },
        "anexos": _attached(signer),
    }


def _attached(signer: Signer) -> list[dict[str, Json]]:
    return [
        {"id": one.id, "anexoDocumentoNome": one.name}
        for one in signer.options.attachments
        if one.id in signer.attached
    ]


def _certificate(one: Certificate) -> dict[str, Json]:
    return {
        "nome": one.subject,
        "emissor": one.issuer,
        "validadeInicio": kept.instant(one.begins_at),
        "validadeFim": kept.instant(one.ends_at),
    }
