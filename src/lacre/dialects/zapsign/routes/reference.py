"""What this dialect answers, as an OpenAPI document made from its routes: for tools, and for our tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from starlette.routing import Route

from lacre.dialects import reference
from lacre.dialects.reference import Answering, Asked, Json, Reference
from lacre.dialects.zapsign import wire
from lacre.dialects.zapsign.door import Open, Verbs
from lacre.dialects.zapsign.routes import (
    account,
    batch,
    creating,
    documents,
    ending,
    models,
    partners,
    past,
    placing,
    signers,
    templates,
    timestamp,
    validating,
    webhooks,
)
from lacre.dialects.zapsign.template_wire import (
    DocumentOfTemplate,
    ExtraOfTemplate,
    FormSaid,
    NewTemplate,
    TemplateSaid,
)
from lacre.dialects.zapsign.wire import Said

PATH = "/api/v1/openapi.json"

BODIES: Mapping[Answering, type[Said]] = {
    creating.create: wire.NewDocument,
    creating.create_later: wire.NewDocument,
    creating.add_extra: wire.NewExtraDocument,
    documents.change: wire.DocumentChange,
    documents.reorder: wire.DisplayOrder,
    ending.cancel: wire.Cancellation,
    ending.refuse_by_user: wire.UserRefusal,
    ending.reprocess: wire.Reprocessing,
    placing.place: wire.Placement,
    signers.add: wire.NewSigner,
    signers.change: wire.SignerSaid,
    batch.sign: wire.Batch,
    models.create: DocumentOfTemplate,
    models.create_later: DocumentOfTemplate,
    models.add_extra: ExtraOfTemplate,
    templates.create: NewTemplate,
    templates.update: TemplateSaid,
    templates.update_form: FormSaid,
    webhooks.create: wire.NewWebhook,
    webhooks.add_headers: wire.WebhookHeaders,
    webhooks.delete_headers: wire.WebhookHeaders,
    webhooks.delete: wire.WebhookNamed,
    timestamp.with_seal: wire.ToStamp,
    timestamp.without_seal: wire.ToStamp,
    account.create_user: wire.NewUser,
    partners.open_company: wire.NewCompany,
    partners.update_payment_status: wire.PaymentStatus,
}
"""What each reads. A test sees to it that none is forgotten."""
QUERIES: Mapping[Answering, tuple[str, ...]] = {
    documents.index: (
        "page", "status", "folder_path", "deleted", "signer_email", "created_from", "created_to",
        "sort_order", "include_signers",
    ),
    templates.index: ("page",),
    account.users: ("page",),
    partners.usage: ("start_date", "end_date"),
    past.show: ("download_pdf",),
}  # fmt: skip
_FILE: Json = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
_REFERENCE = Reference(
    title="Lacre, in ZapSign's words",
    security={
        "api_token": {"type": "http", "scheme": "bearer"},
        "api_token_in_query": {"type": "apiKey", "in": "query", "name": "api_token"},
    },
    requirements=[{"api_token": []}, {"api_token_in_query": []}],
    bodies=BODIES,
    ids=("doc", "signer", "template"),
)


def document_of(paths: Mapping[str, Verbs], *, public_url: str) -> Json:
    return _REFERENCE.document(_asked(paths), public_url=public_url)


def route(paths: Mapping[str, Verbs], *, public_url: str) -> Route:
    return reference.route(PATH, partial(document_of, paths, public_url=public_url))


def _asked(paths: Mapping[str, Verbs]) -> Iterator[Asked]:
    for path, verbs in paths.items():
        for verb, one in verbs.items():
            handler: Answering = one.handler if isinstance(one, Open) else one
            yield Asked(
                path=f"{path}/",
                verb=verb,
                handler=handler,
                queries=QUERIES.get(handler, ()),
                body={"multipart/form-data": {"schema": _FILE}} if handler is validating.validate else None,
                is_open=isinstance(one, Open),
            )
