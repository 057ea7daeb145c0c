"""The shape of an endpoint's requests: how it is said, how it is shown, and what an event fills in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lacre.dialects.native import authorization, terms
from lacre.dialects.native.choosing import PLACE_NAMES
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.wire.endpoints import (
    Certificate,
    Content,
    EndpointChange,
    Files,
    NewEndpoint,
    Options,
)
from lacre.kit.json import Json
from lacre.webhooks.certificate import ShownCertificate, described
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.scheme import Scheme
from lacre.webhooks.template import check_places
from lacre.webhooks.unsigned import UNREADABLE

NOT_IN_CHUNKS = (
    "Files as Base64 cannot be signed with ed25519, which needs the whole body at once: "
    "say files `link`, or sign with other forms, such as `standard`."
)


def give(endpoint: Endpoint, said: NewEndpoint | EndpointChange, *, new_key: Callable[[], str]) -> None:
    """What is not said stays as it is; a form that needs a key of its own gets one."""
    options = _options(Options.model_validate(endpoint.options), said)
    if options.fill_url:
        check_places(endpoint.url, PLACE_NAMES)
    if options.files is Files.BASE64 and UNREADABLE & {*options.signatures}:
        raise Declined("signatures_not_possible", NOT_IN_CHUNKS, pointer="#/signatures")
    endpoint.options = options.model_dump(mode="json")
    endpoint.terms = terms.meant(endpoint.terms, said)
    endpoint.secrets = secrets(endpoint.secrets, said)
    if Scheme.ED25519 in options.signatures and not endpoint.secrets.private_keys:
        endpoint.secrets = replace(endpoint.secrets, private_keys=(new_key(),))


def shown(endpoint: Endpoint) -> dict[str, Any]:
    options = Options.model_validate(endpoint.options)
    return {
        "method": options.method,
        "fill_url": options.fill_url,
        "signatures": list(options.signatures),
        "include": list(options.include),
        "files": options.files,
    }


def certificates(endpoint: Endpoint) -> dict[str, Any]:
    ours = [_certificate(one) for one in described(endpoint.secrets.client_pem)[:1]]
    return {
        "client_certificate": ours[0] if ours else None,
        "ca_certificates": [_certificate(one) for one in described(endpoint.secrets.ca_pem)],
    }


def fields(said: Mapping[str, Json]) -> dict[str, str]:
    """Of an event as it is told; what it has not is left empty."""
    data = said.get("data")
    envelope, signer, document, invoice = (
        _inside(data, name) for name in ("envelope", "signer", "extraction", "invoice")
    )
    found = {
        "id": said.get("id"),
        "type": said.get("type"),
        "envelope_id": envelope.get("id"),
        "extraction_id": document.get("id"),
        "invoice_id": invoice.get("id"),
        "external_id": envelope.get("external_id") or document.get("external_id"),
        "signer_id": signer.get("id"),
    }
    return {name: str(value) for name, value in found.items() if value}


def _inside(data: Json, name: str) -> Mapping[str, Json]:
    found = data.get(name) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _options(options: Options, said: NewEndpoint | EndpointChange) -> Options:
    changed: dict[str, object] = {}
    if said.method is not None:
        changed["method"] = said.method
    if said.fill_url is not None:
        changed["fill_url"] = said.fill_url
    if said.signatures is not None:
        changed["signatures"] = tuple(dict.fromkeys(said.signatures))
    if said.include is not None:
        # always in one order, so that the same choice is the same bytes
        changed["include"] = tuple(one for one in Content if one in said.include)
    if said.files is not None:
        changed["files"] = said.files
    return options.model_copy(update=changed)


def secrets(kept: Secrets, said: NewEndpoint | EndpointChange) -> Secrets:
    """What is not said stays as it is."""
    if said.authorization is not None:
        kept = replace(kept, authorization=authorization.meant(said.authorization))
    if said.client_certificate is not None:
        kept = replace(kept, client_pem=said.client_certificate)
    if said.ca_certificates is not None:
        kept = replace(kept, ca_pem=said.ca_certificates)
    return kept


def _certificate(one: ShownCertificate) -> Certificate:
    return Certificate(subject=one.subject, ends_at=one.ends_at)
