"""How a receiver lets us in, as it is said; and as it is shown, without what is secret."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from lacre.dialects.native.wire.values import Line, Said, Shown
from lacre.kit.json import Json
from lacre.webhooks.headers import MAX_HEADERS

Url: TypeAlias = Annotated[str, Field(max_length=4000)]
Secret: TypeAlias = Annotated[str, Field(max_length=8000, description="Never shown again.")]


class Header(Said):
    name: Line
    value: str = Field(default="", max_length=8000)


class NoAuthorization(Said):
    """Takes away what there was."""

    kind: Literal["none"]


class FixedAuthorization(Said):
    kind: Literal["fixed"]
    header: Line = "Authorization"
    value: Secret


class BasicAuthorization(Said):
    kind: Literal["basic"]
    user: Line
    password: Secret


class FetchedAuthorization(Said):
    """A token that another URL gives out: fetched when a delivery needs it, and used until it ends."""

    kind: Literal["fetched"]
    url: Url
    method: Literal["POST", "PUT", "PATCH", "GET"] = "POST"
    headers: list[Header] = Field(default_factory=list, max_length=MAX_HEADERS)
    body: dict[Line, Json] | str = Field(
        default="",
        description=(
            "Properties go as a form when the header `Content-Type` says so, else as JSON; a text as it is."
        ),
    )
    token_path: Line = Field(
        default="access_token", description="Where the token stands in the JSON answer: `data.0.token`."
    )
    header: Line = Field(default="Authorization", description="What the token is sent in.")
    prefix: Line = Field(default="Bearer", description="Before the token, with a space; may be empty.")


class ClientCredentialsAuthorization(Said):
    """OAuth 2.0: a token for the client itself."""

    kind: Literal["client_credentials"]
    token_url: Url
    client_id: Line
    client_secret: Secret
    scope: Annotated[str, Field(max_length=2000)] = ""
    audience: Annotated[str, Field(max_length=2000)] = ""
    client_in: Literal["basic", "body"] = Field(
        default="basic", description="Where the client says who it is: basic authentication, or the form."
    )


SaidAuthorization: TypeAlias = Annotated[
    NoAuthorization
    | FixedAuthorization
    | BasicAuthorization
    | FetchedAuthorization
    | ClientCredentialsAuthorization,
    Field(discriminator="kind"),
]


class ShownAuthorization(Shown):
    kind: Literal["fixed", "basic", "fetched", "client_credentials"]
    header: str
    user: str | None = None
    url: str | None = Field(default=None, description="Where tokens come from, without the query.")
    method: str | None = None
    token_path: str | None = None
    client_id: str | None = None
    scope: str | None = None
