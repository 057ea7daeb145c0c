"""Mallory's credentials and Ana's ids, at every address there is: nothing is there, and nothing changes.

The addresses are read from the routes themselves, so a new one fails here until somebody says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from starlette.types import ASGIApp

from lacre.dialects.native.routes import PATH as NATIVE
from tests.security.tenants import (
    PDF_TEXT,
    Tenant,
    everything_kept,
    native_addresses,
    page_addresses,
    zapsign_addresses,
)
from tests.support.house import House

Things = Mapping[str, str]
ZAPSIGN_BODIES: Mapping[str, Callable[[Things], object]] = {
    "/api/v1/docs/{doc}": lambda _: {"name": "Mallory"},
    "/api/v1/docs/{doc}/add-signer": lambda _: {"name": "Mallory"},
    "/api/v1/docs/{doc}/place-signatures": lambda _: {"rubricas": []},
    "/api/v1/docs/{doc}/upload-extra-doc": lambda _: {"name": "Mallory", "base64_pdf": PDF_TEXT},
    "/api/v1/docs/{doc}/reprocess-doc": lambda _: {"send_webhook": True, "resign_doc": True},
    "/api/v1/templates/{template}": lambda _: {"name": "Mallory"},
    "/api/v1/templates/update-form": lambda ana: {"template_id": ana["template"], "custom_intro": "Mallory"},
    "/api/v1/models/create-doc": lambda ana: {"template_id": ana["template"], "signer_name": "Mallory"},
    "/api/v1/models/create-doc/async": lambda ana: {"template_id": ana["template"], "signer_name": "Mallory"},
    "/api/v1/models/{doc}/upload-extra-doc": lambda ana: {"template_id": ana["template"]},
    "/api/v1/refuse": lambda ana: {"doc_token": ana["doc"], "rejected_reason": "x"},
    "/api/v1/signers/{signer}": lambda _: {"name": "Mallory", "send_automatic_email": True},
    "/api/v1/signer/{signer}/remove": lambda _: None,
    "/api/v1/user/company/webhook": lambda ana: {"url": "https://mallory.test/", "doc_token": ana["doc"]},
    "/api/v1/user/company/webhook/header": lambda ana: {
        "id": ana["webhook"],
        "headers": [{"name": "X-Mallory", "value": "1"}],
    },
    "/api/v1/user/company/webhook/header/delete": lambda ana: {"id": ana["webhook"], "headers": []},
    "/api/v1/user/company/webhook/delete": lambda ana: {"id": ana["webhook"]},
    "/api/v1/users/{email}": lambda _: None,
    "/api/v1/docs/{doc}/resend-notifications-bulk": lambda _: None,
    "/api/v1/docs/{doc}/document-display-order": lambda ana: {"document_display_order": [ana["doc"]]},
    "/api/v1/refuse/by-user": lambda ana: {
        "doc_token": ana["doc"],
        "signer_token": ana["signer"],
        "user_token": ana["doc"],
        "rejected_reason": "x",
    },
    "/api/v1/docs/signer-log/{doc}": lambda _: None,
    "/api/v1/signer-verification-details/{signer}": lambda _: None,
    "/api/v1/sign": lambda ana: {"user_token": ana["doc"], "signer_tokens": [ana["signer"]]},
    "/api/v1/signature-group/{doc}": lambda _: None,
    "/api/v1/reset-auth-attempts/{signer}": lambda _: None,
}
"""Whose documents, signers or webhooks are named in the body or the address."""
ZAPSIGN_OF_ONE_S_OWN = {
    "/api/v1/docs",
    "/api/v1/doc",
    "/api/v1/docs/async",
    "/api/v1/validate-pdf-signature",
    "/api/v1/templates",
    "/api/v1/templates/create",
    "/api/v1/timestamp",
    "/api/v1/timestamp/no-signature",
    "/api/v1/info-plan",
    "/api/v1/info-plan/partners-csv",
    "/api/v1/users",
    "/api/v1/users/create-user",
    "/api/v1/partner/company",
    # says 403 of an account that one did not open: see test_update_payment_status
    "/api/v1/partner/update-payment-status",
    # there are none, of anybody
    "/api/v1/checks",
    "/api/v1/checks/{check}",
    "/api/v1/checks/{check}/details",
}
NATIVE_BODIES: Mapping[str, object] = {
    "/envelopes/{envelope_id}": {"title": "Mallory"},
    "/templates/{template_id}": {"name": "Mallory"},
    "/envelopes/{envelope_id}/documents": {"base64": PDF_TEXT},
    "/envelopes/{envelope_id}/signers": {"name": "Mallory"},
    "/envelopes/{envelope_id}/signers/{signer_id}": {"name": "Mallory"},
    "/envelopes/{envelope_id}/reprocess": {"resend_webhooks": True},
    "/endpoints/{endpoint_id}": {"url": "https://mallory.test/"},
    "/extractions/{extraction_id}/values/{field}": {"value": "1,00"},
    "/document-types/{number}": {"name": "Mallory", "fields": []},
    "/invoices/{invoice_id}/cancel": {"text": "Serviço lançado com o valor errado"},
    "/companies/{company_id}": {"name": "Mallory"},
    "/companies/{company_id}/certificate": {"base64": PDF_TEXT},
    "/schemas/{schema_id}": {"name": "Mallory"},
    "/customers/{customer_id}": {"name": "Mallory"},
    "/items/{item_id}": {"name": "Mallory"},
}
NATIVE_ALIKE_FOR_ALL = {f"{NATIVE}/event-types/{{name}}"}
CONSOLE: Mapping[str, str] = {
    "/app/envelopes/{id}": "envelope",
    "/app/envelopes/{id}/reprocess": "envelope",
    "/app/envelopes/{id}/reseal": "envelope",
    "/app/envelopes/{id}/remind": "envelope",
    "/app/envelopes/{id}/readdress": "envelope",
    "/app/envelopes/{id}/resend": "envelope",
    "/app/envelopes/{id}/cancel": "envelope",
    "/app/envelopes/{id}/unlock": "envelope",
    "/app/envelopes/{id}/mails/{number:int}": "envelope",
    "/app/envelopes/{id}/mails/{number:int}/body": "envelope",
    "/app/deliveries/{id}": "delivery",
    "/app/deliveries/{id}/retry": "delivery",
    "/app/replays/{id}": "replay",
    "/app/replays/{id}/stop": "replay",
    "/app/endpoints/{id}": "endpoint",
    "/app/endpoints/{id}/pause": "endpoint",
    "/app/endpoints/{id}/test": "endpoint",
    "/app/endpoints/{id}/advanced": "endpoint",
    "/app/endpoints/{id}/listening": "endpoint",
    "/app/endpoints/{id}/mails/{number:int}": "endpoint",
    "/app/endpoints/{id}/mails/{number:int}/body": "endpoint",
    "/app/events/{id}": "event",
    "/app/events/{id}/replay": "event",
    "/app/events/{id}/retry": "event",
    "/app/endpoints/{id}/resume": "endpoint",
    "/app/endpoints/{id}/delete": "endpoint",
    "/app/endpoints/{id}/terms": "endpoint",
    "/app/endpoints/{id}/rotate": "endpoint",
    "/app/keys/{id}/revoke": "key",
    "/app/keys/{id}/renew": "key",
    "/app/extractions/{id}": "extraction",
    "/app/extractions/{id}/correct": "extraction",
    "/app/extractions/{id}/retry": "extraction",
    "/app/extractions/{id}/cancel": "extraction",
    "/app/extractions/{id}/sample": "extraction",
    "/app/extractions/{id}/delete": "extraction",
    "/app/extractions/{id}/pages/{number:int}": "extraction",
    "/app/templates/{id}": "template",
    "/app/templates/{id}/form": "template",
    "/app/templates/{id}/delete": "template",
    "/app/groups/{id}": "group",
    "/app/groups/{id}/delete": "group",
    "/app/invoices/{id}": "invoice",
    "/app/invoices/{id}/cancel": "invoice",
    "/app/invoices/{id}/retry": "invoice",
    "/app/invoices/{id}/files/{asset}": "invoice",
    "/app/companies/{id}": "company",
    "/app/companies/{id}/change": "company",
    "/app/companies/{id}/schemas": "company",
    "/app/companies/{id}/certificate": "company",
}
"""Which of Ana's things each address names."""
CONSOLE_OF_ONE_S_OWN = {
    "/app", "/app/", "/app/enter", "/app/login", "/app/logout", "/app/new", "/app/deliveries",
    "/app/events", "/app/deliveries/retry", "/app/replays", "/app/replays/new",
    "/app/endpoints", "/app/endpoints/new", "/app/endpoints/retries", "/app/keys",
    "/app/templates", "/app/templates/new", "/app/groups", "/app/invoices", "/app/invoices/new",
    "/app/companies", "/app/companies/new",
    # a number names the type of one's own account: tests/web/console/test_types.py tries another's
    "/app/event-types", "/app/event-types/{name}",
    "/app/extractions", "/app/types", "/app/types/{number:int}", "/app/types/{number:int}/save",
    "/app/types/{number:int}/try", "/app/types/{number:int}/edit", "/app/types/{number:int}/retire",
    "/app/{rest:path}",
}  # fmt: skip
OF_WHOEVER_HOLDS_THE_LINK = (
    "/verificar/{token}",
    "/verificar/oneclick/{token}",
    "/verificar/doc/{template}",
    "/sign/{token}",
    "/sign/oneclick/{token}",
    "/sign/doc/{template}",
    "/files/{document_id}",
    "/verify",
)
OF_EVERYBODY = {"/", "/healthz", "/readyz", "/metrics"}


