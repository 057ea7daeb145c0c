"""How a webhook's receiver lets us in, and whom it must be signed by: chosen in a form.

What is secret is typed and never shown again: a field that is left empty keeps what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeAlias
from urllib.parse import urlsplit

from lacre.kit.refusal import Refusal
from lacre.web.console import notes
from lacre.web.console.door import Visit
from lacre.webhooks.authorization import (
    AUTHORIZATION,
    FORM_TYPE,
    METHODS,
    Authorization,
    Basic,
    ClientCredentials,
    Fetched,
    Fixed,
    Headers,
    check_authorization,
)
from lacre.webhooks.certificate import (
    ShownCertificate,
    check_ca_pem,
    check_client_pem,
    check_in_time,
    described,
)
from lacre.webhooks.endpoint import Secrets
from lacre.webhooks.headers import check_headers
from lacre.webhooks.url import check_url

Said: TypeAlias = Mapping[str, str]

NONE = "none"
LONG, LONGEST = 17_000, 70_000
FIELDS: Mapping[str, int] = {
    "access": 20,
    "fixed_header": 100,
    "fixed_value": 8_000,
    "basic_user": 1_000,
    "basic_password": 8_000,
    "fetched_url": 4_000,
    "fetched_method": 10,
    "fetched_headers": LONG,
    "fetched_kind": 10,
    "fetched_body": LONG,
    "token_path": 300,
    "token_header": 100,
    "token_prefix": 100,
    "client_url": 4_000,
    "client_id": 1_000,
    "client_secret": 8_000,
    "client_scope": 2_000,
    "client_audience": 2_000,
    "client_in": 10,
    "client_pem": LONGEST,
    "ca_pem": LONGEST,
    "client_pem_gone": 2,
    "ca_pem_gone": 2,
}
"""By name, and how much of each is read; what is longer than it may be is still seen to be so."""
SECRET = ("fixed_value", "basic_password", "fetched_headers", "fetched_body", "client_secret", "client_pem")
"""Never in a page."""


class AtField(Refusal):
    """Said at one field of a form."""

    def __init__(self, field: str, refusal: Refusal) -> None:
        super().__init__()
        self.field, self.refusal = field, refusal


class Missing(Refusal):
    __doc__ = notes.FILL_IN


class HeaderWithoutColon(Refusal):
    __doc__ = notes.HEADER_WITHOUT_COLON


class PropertyWithoutSign(Refusal):
    __doc__ = notes.PROPERTY_WITHOUT_SIGN


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What of an endpoint's secrets may be seen."""

    kept: frozenset[str]
    """Secret fields that hold something."""
    client: ShownCertificate | None
    authorities: tuple[ShownCertificate, ...]
    again: frozenset[str]
    """Secret fields that were typed into a form that was refused."""


def typed(visit: Visit) -> dict[str, str]:
    return {name: visit.typed(name, limit) for name, limit in FIELDS.items()}


def read(said: Said, before: Secrets, *, now: datetime) -> Secrets:
    """Refuses what could never be sent, at its field."""
    return replace(
        before,
        authorization=_authorization(said, before.authorization),
        client_pem=_pem(said, "client_pem", before.client_pem, partial(_check_ours, now)),
        ca_pem=_pem(said, "ca_pem", before.ca_pem, check_ca_pem),
    )


def as_typed(secrets: Secrets) -> dict[str, str]:
    """What the form would have said, but for what is secret."""
    match secrets.authorization:
        case None:
            return {"access": NONE}
        case Fixed(header=header):
            return {"access": "fixed", "fixed_header": header}
        case Basic(user=user):
            return {"access": "basic", "basic_user": user}
        case Fetched() as fetched:
            return _fetched_as_typed(fetched)
        case ClientCredentials() as client:
            return _client_as_typed(client)


def shown(secrets: Secrets, said: Said | None = None) -> Shown:
    """`said`: in a form that was refused."""
    ours = described(secrets.client_pem)[:1]
    return Shown(
        kept=frozenset(_kept(secrets)),
        client=ours[0] if ours else None,
        authorities=described(secrets.ca_pem),
        again=frozenset(name for name in SECRET if said and said.get(name)),
    )


def without_secrets(said: Said) -> dict[str, str]:
    """What a form that was refused shows of what was typed."""
    return {name: "" if name in SECRET else value for name, value in said.items()}


