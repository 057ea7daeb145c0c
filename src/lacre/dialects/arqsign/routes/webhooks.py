"""Webhooks: created, listed, turned on and off; the rest is done in the console, as there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from starlette.responses import JSONResponse, PlainTextResponse, Response

from lacre.dialects.arqsign import errors
from lacre.dialects.arqsign.auth import DIALECT
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.errors import Declined
from lacre.dialects.arqsign.options import Options, kept, options_of
from lacre.dialects.arqsign.promise import PROMISE
from lacre.dialects.arqsign.wire import NEW_STATUS, NEW_WEBHOOK, NewWebhook, Returned
from lacre.dialects.arqsign.words import EVENT_TYPES, TRIGGERS
from lacre.kit.ids import EndpointId
from lacre.kit.json import Json
from lacre.services import Work
from lacre.signing.folder import ROOT, place_id
from lacre.webhooks import actions
from lacre.webhooks.endpoint import Endpoint, EndpointStatus, Secrets
from lacre.webhooks.narrowing import Sender
from lacre.webhooks.signature import as_secret

MOST = 25
Known = TypeVar("Known", bound=str)
KEY_BYTES = 32
ACTIVE, INACTIVE, FAILED = 1, 2, 3
CHANGED = "Status alterado com sucesso"
_STATUSES = {
    EndpointStatus.ACTIVE: ACTIVE,
    EndpointStatus.PAUSED: INACTIVE,
    EndpointStatus.DISABLED: FAILED,
}


def create(call: Call) -> Response:
    said = call.read(NEW_WEBHOOK)
    _check(said.dados_retorno)
    secret = as_secret(call.services.tokens.secret().encode()[:KEY_BYTES])
    endpoint = Endpoint(
        id=EndpointId(call.services.tokens.uuid()),
        account_id=call.account_id,
        number=0,
        dialect=DIALECT,
        url=said.url_publicar,
        types=tuple(TRIGGERS[one] for one in dict.fromkeys(said.gatilhos)),
        secrets=Secrets(signing=(secret,)),
        description=said.nome,
        created_at=call.now,
    )
    with call.services.open_work() as work:
        _require_room(_mine(work, call), said.nome)
        endpoint.options = kept(_options(work, call, said))
        actions.subscribe(work, endpoint)
        if said.status == INACTIVE:
            actions.pause(work, endpoint)
    return JSONResponse({"id": endpoint.id, "nome": endpoint.description, "chaveHMAC": secret})


def index(call: Call) -> Response:
    with call.services.open_work() as work:
        mine = sorted(_mine(work, call), key=lambda one: one.description.casefold())
    return JSONResponse([_shown(one) for one in mine])


def turn(call: Call) -> Response:
    """Active again, it starts anew: every trigger, and what had not arrived."""
    said = call.read(NEW_STATUS)
    with call.services.open_work() as work:
        endpoint = _named(work, call)
        if said.status == ACTIVE:
            actions.resume(work, endpoint, anew=PROMISE.begins_anew, now=call.now)
        else:
            actions.pause(work, endpoint)
    return PlainTextResponse(CHANGED)


def _named(work: Work, call: Call) -> Endpoint:
    webhook_id = call.named("webhook")
    for one in _mine(work, call):
        if one.id == webhook_id:
            return one
    raise errors.unknown([webhook_id])


def _mine(work: Work, call: Call) -> list[Endpoint]:
    return [
        one
        for one in work.endpoints.of_account(call.account_id)
        if one.dialect == DIALECT and one.deleted_at is None
    ]


def _require_room(mine: Sequence[Endpoint], name: str) -> None:
    if any(one.description.casefold() == name.casefold() for one in mine):
        raise Declined(422, "Já existe um webhook com este nome.")
    if len(mine) >= MOST:
        raise Declined(422, f"A conta atingiu o limite máximo de {MOST} configurações de webhook.")


def _check(said: Returned) -> None:
    if said.documentos and said.documentos_tipo is None:
        raise errors.missing(["documentosTipo"])
    if said.registros_assinatura and said.registros_assinatura_tipo is None:
        raise errors.missing(["registrosAssinaturaTipo"])


def _options(work: Work, call: Call, said: NewWebhook) -> Options:
    people = {one.id: one for one in work.accounts.users(call.account_id)}
    groups = {one.id for one in work.groups.of_account(call.account_id)}
    paths = (ROOT, *work.folders.paths(call.account_id))
    folders = {place_id(call.account_id, path) for path in paths}
    senders = [people[one] for one in _ours(said.usuarios, people, "Usuário(s) não encontrado(s).")]
    return Options(
        waits=said.aguardar_retorno,
        senders=tuple(Sender(id=one.id, email=one.email) for one in senders),
        groups=_ours(said.grupos, groups, "Grupo(s) não encontrado(s)."),
        folders=_ours(said.pastas, folders, "Pastas(s) não encontrada(s)."),
        returned=said.dados_retorno,
    )


def _ours(asked: Sequence[str], known: Iterable[Known], sentence: str) -> tuple[Known, ...]:
    """Those of the account, and the others left out; refused where all are others, as on their page."""
    by_id: Mapping[str, Known] = {one: one for one in known}
    found = tuple(by_id[one] for one in asked if one in by_id)
    if asked and not found:
        raise Declined(400, sentence)
    return found


def _shown(one: Endpoint) -> Mapping[str, Json]:
    """With other names than it was created with, as there."""
    options = options_of(one)
    wanted = [number for number, name in TRIGGERS.items() if not one.types or name in one.types]
    stopped = {EVENT_TYPES.get(kind) for kind in one.stopped_types}
    return {
        "id": one.id,
        "nome": one.description,
        "status": _STATUSES[one.status],
        "urlPublicar": one.url,
        "aguardaRetorno": options.waits,
        "hmac": one.secrets.signing[0] if one.secrets.signing else None,
        "usuarios": [sender.id for sender in options.senders],
        "grupos": list(options.groups),
        "pastas": list(options.folders),
        "gatilhos": [
            {"id": number, "nome": options.name(number), "ativo": number not in stopped} for number in wanted
        ],
        "dadosRetorno": _returned(options.returned),
    }


def _returned(said: Returned) -> dict[str, Json]:
    return {
        "processo": said.processo,
        "signatarios": said.signatarios,
        "documentos": said.documentos,
        "documentosTipo": said.documentos_tipo,
        "linkDocumentoCompartilhado": said.link_doc_compartilhado,
        "registrosAssinatura": said.registros_assinatura,
        "registrosAssinaturaTipo": said.registros_assinatura_tipo,
    }
