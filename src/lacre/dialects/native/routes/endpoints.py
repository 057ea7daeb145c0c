"""Endpoints: who listens, to what, with which secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre.dialects.native import authorization, finding, others, shape, terms
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.door import DIALECT
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.routes.envelopes import Cursor, PageSize
from lacre.dialects.native.stats import shown_stats
from lacre.dialects.native.wire.authorization import Header
from lacre.dialects.native.wire.endpoints import (
    CreatedEndpoint,
    EndpointChange,
    EndpointList,
    EndpointStats,
    NewEndpoint,
    NewSecret,
    RotatedSecret,
    SaidLimit,
    ShownEndpoint,
    ShownLimit,
)
from lacre.kit.ids import EndpointId, with_prefix
from lacre.services import Work
from lacre.webhooks import actions, secret
from lacre.webhooks.certificate import check_in_time
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.rate import Rate
from lacre.webhooks.rates import WEEK
from lacre.webhooks.scheme import public_key

router = APIRouter(tags=["endpoints"])
Spoken = Annotated[str, Query(max_length=40, description="In whose form they are told.")]


@router.post("/endpoints", status_code=201, response_model=CreatedEndpoint)
def create_endpoint(call: Poster, said: NewEndpoint) -> Response:
    """Hears of what happens from now on. Its signing secret is shown this once."""
    new = _endpoint(call, said)
    with call.services.open_work() as work:
        if said.envelope_id is not None:
            new.subject_id = finding.envelope(work, call, said.envelope_id).id
        new.template_id = _template(work, call, new, said.template_id)
        actions.subscribe(work, new)
        signing = next(iter(new.secrets.signing), None)
        created = CreatedEndpoint(**_shown(call, new).model_dump(), secret=signing)
        return call.keep(work, created, 201)


@router.get("/endpoints", response_model=EndpointList)
def list_endpoints(
    call: Caller, limit: PageSize = 100, cursor: Cursor = None, dialect: Spoken = DIALECT
) -> Response:
    """Of one dialect, oldest first."""
    after = finding.cursor("ep", cursor)
    with call.services.open_work() as work:
        mine = [one for one in work.endpoints.of_account(call.account_id) if one.dialect == dialect]
    left = mine[_place(mine, after) :]
    data = [_shown(call, one) for one in left[:limit]]
    return answer(EndpointList(data=data, next=data[-1].id if len(left) > limit else None))


@router.get("/endpoints/{endpoint_id}", response_model=ShownEndpoint)
def read_endpoint(call: Caller, endpoint_id: str) -> Response:
    with call.services.open_work() as work:
        found = finding.endpoint(work, call, endpoint_id)
    return answer(_shown(call, found))


@router.patch("/endpoints/{endpoint_id}", response_model=ShownEndpoint)
def change_endpoint(call: Caller, endpoint_id: str, said: EndpointChange) -> Response:
    """What waits goes to the new URL too, and in the new order."""
    with call.services.open_work() as work:
        if said.ordering is not None:
            work.deliveries.keep_still(call.account_id, finding.endpoint_id(endpoint_id))
        found = finding.endpoint(work, call, endpoint_id)
        others.check_types(call.services.wordings[found.dialect], said.types or ())
        _change(found, said)
        if "template_id" in said.model_fields_set:
            found.template_id = _template(work, call, found, said.template_id)
        _give(call, found, said)
        actions.change(work, found, now=call.now)
        actions.arrange(work, found, said.ordering or found.ordering)
    return answer(_shown(call, found))


@router.delete("/endpoints/{endpoint_id}", status_code=204)
def delete_endpoint(call: Caller, endpoint_id: str) -> Response:
    """What still waits for it is never sent, and soon given up; its history stays."""
    with call.services.open_work() as work:
        actions.remove(work, finding.endpoint(work, call, endpoint_id), now=call.now)
    return Response(status_code=204)


@router.post("/endpoints/{endpoint_id}/rotate-secret", response_model=RotatedSecret)
def rotate_secret(call: Poster, endpoint_id: str, said: NewSecret | None = None) -> Response:
    """The old one signs too, 24 hours unless told, so that receivers can be changed without a gap."""
    said = said or NewSecret()
    signing = said.secret or secret.secret_of(call.services.tokens.secret())
    with call.services.open_work() as work:
        found = finding.endpoint(work, call, endpoint_id)
        if not found.secrets.signing:
            raise Declined("secret_not_used", "Nothing that this endpoint is sent is signed.", status=409)
        if signing == found.secrets.signing[0]:
            # asked once more, it would push those that are on their way out one by one
            raise Declined("secret_in_use", "It signs with this one.", pointer="#/secret", status=409)
        old_ends = call.now + said.overlap_days * work.day
        secret.rotate(found, signing, private_key=_new_key(call), old_ends=old_ends, now=call.now)
        actions.change(work, found, now=call.now)
        return call.keep(work, RotatedSecret(secret=signing, old_valid_until=old_ends))


@router.post("/endpoints/{endpoint_id}/pause", response_model=ShownEndpoint)
def pause_endpoint(call: Poster, endpoint_id: str) -> Response:
    """Events go on becoming deliveries, which wait."""
    with call.services.open_work() as work:
        found = finding.endpoint(work, call, endpoint_id)
        actions.pause(work, found)
        return call.keep(work, _shown(call, found))


@router.post("/endpoints/{endpoint_id}/resume", response_model=ShownEndpoint)
def resume_endpoint(call: Poster, endpoint_id: str) -> Response:
    """What waited goes out, the oldest first; also while it rests, and after it was disabled for failing."""
    with call.services.open_work() as work:
        found = finding.endpoint(work, call, endpoint_id)
        promise = call.services.wordings[found.dialect].promise(found)
        actions.resume(work, found, anew=promise.begins_anew, now=call.now)
        return call.keep(work, _shown(call, found))


@router.get("/endpoints/{endpoint_id}/stats", response_model=EndpointStats)
def read_stats(call: Caller, endpoint_id: str) -> Response:
    """How many of its deliveries stand where, how it fares, and how its attempts went of late."""
    with call.services.open_work() as work:
        found = finding.endpoint(work, call, endpoint_id)
        counts = {status.value: _count(work, call, found, status) for status in DeliveryStatus}
        hours = work.hours.of(found.id, since=call.now - WEEK)
    return answer(shown_stats(found, counts, hours, now=call.now))


def _endpoint(call: Call, said: NewEndpoint) -> Endpoint:
    spoken = others.wording(call, said.dialect)
    others.check_types(spoken, said.types)
    signing = (said.secret or secret.secret_of(call.services.tokens.secret()),) if spoken.signs else ()
    new = Endpoint(
        id=EndpointId(call.services.tokens.uuid()),
        account_id=call.account_id,
        number=0,
        dialect=spoken.name,
        url=said.url,
        types=tuple(said.types),
        secrets=Secrets(headers=_pairs(said.headers), signing=signing),
        description=said.description,
        ordering=said.ordering,
        rate=_rate(said.rate_limit),
        created_at=call.now,
    )
    _give(call, new, said)
    return new


def _give(call: Call, endpoint: Endpoint, said: NewEndpoint | EndpointChange) -> None:
    check_in_time(said.client_certificate or "", now=call.now)
    if endpoint.dialect == DIALECT:
        shape.give(endpoint, said, new_key=partial(_new_key, call))
    else:
        others.give(endpoint, said)


def _shown(call: Call, one: Endpoint) -> ShownEndpoint:
    return ShownEndpoint(
        id=with_prefix("ep", one.id),
        url=one.url,
        dialect=one.dialect,
        types=list(one.types),
        headers=[name for name, _ in one.secrets.headers],
        ordering=one.ordering,
        rate_limit=ShownLimit(count=one.rate.count, seconds=one.rate.seconds) if one.rate else None,
        authorization=authorization.shown(one.secrets.authorization),
        **(shape.shown(one) if one.dialect == DIALECT else others.SHOWN),
        **terms.shown(one, call.services.wordings[one.dialect].promise(one)),
        **shape.certificates(one),
        public_keys=[public_key(each) for each in secret.valid_keys(one, call.now)],
        description=one.description,
        envelope_id=with_prefix("env", one.subject_id) if one.subject_id else None,
        template_id=with_prefix("tpl", one.template_id) if one.template_id else None,
        status=one.status,
        standing=one.standing,
        failing_since=one.health.since,
        secrets=len(secret.valid(one, call.now)),
        created_at=one.created_at,
    )


def _template(work: Work, call: Call, one: Endpoint, shown: str | None) -> str:
    if shown is None:
        return ""
    if not call.services.wordings[one.dialect].by_template:
        detail = f"An endpoint of {one.dialect} cannot be narrowed to a template."
        raise Declined("option_not_possible", detail, pointer="#/template_id")
    return work.templates.get(call.account_id, finding.template_id(shown)).id


def _pairs(headers: Sequence[Header]) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.value) for one in headers)


def _rate(said: SaidLimit | None) -> Rate | None:
    return Rate(count=said.count, seconds=said.seconds) if said else None


def _new_key(call: Call) -> str:
    return secret.private_key_of(call.services.tokens.secret())


def _change(one: Endpoint, said: EndpointChange) -> None:
    if said.url is not None:
        one.url = said.url
    if said.types is not None:
        one.types = tuple(said.types)
    if said.headers is not None:
        one.secrets = replace(one.secrets, headers=_pairs(said.headers))
    if said.description is not None:
        one.description = said.description
    if "rate_limit" in said.model_fields_set:
        one.rate = _rate(said.rate_limit)


def _place(endpoints: Sequence[Endpoint], after: str | None) -> int:
    if after is None:
        return 0
    for place, one in enumerate(endpoints):
        if one.id == after:
            return place + 1
    raise finding.cursor_unknown()


def _count(work: Work, call: Call, one: Endpoint, status: DeliveryStatus) -> int:
    which = DeliveryFilter(endpoint_id=one.id, statuses=(status,))
    return work.deliveries.count(call.account_id, which, most=None)
