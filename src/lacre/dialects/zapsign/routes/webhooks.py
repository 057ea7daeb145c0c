"""Webhooks: created, given headers, deleted; there is no list, as there is none there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import JSONResponse, PlainTextResponse, Response

from lacre.dialects.zapsign import finding, words
from lacre.dialects.zapsign.auth import DIALECT
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.wire import Header, NewWebhook, WebhookHeaders, WebhookNamed
from lacre.kit.ids import EndpointId
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.webhooks import actions
from lacre.webhooks.endpoint import Endpoint, Secrets

DELETED = "Webhook deletado com sucesso"
HEADERS_ADDED = "Headers adicionados com sucesso"
HEADERS_DELETED = "Headers deletados com sucesso"
_LAST_NUMBER = 2**31 - 1


def create(call: Call) -> Response:
    finding.require_administrator(call)
    said = call.read(NewWebhook)
    if said.type and said.type not in words.WEBHOOK_TYPES:
        raise Declined(400, f"O type '{said.type}' não é um tipo de evento.")
    endpoint = Endpoint(
        id=EndpointId(call.services.tokens.uuid()),
        account_id=call.account_id,
        number=0,
        dialect=DIALECT,
        url=said.url,
        types=(said.type,) if said.type else (),
        template_id=finding.uuid_said(said.template_token, "template") if said.template_token else "",
        secrets=Secrets(headers=_pairs(said.headers)),
        created_at=call.now,
    )
    with call.services.open_work() as work:
        if said.doc_token:
            token = finding.uuid_said(said.doc_token, "doc")
            endpoint.subject_id = finding.by_any_document(work, call, token).id
        actions.subscribe(work, endpoint)
    return JSONResponse({"id": endpoint.number})


def add_headers(call: Call) -> Response:
    """A header that is there already gets its new value."""
    finding.require_administrator(call)
    said = call.read(WebhookHeaders)
    new = _pairs(said.headers)
    names = {name.lower() for name, _ in new}
    with call.services.open_work() as work:
        endpoint = _named(work, call, said.id)
        others = [one for one in endpoint.secrets.headers if one[0].lower() not in names]
        endpoint.secrets = replace(endpoint.secrets, headers=(*others, *new))
        actions.change(work, endpoint, now=call.now)
    return JSONResponse({"message": HEADERS_ADDED})


def delete_headers(call: Call) -> Response:
    """Those named, or all of them."""
    finding.require_administrator(call)
    said = call.read(WebhookHeaders)
    names = {one.name.lower() for one in said.headers}
    with call.services.open_work() as work:
        endpoint = _named(work, call, said.id)
        left = [one for one in endpoint.secrets.headers if names and one[0].lower() not in names]
        endpoint.secrets = replace(endpoint.secrets, headers=tuple(left))
        actions.change(work, endpoint, now=call.now)
    return PlainTextResponse(HEADERS_DELETED)


def delete(call: Call) -> Response:
    finding.require_administrator(call)
    said = call.read(WebhookNamed)
    with call.services.open_work() as work:
        actions.remove(work, _named(work, call, said.id), now=call.now)
    return PlainTextResponse(DELETED)


def _named(work: Work, call: Call, number: int) -> Endpoint:
    """Only those of this dialect, and not the deleted ones."""
    if not 0 < number <= _LAST_NUMBER:
        raise NotFound("webhook")
    endpoint = work.endpoints.by_number(call.account_id, number)
    if endpoint.dialect != DIALECT or endpoint.deleted_at is not None:
        raise NotFound("webhook")
    return endpoint


def _pairs(headers: Sequence[Header]) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.value) for one in headers)
