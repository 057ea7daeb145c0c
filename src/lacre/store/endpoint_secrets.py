"""An endpoint's secrets as one text, to be encrypted; older ones lack what was not thought of yet."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from lacre.kit.times import parse_rfc3339, rfc3339
from lacre.store.columns import to_json
from lacre.webhooks.authorization import Authorization
from lacre.webhooks.endpoint import Secrets

_AUTHORIZATION: TypeAdapter[Authorization] = TypeAdapter(
    Annotated[Authorization, Field(discriminator="kind")]
)


def written_secrets(secrets: Secrets) -> bytes:
    said: dict[str, Any] = {
        "headers": secrets.headers,
        "signing": secrets.signing,
        "private_keys": secrets.private_keys,
        "ends": [rfc3339(end) for end in secrets.ends],
        "client_pem": secrets.client_pem,
        "ca_pem": secrets.ca_pem,
    }
    if secrets.authorization is not None:
        said["authorization"] = _AUTHORIZATION.dump_python(secrets.authorization, mode="json")
    return to_json(said).encode()


def read_secrets(written: bytes) -> Secrets:
    said = json.loads(written)
    authorization = said.get("authorization")
    return Secrets(
        headers=tuple((name, value) for name, value in said["headers"]),
        signing=tuple(said["signing"]),
        private_keys=tuple(said.get("private_keys", ())),
        ends=tuple(parse_rfc3339(end) for end in said.get("ends", ())),
        authorization=_AUTHORIZATION.validate_python(authorization) if authorization else None,
        client_pem=said.get("client_pem", ""),
        ca_pem=said.get("ca_pem", ""),
    )
