"""What IDEXA's clients send, as types; no behaviour."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Method = Annotated[
    Literal["POST", "PUT", "GET", "DELETE"],
    BeforeValidator(lambda said: said.upper() if isinstance(said, str) else said),
]
AskingMethod = Annotated[
    Literal["POST", "PUT", "PATCH", "GET"] | None,
    BeforeValidator(lambda said: said.upper() or None if isinstance(said, str) else said),
]
_Texts = Annotated[dict[str, str | int | float | bool], Field(max_length=50)]


class Said(BaseModel):
    """What it does not know is left alone: forms send more than is documented."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class NewWebhook(Said):
    """`POST document_webhooks`."""

    name: str = Field(min_length=1, max_length=255)
    type: int
    method: Method
    headers: _Texts | None = None
    headerAuth: str | None = Field(None, max_length=255)  # noqa: N815 - as they write it
    url: str = Field(max_length=2000)
    authorization: str | None = Field(None, max_length=8000)
    authorizationUrl: str | None = Field(None, max_length=2000)  # noqa: N815
    authorizationMethod: AskingMethod = None  # noqa: N815
    authorizationHeaders: _Texts | None = None  # noqa: N815
    authorizationBody: dict[str, Any] | str | None = None  # noqa: N815
    authorizationResponseTokenAttr: str | None = Field(None, max_length=255)  # noqa: N815


class Upload(Said):
    """The fields of a form beside its files."""

    type: int = Field(ge=0, le=2_147_483_647)
    pages: str = Field("", max_length=500)
    externalId: str = Field("", max_length=255)  # noqa: N815


class Options(Said):
    """What only this dialect knows of an endpoint."""

    method: Method = "POST"
    generation: Literal[1, 2] = 2
    """Of the path that it was created by: what it is told is what a GET there answers."""
    header_auth: str | None = None
    authorization_method: str | None = None
    token_attr: str | None = None