@pytest.fixture(scope="module")
def ana(house: House, app: ASGIApp) -> Tenant:
    tenant = Tenant(house, app)
    tenant.settle()
    return tenant


@pytest.fixture(scope="module")
def mallory(house: House, app: ASGIApp) -> Tenant:
    return Tenant(house, app)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    ("method", "path"), [one for one in zapsign_addresses() if one[1] not in ZAPSIGN_OF_ONE_S_OWN]
)
def test_zapsign_shows_and_changes_nothing_of_another(
    house: House, ana: Tenant, mallory: Tenant, method: str, path: str, slash: str
) -> None:
    said = ZAPSIGN_BODIES[path](ana.things) if method != "GET" else None
    before = everything_kept(house)

    answer = mallory.ask(method, path.format(**ana.things) + slash, said)

    # of one of their calls another's document is "not of this company", as their page has it
    assert answer.status_code == (403 if path.endswith("-bulk") else 404), answer.text
    assert set(answer.json()) <= {"detail", "error", "message", "success", "error_code"}
    assert everything_kept(house) == before


@pytest.mark.parametrize(
    ("method", "path"),
    [one for one in native_addresses() if "{" in one[1] and one[1] not in NATIVE_ALIKE_FOR_ALL],
)
def test_native_shows_and_changes_nothing_of_another(
    house: House, ana: Tenant, mallory: Tenant, method: str, path: str
) -> None:
    said = NATIVE_BODIES.get(path.removeprefix(NATIVE)) if method in ("POST", "PATCH", "PUT") else None
    before = everything_kept(house)

    answer = mallory.ask(method, path.format(**ana.things), said)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert everything_kept(house) == before


