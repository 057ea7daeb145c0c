"""Processes sent, and sent once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from starlette.responses import JSONResponse, Response

from lacre.dialects.arqsign import draft, errors, finding, kept
from lacre.dialects.arqsign.changing import changed
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.dialects.arqsign.routes.ending import require_under_way
from lacre.dialects.arqsign.signer import order, way
from lacre.dialects.arqsign.wire import NEW_PROCESS, RESENT, NewFile, Resent
from lacre.dialects.uploads import AtUrl, InBase64, InSpooledBase64, Upload, take
from lacre.kit.ids import SignerId
from lacre.kit.json import Json
from lacre.signing import actions
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.signer import Role, Signer

MOST_BYTES = 100_000_000
"""Of all files of a process together."""
PATH = "/processo/enviar-documento-para-assinar"
_WAYS = {1: "E-mail", 2: "WhatsApp"}


def send(call: Call) -> Response:
    said = call.read(NEW_PROCESS)
    with call.services.open_work() as work:
        sender = finding.user_called(work, call, said.id_responsavel)
        folder = finding.folder_called(work, call, said.id_pasta)
        language = work.accounts.get(call.account_id).language
    new = draft.draft(call, said, sender, folder, language)
    new.documents = [_taken(call, one) for one in said.documentos]
    if sum(one.size for one in new.documents) > MOST_BYTES:
        raise Declined(422, errors.TOO_MUCH)
    new.fields = draft.fields(call, said, new)
    _in_order(new, said.documentos)
    with call.services.open_work() as work:
        new.number = work.envelopes.next_number(call.account_id)
        new.expires_at = draft.end_of(new, work.day, call.now)
        actions.create(work, new, by=call.by, now=call.now)
        actions.send(work, new, by=call.by, now=call.now)
    linked = {
        one.id
        for one, asked in zip(new.signers, said.destinatarios, strict=True)
        if asked.retornar_link_processo
    }
    return JSONResponse(_sent(call, new, linked))


def resend(call: Call) -> Response:
    """To those who are named, or to all who still have to sign; what is said of them is changed before."""
    said = call.read(RESENT) if call.raw.strip() else []
    with call.services.open_work() as work:
        envelope = finding.process_called(work, call)
        require_under_way(envelope)
        people = [changed(_pending(envelope, one), one) for one in said]
        mine = {**kept.of(envelope), "dataReenvio": kept.instant(call.now)}
        envelope.dialect_data = {**envelope.dialect_data, kept.OURS: mine}
        actions.resend(
            work,
            envelope,
            expires_at=draft.end_of(envelope, work.day, call.now),
            renew_links=True,
            changed=people,
            to={one.id for one in people} or None,
            by=call.by,
            now=call.now,
        )
    return JSONResponse([_resent(envelope, one) for one in envelope.active_signers if one.waits])


def _taken(call: Call, said: NewFile) -> Document:
    document = take(call.services, _upload(call, said), name=said.nome_com_extensao)
    if not isinstance(document, Document):
        raise errors.unusable(document, said.nome_com_extensao)
    return document


def _upload(call: Call, said: NewFile) -> Upload:
    if said.link_do_arquivo:
        return AtUrl(said.link_do_arquivo)
    spooled = call.texts.get(said.arquivo)
    return InSpooledBase64(spooled) if spooled else InBase64(said.arquivo)


def _in_order(envelope: Envelope, said: Sequence[NewFile]) -> None:
    orders = [one.ordem_documento or place for place, one in enumerate(said, 1)]
    pairs = sorted(zip(orders, envelope.documents, strict=True), key=lambda pair: pair[0])
    envelope.documents = [document for _, document in pairs]


def _sent(call: Call, envelope: Envelope, linked: Collection[SignerId]) -> Mapping[str, Json]:
    """The id under both names that their documentation has for it."""
    return {
        "idProcesso": envelope.id,
        "IdProcesso": envelope.id,
        "documentos": [
            {"id": one.id, "ordem": place, "nome": one.name}
            for place, one in enumerate(envelope.documents, 1)
        ],
        "destinatarios": [
            {
                "idProcessoDestinatario": one.id,
                "ordem": order(envelope, one),
                "formaEnvio": _WAYS[way(one)],
                "nomeSignatario": one.name,
                "linkProcesso": _link(call, one) if one.id in linked and one.signs else None,
                "configuracoesAnexos": [
                    {"id": wanted.id, "nome": wanted.name} for wanted in one.options.attachments
                ]
                or None,
            }
            for one in envelope.signers
        ],
    }


def _link(call: Call, one: Signer) -> str:
    links = call.services.links
    return links.signing_url(links.signer_token(one.id, one.link_generation), one_click=False)


def _resent(envelope: Envelope, one: Signer) -> Mapping[str, Json]:
    return {
        "idProcessoDestinatario": one.id,
        "ordem": order(envelope, one),
        "formaEnvioProcesso": _WAYS[way(one)],
        "nome": one.name,
        "anexos": [
            {"idConfiguracaoAnexo": wanted.id, "nomeAnexo": wanted.name} for wanted in one.options.attachments
        ]
        or None,
    }


def _pending(envelope: Envelope, said: Resent) -> Signer:
    for one in envelope.signers:
        if one.id == said.id_processo_destinatario and one.removed_at is None:
            if one.role is not Role.SIGNER or not one.waits:
                raise Declined(422, "O destinatário não está pendente de assinatura.")
            return replace(one)
    raise errors.unknown([said.id_processo_destinatario])
