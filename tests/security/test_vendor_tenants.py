"""Mallory's keys and Ana's ids, in the words of ArqSIGN, IDEXA and Fast Notas: nothing is there.

The addresses are read from the routes themselves, so a new one fails here until somebody says what it is.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

import pytest
from starlette.types import ASGIApp

from lacre.accounts.actions import give_key
from lacre.dialects.arqsign.auth import DIALECT as ARQSIGN
from lacre.dialects.arqsign.auth import SUBSCRIPTION
from lacre.dialects.arqsign.routes import PATHS as ARQSIGN_PATHS
from lacre.dialects.fastnotas.routes import PATHS as FASTNOTAS_PATHS
from lacre.dialects.idexa.routes import PATHS as IDEXA_PATHS
from lacre.kit.ids import InvoiceId, new_uuid
from lacre.signing.folder import place_id
from tests.security.tenants import Tenant, everything_kept, plain
from tests.support.house import House

Things = Mapping[str, str]
Addresses = list[tuple[str, str]]
PATHS = {**ARQSIGN_PATHS, **IDEXA_PATHS, **FASTNOTAS_PATHS}
OF_ONE_S_OWN = {
    "/enviar-documento-para-assinar", "/papeis-signatarios", "/buscar-consumo-itens-assinatura",
    "/dados-assinatura", "/confwebhook", "/documents/upload", "/documents", "/document_webhooks",
    "/v1/company", "/v1/companies", "/v1/customers", "/v1/document_schemas", "/v1/items", "/v1/documents",
}  # fmt: skip
"""By how they end: nothing of anybody's is named in the address."""
BODIES: Mapping[str, Callable[[Things], object]] = {
    "reenviar-processo": lambda ana: {"idProcessoDestinatario": ana["signer"], "nome": "Mallory"},
    "buscar-anexos-signatarios": lambda ana: {"arquivoTipo": 1, "signatarios": [ana["signer"]]},
    "alterar-status": lambda _: {"status": 2},
    "buscar-pastas": lambda ana: {"buscarPor": 1, "pastas": [ana["folder"]]},
    "buscar-usuarios": lambda ana: {"ativos": True, "usuarios": [ana["user"]]},
}
"""By how their paths end; the others change a name, or take nothing."""
NAMES = {
    "{process}": "envelope",
    "{file}": "document",
    "{webhook}": "endpoint",
    "{document}": "extraction",
    "/v1/companies/{id}": "company",
    "/v1/customers/{id}": "customer",
    "/v1/document_schemas/{id}": "schema",
    "/v1/items/{id}": "item",
    "/v1/documents/{id}": "invoice",
    "/v1/operations/{id}": "operation",
    "/v1/transactions/{id}": "operation",
    "/v1/assets/{id}": "operation",
}
"""Whose thing of Ana's stands in the address."""


@pytest.fixture(scope="module")
def owner(house: House, app: ASGIApp) -> Tenant:
    tenant = Tenant(house, app)
    tenant.settle()
    return tenant


@pytest.fixture(scope="module")
def ana(house: House, owner: Tenant) -> Things:
    named = ("document", "signer", "customer", "schema", "item", "invoice", "company")
    things = {**owner.things, **{one: plain(owner.things[f"{one}_id"]) for one in named}}
    with house.services.open_work() as work:
        issued = work.books.invoices.get(owner.account.id, InvoiceId(things["invoice"]))
        (user,) = work.accounts.users(owner.account.id)
    return {
        **things,
        "operation": issued.operations[0].id,
        "folder": place_id(owner.account.id, "/"),
        "user": user.id,
    }


@pytest.fixture(scope="module")
def mallory(house: House, app: ASGIApp) -> Tenant:
    return Tenant(house, app)


def addresses() -> Addresses:
    return [
        (verb, path)
        for path, verbs in PATHS.items()
        for verb in verbs
        if not any(path.endswith(end) for end in OF_ONE_S_OWN)
    ]


@pytest.mark.parametrize(("method", "path"), addresses())
def test_nothing_of_another_is_there(
    house: House, ana: Things, mallory: Tenant, method: str, path: str
) -> None:
    headers = _headers(mallory, path)
    said = _said(path, ana) if method in ("POST", "PUT", "PATCH") else None
    before = everything_kept(house)

    answer = mallory.client.request(method, _filled(path, ana), json=said, headers=headers)

    # ArqSIGN's word for what there is not is 400
    assert answer.status_code == (400 if path.startswith("/api/") else 404), answer.text
    assert "Segredo" not in answer.text
    assert everything_kept(house) == before


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/processo/{process}",
        "/api/v2/processo/{file}/registro-assinaturas",
        "/documents/{document}",
        "/v1/companies/{id}",
        "/v1/customers/{id}",
        "/v1/document_schemas/{id}",
        "/v1/items/{id}",
        "/v1/documents/{id}",
        "/v1/operations/{id}",
    ],
)
def test_what_another_has_is_there_for_them(ana: Things, owner: Tenant, path: str) -> None:
    """Else the test before would prove nothing."""
    answer = owner.client.get(_filled(path, ana), headers=_headers(owner, path))

    assert answer.status_code == 200


def _filled(path: str, ana: Things) -> str:
    path = path.replace("{version:int}", "2")
    for part, name in NAMES.items():
        if part in path:
            return path.replace(part, part.replace("{id}", ana[name]) if part[0] == "/" else ana[name])
    return path


def _said(path: str, ana: Things) -> object:
    return next((say(ana) for end, say in BODIES.items() if path.endswith(end)), {"name": "Mallory"})


def _headers(tenant: Tenant, path: str) -> Mapping[str, str]:
    """With a key of its own for each request: ArqSIGN's take four in a second."""
    if path.startswith("/api/"):
        return {"appkey": _key(tenant, ARQSIGN), "subscriptionkey": _key(tenant, SUBSCRIPTION)}
    if path.startswith("/v1/"):
        basic = base64.b64encode(f"{_key(tenant, 'fastnotas')}:".encode()).decode()
        return {"authorization": f"Basic {basic}"}
    return {"x-api-key": _key(tenant, "idexa")}


def _key(tenant: Tenant, dialect: str) -> str:
    house, secret = tenant.house, new_uuid() + new_uuid()
    with house.services.open_work() as work:
        give_key(
            work, tenant.account, dialect=dialect, key_id=new_uuid(), key=secret,
            digest=house.services.tokens.digest(secret), now=house.now(),
        )  # fmt: skip
    return secret
