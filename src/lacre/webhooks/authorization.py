"""How a receiver lets us in: by a fixed header, a password, or a token that is fetched at dispatch.

Nothing is asked for here: out of it come headers to add, and the request whose answer holds the token.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from msgspec.structs import replace

from lacre.kit.json import Json, canonical
from lacre.webhooks.body import BodyParts
from lacre.webhooks.errors import AuthorizationNotUsable
from lacre.webhooks.headers import check_headers, sendable
from lacre.webhooks.request import Request
from lacre.webhooks.url import check_url

AUTHORIZATION = "Authorization"
METHODS = ("POST", "PUT", "PATCH", "GET")
MAX_PATH = 255
MAX_BODY = 16 * 1024

Headers: TypeAlias = tuple[tuple[str, str], ...]

FORM_TYPE = "application/x-www-form-urlencoded"
_JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """One header with one value, for ever."""

    kind: Literal["fixed"] = "fixed"
    header: str = AUTHORIZATION
    value: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Basic:
    kind: Literal["basic"] = "basic"
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A token that another URL gives out."""

    kind: Literal["fetched"] = "fetched"
    url: str
    method: str = "POST"
    headers: Headers = field(default=(), repr=False)
    body: Mapping[str, Json] | str = field(default="", repr=False)
    """Properties are sent as a form or as JSON, as their `Content-Type` says; a text as it is."""
    token_path: str = "access_token"  # noqa: S105 - where it stands, not what it is
    """Through the answer's JSON, by dots: `data.0.token`."""
    header: str = AUTHORIZATION
    prefix: str = "Bearer"
    """Before the token, with a space; may be empty."""


@dataclass(frozen=True, kw_only=True)
class ClientCredentials:
    """OAuth 2.0, RFC 6749 section 4.4."""

    kind: Literal["client_credentials"] = "client_credentials"
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""
    audience: str = ""
    in_body: bool = False
    """Where the client says who it is: in the form, or by basic authentication, which servers must take."""


Authorization: TypeAlias = Fixed | Basic | Fetched | ClientCredentials


def headers_of(authorization: Fixed | Basic) -> Headers:
    if isinstance(authorization, Fixed):
        return ((authorization.header, authorization.value),)
    return ((AUTHORIZATION, _basic(authorization.user, authorization.password)),)


def bearing(fetched: Fetched, token: str) -> Headers:
    """One space between them, also for who wrote it; a server may say the prefix with its token."""
    prefix = fetched.prefix.strip()
    said = not prefix or token.lower().startswith(f"{prefix} ".lower())
    return ((fetched.header, token if said else f"{prefix} {token}"),)


def asking(fetched: Fetched, deadline_seconds: float) -> Request:
    """For a token; without a body where the method has none."""
    given = sendable(fetched.headers)
    names = {name.lower() for name, _ in given}
    ours = [("Accept", _JSON), ("User-Agent", "Lacre")]
    body = b"" if fetched.method == "GET" else _body(fetched)
    if body:
        ours.append(("Content-Type", _JSON))
    added = tuple(one for one in ours if one[0].lower() not in names)
    return Request(
        method=fetched.method,
        url=fetched.url,
        headers=(*added, *given),
        body=body,
        deadline_seconds=deadline_seconds,
    )


def with_headers(request: Request, added: Headers) -> Request:
    """In place of the request's own of the same names."""
    names = {name.lower() for name, _ in added}
    kept = tuple(one for one in request.headers if one[0].lower() not in names)
    return replace(request, headers=(*kept, *added))


def with_parts(request: Request, parts: BodyParts, signatures: Headers) -> Request:
    """Once they were read."""
    return with_headers(replace(request, parts=parts), signatures)


def as_fetched(authorization: Fetched | ClientCredentials) -> Fetched:
    """Client credentials are a token fetched in one certain way."""
    if isinstance(authorization, Fetched):
        return authorization
    said = {"grant_type": "client_credentials", "scope": authorization.scope}
    said["audience"] = authorization.audience
    who = {"client_id": authorization.client_id, "client_secret": authorization.client_secret}
    if authorization.in_body:
        headers: Headers = ()
        said |= who
    else:
        # each part is form-encoded before they are joined: RFC 6749 section 2.3.1
        headers = ((AUTHORIZATION, _basic(*(urlencode({"": part})[1:] for part in who.values()))),)
    body = {name: value for name, value in said.items() if value}
    return Fetched(url=authorization.token_url, headers=(("Content-Type", FORM_TYPE), *headers), body=body)


def secret_header(authorization: Authorization | None) -> str:
    """The name of the header that carries what nobody may see."""
    return authorization.header if isinstance(authorization, Fixed | Fetched) else AUTHORIZATION


def fingerprint(authorization: Authorization) -> str:
    """Another one for any other authorization: a token is no good to those that did not fetch it."""
    return hashlib.sha256(canonical(asdict(authorization))).hexdigest()


def check_authorization(authorization: Authorization) -> None:
    """At save: refuses what could never be sent."""
    match authorization:
        case Fixed():
            check_headers([(authorization.header, authorization.value)])
        case Basic():
            _check_user(authorization.user)
        case ClientCredentials():
            _check_named(authorization.client_id, "client_id")
            check_fetched(as_fetched(authorization))
        case Fetched():
            check_fetched(authorization)


def check_fetched(fetched: Fetched) -> None:
    check_url(fetched.url)
    check_headers([*fetched.headers, (fetched.header, fetched.prefix)])
    _check_named(fetched.token_path, "token_path")
    if fetched.method not in METHODS:
        raise AuthorizationNotUsable(f"the method must be one of {', '.join(METHODS)}")
    if len(fetched.token_path) > MAX_PATH:
        raise AuthorizationNotUsable(f"token_path is longer than {MAX_PATH} characters")
    if len(_body(fetched)) > MAX_BODY:
        raise AuthorizationNotUsable(f"the body is longer than {MAX_BODY} bytes")


def _check_user(user: str) -> None:
    _check_named(user, "user")
    if ":" in user:
        raise AuthorizationNotUsable("the user may not hold a colon, which ends it")


def _check_named(value: str, name: str) -> None:
    if not value:
        raise AuthorizationNotUsable(f"{name} is missing")


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _body(fetched: Fetched) -> bytes:
    if isinstance(fetched.body, str):
        return fetched.body.encode()
    if not fetched.body:
        return b""
    if _media_type(fetched.headers) == FORM_TYPE:
        return urlencode({name: _text(value) for name, value in fetched.body.items()}).encode()
    return json.dumps(fetched.body, separators=(",", ":"), ensure_ascii=False).encode()


def _media_type(headers: Headers) -> str:
    said = next((value for name, value in headers if name.lower() == "content-type"), "")
    return said.partition(";")[0].strip().lower()


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
