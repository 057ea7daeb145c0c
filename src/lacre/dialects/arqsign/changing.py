"""What a resend may change of one who still has to sign: how they are reached, their code, what is known."""

from __future__ import annotations

from dataclasses import replace

from lacre.dialects.arqsign import errors
from lacre.dialects.arqsign.asked import COMPANY, COMPANY_NUMBER, NAME, NUMBER
from lacre.dialects.arqsign.draft import phone_of
from lacre.dialects.arqsign.errors import Declined
from lacre.dialects.arqsign.wire import Holder, Resent
from lacre.dialects.arqsign.words import CODE_WAYS
from lacre.signing.asking import Question
from lacre.signing.signer import Channel, Passcode, Signer, SignerOptions

BY_MAIL, BY_WHATSAPP = 1, 2


def changed(signer: Signer, said: Resent) -> Signer:
    """A copy; raises where somebody could not be reached any more."""
    options = _reached(signer, said)
    new = replace(
        signer,
        name=said.nome or signer.name,
        email=said.email or signer.email,
        phone=phone_of(said.telefone) or signer.phone,
        options=replace(options, passcode=_passcode(options, said), questions=_questions(options, said)),
    )
    _require_address(new)
    return _without_failure(new)


def _reached(signer: Signer, said: Resent) -> SignerOptions:
    """The way that is named, or the one that goes with the address that is given."""
    way: int | None = said.id_forma_envio_processo
    if way is None and said.email and not said.telefone:
        way = BY_MAIL
    if way is None and said.telefone and not said.email:
        way = BY_WHATSAPP
    if way is None:
        return signer.options
    if way == BY_WHATSAPP and signer.options.certificate:
        raise Declined(422, errors.BY_PHONE)
    channels = (Channel.EMAIL,) if way == BY_MAIL else (Channel.WHATSAPP,)
    return replace(signer.options, notify_by=channels, copy_by=channels)


def _passcode(options: SignerOptions, said: Resent) -> Passcode | None:
    """Only of who had one."""
    code = options.passcode
    if code is None:
        if said.id_meio_envio_codigo_seguranca is not None:
            raise Declined(422, "O destinatário não tem código de segurança.")
        return None
    way = said.id_meio_envio_codigo_seguranca
    channel = CODE_WAYS[way] if way is not None else code.channel
    phone = phone_of(said.telefone_seguranca)
    given = said.email_seguranca if channel is Channel.EMAIL else phone and f"+{phone}"
    kept_address = code.address if channel is code.channel else ""
    again = code.again if said.permitir_reenviar_codigo is None else said.permitir_reenviar_codigo
    return replace(code, channel=channel, address=given or kept_address, again=again)


def _questions(options: SignerOptions, said: Resent) -> tuple[Question, ...]:
    if said.dados_assinatura is None:
        return options.questions
    told = said.dados_assinatura
    known = {
        **_known(told.signatario, NAME, NUMBER),
        **_known(told.empresa, COMPANY, COMPANY_NUMBER),
    }
    return tuple(_with(one, known.get(one.key)) for one in options.questions)


def _known(holder: Holder | None, name: str, number: str) -> dict[str, Holder]:
    return {} if holder is None else {name: holder, number: holder}


def _with(question: Question, holder: Holder | None) -> Question:
    if holder is None:
        return question
    numbered = question.key in (NUMBER, COMPANY_NUMBER)
    said = holder.numero_documento if numbered else holder.nome
    if not said and not holder.descartar_dados_anteriores:
        # how a number is compared is said with that number
        return question
    return replace(question, known=said, check=numbered and holder.compared)


def _require_address(signer: Signer) -> None:
    for channel in signer.options.notify_by:
        if not signer.address_at(channel):
            raise errors.missing(["email" if channel is Channel.EMAIL else "telefone"])


def _without_failure(signer: Signer) -> Signer:
    """Reached anew: that an earlier message did not arrive is no news any more."""
    return replace(signer, unreached="")
