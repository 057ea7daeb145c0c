"""Webhooks: one of each type; to change it, it is deleted and created anew."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from lacre.dialects.idexa import errors, words
from lacre.dialects.idexa.door import DIALECT, Call
from lacre.dialects.idexa.errors import Declined
from lacre.dialects.idexa.webhook import has_place
from lacre.dialects.idexa.wire import NewWebhook, Options
from lacre.kit.ids import EndpointId
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.kit.times import BRASILIA
from lacre.services import Work
from lacre.webhooks import actions
from lacre.webhooks.authorization import Authorization, Fetched, Fixed
from lacre.webhooks.endpoint import Endpoint, Secrets

DELETED = "Webhook excluído."
TOKEN_ATTR = "access_token"  # noqa: S105 - where it stands, not what it is
BEARER = "Bearer"
HIDDEN = "•••"
_OPEN_HEADERS = frozenset({"content-type", "accept", "accept-language", "user-agent"})


def create(call: Call) -> Response:
    """Answers what was sent, but never `authorizationBody`."""
    said = call.read(NewWebhook)
    if said.type not in words.TYPES:
        raise Declined(400, errors.TYPE_UNKNOWN.format(said.type))
    if not has_place(said.url):
        raise Declined(400, errors.NO_PLACE)
    endpoint = _endpoint(call, said)
    with call.services.open_work() as work:
        # one of the account's at a time: two at once would both find none
        work.replays.take_turn(call.account_id)
        if any(one.types == endpoint.types for one in _mine(work, call)):
            raise Declined(409, errors.WEBHOOK_EXISTS)
        actions.subscribe(work, endpoint)
    return JSONResponse(_shown(endpoint))


def index(call: Call) -> Response:
    with call.services.open_work() as work:
        mine = _mine(work, call)
    return JSONResponse([_shown(one, hiding=True) for one in mine])


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        found = _named(work, call)
    return JSONResponse(_shown(found, hiding=True))


def delete(call: Call) -> Response:
    """What still waits for it is never sent."""
    with call.services.open_work() as work:
        actions.remove(work, _named(work, call), now=call.now)
    return JSONResponse({"message": DELETED})


def _endpoint(call: Call, said: NewWebhook) -> Endpoint:
    options = Options(
        method=said.method,
        generation=1 if call.generation == 1 else 2,
        header_auth=said.headerAuth,
        authorization_method=said.authorizationMethod,
        token_attr=said.authorizationResponseTokenAttr,
    )
    return Endpoint(
        id=EndpointId(call.services.tokens.uuid()),
        account_id=call.account_id,
        number=0,
        dialect=DIALECT,
        url=said.url,
        types=(words.TYPES[said.type],),
        secrets=Secrets(headers=_pairs(said.headers), authorization=_authorization(said)),
        description=said.name,
        options=options.model_dump(mode="json"),
        created_at=call.now,
    )


def _authorization(said: NewWebhook) -> Authorization | None:
    """A fixed one is taken at its word; else a token is fetched, if it is said where."""
    if said.authorization:
        return Fixed(value=said.authorization)
    if not said.authorizationUrl:
        return None
    return Fetched(
        url=said.authorizationUrl,
        method=said.authorizationMethod or "POST",
        headers=_pairs(said.authorizationHeaders),
        body=said.authorizationBody or "",
        token_path=said.authorizationResponseTokenAttr or TOKEN_ATTR,
        prefix=BEARER if said.headerAuth is None else said.headerAuth,
    )


def _pairs(headers: Mapping[str, str | int | float | bool] | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in (headers or {}).items())


def _mine(work: Work, call: Call) -> list[Endpoint]:
    """Only those of this dialect, and not the deleted ones."""
    everything = work.endpoints.of_account(call.account_id)
    return [one for one in everything if one.dialect == DIALECT and one.deleted_at is None]


def _named(work: Work, call: Call) -> Endpoint:
    wanted = call.named("webhook")
    found = next((one for one in _mine(work, call) if one.id == wanted), None)
    if found is None:
        raise NotFound("webhook")
    return found


def _shown(one: Endpoint, *, hiding: bool = False) -> dict[str, Json]:
    """`hiding`: later on, what is secret is shown to nobody, whoever created it."""
    options = Options.model_validate(one.options)
    authorization = one.secrets.authorization
    fetched = authorization if isinstance(authorization, Fetched) else None
    fixed = authorization.value if isinstance(authorization, Fixed) else None
    created = one.created_at.astimezone(BRASILIA).isoformat(timespec="microseconds")
    return {
        "id": one.id,
        "clientId": one.account_id,
        "name": one.description,
        "type": next(number for number, name in words.TYPES.items() if (name,) == one.types),
        "method": options.method,
        "headers": _headers(one.secrets.headers, hiding),
        "headerAuth": options.header_auth,
        "url": one.url,
        "authorization": HIDDEN if fixed and hiding else fixed,
        "authorizationUrl": fetched.url if fetched else None,
        "authorizationMethod": options.authorization_method,
        "authorizationHeaders": _headers(fetched.headers, hiding) if fetched else None,
        "authorizationResponseTokenAttr": options.token_attr,
        "createdAt": created,
        "updatedAt": created,
    }


def _headers(given: tuple[tuple[str, str], ...], hiding: bool) -> dict[str, Json] | None:
    shown: dict[str, Json] = {
        name: HIDDEN if hiding and name.lower() not in _OPEN_HEADERS else value for name, value in given
    }
    return shown or None
