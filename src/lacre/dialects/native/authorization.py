"""Authorizations as our API says and shows them."""

from __future__ import annotations

from urllib.parse import urlsplit

from lacre.dialects.native.problems import Declined
from lacre.dialects.native.wire.authorization import (
    BasicAuthorization,
    FetchedAuthorization,
    FixedAuthorization,
    NoAuthorization,
    SaidAuthorization,
    ShownAuthorization,
)
from lacre.webhooks.authorization import (
    AUTHORIZATION,
    Authorization,
    Basic,
    ClientCredentials,
    Fetched,
    Fixed,
    check_authorization,
)
from lacre.webhooks.errors import HeaderNotAllowed, UrlNotAllowed


def meant(said: SaidAuthorization) -> Authorization | None:
    """Refuses what can never work where it stands: others are of the endpoint's own URL and headers."""
    found = _meant(said)
    try:
        if found is not None:
            check_authorization(found)
    except UrlNotAllowed as refusal:
        url = "token_url" if isinstance(found, ClientCredentials) else "url"
        detail = f"No token can be asked for at this URL: {refusal.args[0]}."
        raise Declined(refusal.code, detail, pointer=f"#/authorization/{url}") from None
    except HeaderNotAllowed as refusal:
        raise Declined(refusal.code, refusal.message, pointer="#/authorization") from None
    return found


def _meant(said: SaidAuthorization) -> Authorization | None:
    match said:
        case NoAuthorization():
            return None
        case FixedAuthorization():
            return Fixed(header=said.header, value=said.value)
        case BasicAuthorization():
            return Basic(user=said.user, password=said.password)
        case FetchedAuthorization():
            return _fetched(said)
    return ClientCredentials(
        token_url=said.token_url,
        client_id=said.client_id,
        client_secret=said.client_secret,
        scope=said.scope,
        audience=said.audience,
        in_body=said.client_in == "body",
    )


def shown(kept: Authorization | None) -> ShownAuthorization | None:
    """Nothing that lets anybody in."""
    match kept:
        case None:
            return None
        case Fixed(header=header):
            return ShownAuthorization(kind="fixed", header=header)
        case Basic(user=user):
            return ShownAuthorization(kind="basic", header=AUTHORIZATION, user=user)
        case Fetched():
            return ShownAuthorization(
                kind="fetched",
                header=kept.header,
                url=_without_query(kept.url),
                method=kept.method,
                token_path=kept.token_path,
            )
        case ClientCredentials():
            return ShownAuthorization(
                kind="client_credentials",
                header=AUTHORIZATION,
                url=_without_query(kept.token_url),
                client_id=kept.client_id,
                scope=kept.scope,
            )


def _fetched(said: FetchedAuthorization) -> Fetched:
    return Fetched(
        url=said.url,
        method=said.method,
        headers=tuple((one.name, one.value) for one in said.headers),
        body=said.body,
        token_path=said.token_path,
        header=said.header,
        prefix=said.prefix,
    )


def _without_query(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()