@pytest.mark.parametrize(("method", "path"), [one for one in page_addresses() if one[1] in CONSOLE])
def test_the_console_shows_and_changes_nothing_of_another(
    house: House, ana: Tenant, mallory: Tenant, method: str, path: str
) -> None:
    named = ana.things[CONSOLE[path]]
    before = everything_kept(house)

    answer = mallory.ask(method, _filled(path, named), {"reason": "x", "signer": named})

    assert answer.status_code == 404
    assert "Segredo" not in answer.text
    assert everything_kept(house) == before


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/docs/?include_signers=true",
        *(path for method, path in native_addresses() if method == "GET" and "{" not in path),
        "/app/?q=segredo",
        "/app/deliveries",
        "/app/endpoints",
        "/app/keys",
    ],
)
def test_no_list_holds_anything_of_another(ana: Tenant, mallory: Tenant, path: str) -> None:
    hers, his = ana.ask("GET", path), mallory.ask("GET", path)

    assert (hers.status_code, his.status_code) == (200, 200)
    for thing in ("Segredo", "client.test", *(str(one) for one in ana.things.values() if len(str(one)) > 8)):
        assert thing not in his.text


@pytest.mark.parametrize(("method", "path"), [*zapsign_addresses(guarded=True), *native_addresses()])
def test_nobody_asks_without_a_key_of_that_dialect(
    ana: Tenant, mallory: Tenant, method: str, path: str
) -> None:
    other = mallory.keys["zapsign" if path.startswith(NATIVE) else "native"]
    for headers in ({}, {"authorization": f"Bearer {other}"}, {"authorization": "Bearer "}):
        answer = mallory.client.request(method, path.format(name="any", **ana.things), headers=headers)

        assert answer.status_code in (401, 403)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_is_in_the_console_without_a_session(ana: Tenant, mallory: Tenant, method: str) -> None:
    for verb, path in page_addresses():
        if verb == method and path in CONSOLE:
            answer = mallory.client.request(method, _filled(path, ana.things[CONSOLE[path]]))

            # a picture inside a page leads nowhere
            sent_away = (answer.status_code, answer.headers.get("location", "")[:10]) == (303, "/app/login")
            assert sent_away or (answer.status_code == 404 and "/pages/" in path)


def test_every_address_is_known_here() -> None:
    known = set(CONSOLE) | CONSOLE_OF_ONE_S_OWN | OF_EVERYBODY

    strangers = [
        path
        for _, path in page_addresses()
        if path not in known and not path.startswith(OF_WHOEVER_HOLDS_THE_LINK)
    ]

    assert strangers == []
    assert {path for _, path in zapsign_addresses()} == set(ZAPSIGN_BODIES) | ZAPSIGN_OF_ONE_S_OWN


def _filled(path: str, named: str) -> str:
    return path.replace("{id}", named).replace("{number:int}", "1").replace("{asset}", named)
