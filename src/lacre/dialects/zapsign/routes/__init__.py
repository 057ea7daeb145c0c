"""ZapSign's URLs, translated into our actions."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import Route

from lacre.dialects.door import nowhere
from lacre.dialects.zapsign.door import Open, Verbs, doors, no
from lacre.dialects.zapsign.errors import NOT_FOUND, Declined
from lacre.dialects.zapsign.routes import (
    account,
    batch,
    checks,
    creating,
    documents,
    ending,
    grouping,
    models,
    partners,
    past,
    placing,
    proving,
    reference,
    reminding,
    signers,
    templates,
    timestamp,
    validating,
    webhooks,
)
from lacre.dialects.zapsign.routes.entering import Entrance
from lacre.services import Services

PATHS: Mapping[str, Verbs] = {
    "/api/v1/docs": {"GET": documents.index, "POST": creating.create},
    # so spelt on their page about groups
    "/api/v1/doc": {"POST": creating.create},
    # before the tokens, one of which it could be
    "/api/v1/docs/async": {"POST": creating.create_later},
    "/api/v1/docs/signer-log/{doc}": {"GET": past.show},
    "/api/v1/validate-pdf-signature": {"POST": Open(validating.validate, validating.QUEUE)},
    "/api/v1/docs/{doc}": {
        "GET": documents.read,
        "PUT": documents.change,
        "DELETE": ending.delete,
    },
    "/api/v1/docs/{doc}/add-signer": {"POST": signers.add},
    "/api/v1/docs/{doc}/document-display-order": {"PUT": documents.reorder},
    "/api/v1/docs/{doc}/place-signatures": {"POST": placing.place},
    "/api/v1/docs/{doc}/upload-extra-doc": {"POST": creating.add_extra},
    "/api/v1/docs/{doc}/reprocess-doc": {"POST": ending.reprocess},
    "/api/v1/docs/{doc}/resend-notifications-bulk": {"POST": reminding.remind},
    "/api/v1/refuse/by-user": {"POST": ending.refuse_by_user},
    "/api/v1/refuse": {"POST": ending.cancel},
    "/api/v1/sign": {"POST": batch.sign},
    "/api/v1/signature-group/{doc}": {"DELETE": grouping.dissolve},
    "/api/v1/reset-auth-attempts/{signer}": {"PUT": proving.reset},
    "/api/v1/signer-verification-details/{signer}": {"GET": proving.details},
    "/api/v1/signers/{signer}": {"GET": signers.read, "POST": signers.change},
    "/api/v1/signer/{signer}/remove": {"DELETE": signers.remove},
    "/api/v1/templates": {"GET": templates.index},
    "/api/v1/templates/create": {"POST": templates.create},
    "/api/v1/templates/update-form": {"POST": templates.update_form},
    "/api/v1/templates/{template}": {
        "GET": templates.read,
        "PUT": templates.update,
        "DELETE": templates.delete,
    },
    "/api/v1/models/create-doc": {"POST": models.create},
    "/api/v1/models/create-doc/async": {"POST": models.create_later},
    "/api/v1/models/{doc}/upload-extra-doc": {"POST": models.add_extra},
    "/api/v1/user/company/webhook": {"POST": webhooks.create},
    "/api/v1/user/company/webhook/header": {"POST": webhooks.add_headers},
    "/api/v1/user/company/webhook/header/delete": {"DELETE": webhooks.delete_headers},
    "/api/v1/user/company/webhook/delete": {"DELETE": webhooks.delete},
    "/api/v1/timestamp": {"POST": timestamp.with_seal},
    "/api/v1/timestamp/no-signature": {"POST": timestamp.without_seal},
    "/api/v1/info-plan": {"GET": account.plan},
    "/api/v1/info-plan/partners-csv": {"GET": partners.usage},
    "/api/v1/users": {"GET": account.users},
    "/api/v1/users/create-user": {"POST": account.create_user},
    "/api/v1/users/{email}": {"DELETE": account.remove_user},
    "/api/v1/partner/company": {"POST": partners.open_company},
    "/api/v1/partner/update-payment-status": {"POST": partners.update_payment_status},
    "/api/v1/checks": {"POST": checks.create},
    "/api/v1/checks/{check}": {"GET": checks.read},
    "/api/v1/checks/{check}/details": {"GET": checks.read},
}


def routes(services: Services) -> list[Route]:
    """Everything that this dialect answers."""
    entrance = Entrance(services)
    entering: Mapping[str, Verbs] = {
        "/api/v1/auth/token/{organization}": {"POST": Open(entrance.enter)},
        "/api/v1/auth/token-refresh": {"POST": Open(entrance.refresh)},
    }
    paths = {**entering, **PATHS}
    strays = nowhere(("/api/v1", "/api/v1/{rest:path}"), lambda: no(Declined(404, NOT_FOUND)))
    return [reference.route(paths, public_url=services.public_url), *doors(services, paths), *strays]