def header_lines(text: str) -> Headers:
    lines = [line for line in text.splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    if not all(colon for _, colon, _ in pairs):
        raise HeaderWithoutColon
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


# ── reading ──────────────────────────────────────────────────────────────────


@contextmanager
def _at(field: str) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise AtField(field, refusal) from None


def _given(said: Said, name: str, before: str = "") -> str:
    """What was typed, or what there is."""
    with _at(name):
        if not said[name] and not before:
            raise Missing
    return said[name] or before


def _authorization(said: Said, before: Authorization | None) -> Authorization | None:
    """As it is, where the form did not ask."""
    match said["access"]:
        case "fixed":
            return _fixed(said, before if isinstance(before, Fixed) else None)
        case "basic":
            return _basic(said, before if isinstance(before, Basic) else None)
        case "fetched":
            return _fetched(said, before if isinstance(before, Fetched) else None)
        case "client_credentials":
            return _client(said, before if isinstance(before, ClientCredentials) else None)
        case "none":
            return None
        case _:
            return before


def _fixed(said: Said, before: Fixed | None) -> Fixed:
    header = said["fixed_header"] or AUTHORIZATION
    value = _given(said, "fixed_value", before.value if before else "")
    with _at("fixed_header"):
        check_headers([(header, "")])
    with _at("fixed_value"):
        check_headers([(header, value)])
    return Fixed(header=header, value=value)


def _basic(said: Said, before: Basic | None) -> Basic:
    password = said["basic_password"] or (before.password if before else "")
    basic = Basic(user=_given(said, "basic_user"), password=password)
    with _at("basic_user"):
        check_authorization(basic)
    return basic


def _fetched(said: Said, before: Fetched | None) -> Fetched:
    headers, body = _question(said, before)
    fetched = Fetched(
        url=_given(said, "fetched_url"),
        method=said["fetched_method"] if said["fetched_method"] in METHODS else "POST",
        headers=headers,
        body=body,
        token_path=said["token_path"] or "access_token",
        header=said["token_header"] or AUTHORIZATION,
        prefix=said["token_prefix"],
    )
    with _at("fetched_url"):
        check_url(fetched.url)
    with _at("token_header"):
        check_headers([(fetched.header, "")])
    with _at("token_prefix"):
        check_headers([(fetched.header, fetched.prefix)])
    with _at("fetched_headers"):
        check_headers(fetched.headers)
    with _at("fetched_body"):
        check_authorization(fetched)
    return fetched


def _question(said: Said, before: Fetched | None) -> tuple[Headers, Mapping[str, str] | str]:
    """The headers and the body that a token is asked for with; one typed anew says itself what it is."""
    with _at("fetched_headers"):
        headers = header_lines(said["fetched_headers"]) or (before.headers if before else ())
    if not said["fetched_body"]:
        return headers, before.body if before else ""  # type: ignore[return-value]
    others = tuple(one for one in headers if one[0].lower() != "content-type")
    if said["fetched_kind"] == "json":
        return others, said["fetched_body"]
    with _at("fetched_body"):
        return (("Content-Type", FORM_TYPE), *others), _properties(said["fetched_body"])


def _properties(text: str) -> dict[str, str]:
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    if not all(sign for _, sign, _ in pairs):
        raise PropertyWithoutSign
    return {name.strip(): value.strip() for name, _, value in pairs}


def _client(said: Said, before: ClientCredentials | None) -> ClientCredentials:
    client = ClientCredentials(
        token_url=_given(said, "client_url"),
        client_id=_given(said, "client_id"),
        client_secret=_given(said, "client_secret", before.client_secret if before else ""),
        scope=said["client_scope"],
        audience=said["client_audience"],
        in_body=said["client_in"] == "body",
    )
    with _at("client_url"):
        check_url(client.token_url)
    with _at("client_id"):
        check_authorization(client)
    return client


def _pem(said: Said, name: str, before: str, check: Callable[[str], None]) -> str:
    if said[name]:
        with _at(name):
            check(said[name])
        return said[name] + "\n"
    return "" if said[f"{name}_gone"] else before


def _check_ours(now: datetime, pem: str) -> None:
    check_client_pem(pem)
    check_in_time(pem, now=now)


# ── showing ──────────────────────────────────────────────────────────────────


def _fetched_as_typed(fetched: Fetched) -> dict[str, str]:
    return {
        "access": "fetched",
        "fetched_url": fetched.url,
        "fetched_method": fetched.method,
        "fetched_kind": "json" if isinstance(fetched.body, str) else "form",
        "token_path": fetched.token_path,
        "token_header": fetched.header,
        "token_prefix": fetched.prefix,
    }


def _client_as_typed(client: ClientCredentials) -> dict[str, str]:
    return {
        "access": "client_credentials",
        "client_url": client.token_url,
        "client_id": client.client_id,
        "client_scope": client.scope,
        "client_audience": client.audience,
        "client_in": "body" if client.in_body else "basic",
    }


def _kept(secrets: Secrets) -> Iterator[str]:
    if secrets.client_pem:
        yield "client_pem"
    match secrets.authorization:
        case Fixed():
            yield "fixed_value"
        case Basic(password=password) if password:
            yield "basic_password"
        case ClientCredentials():
            yield "client_secret"
        case Fetched(headers=headers, body=body):
            yield from ([] if not headers else ["fetched_headers"])
            yield from ([] if not body else ["fetched_body"])


def host_of(authorization: Authorization | None) -> str:
    """Of the server that gives tokens out."""
    match authorization:
        case Fetched(url=url) | ClientCredentials(token_url=url):
            return urlsplit(url).hostname or ""
        case _:
            return ""
